# An example to start from: RDS for PostgreSQL as the target of a migration, the agent as a task of ECS on Fargate, its
# passwords in Secrets Manager, its figures in CloudWatch. The source is yours already: its address is needed, or its
# identifier where it is an RDS instance, too (source.tf).
#
#   terraform init && terraform apply -var source_url=postgresql://mover@old.example.org:5432/shop ...
#   terraform init && terraform apply -var source_rds=old-shop ...
#
# With -var strategy=aws-dms it makes what AWS DMS needs, too (dms.tf).

terraform {
  required_version = ">= 1.11"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }
}

provider "aws" {
  region = var.region
}

locals {
  name = "landbridge-${replace(var.migration, "_", "-")}"

  configuration = yamlencode(merge(local.common_configuration, local.dms == 1 ? local.dms_configuration : {}))

  common_configuration = {
    migration = { name = var.migration, strategy = var.strategy }
    source = {
      url      = local.source_url
      password = "$${aws-secretsmanager:${aws_secretsmanager_secret.source.arn}#password}"
      tls      = { mode = "require" }
    }
    target = {
      url      = "postgresql://${aws_db_instance.target.username}@${aws_db_instance.target.address}:5432/${aws_db_instance.target.db_name}"
      password = "$${aws-secretsmanager:${aws_db_instance.target.master_user_secret[0].secret_arn}#password}"
      tls      = { mode = "require" }
    }
    # A task that moves to another host has another disk: nothing is acknowledged that is only on it.
    transport = { acknowledge = "applied" }
    http = {
      bind  = "0.0.0.0"
      token = "$${aws-secretsmanager:${aws_secretsmanager_secret.token.arn}}"
    }
    metrics = {
      cloudwatch = {
        namespace = "Landbridge"
        region    = var.region
      }
    }
    logging = { format = "json" }
  }
}

resource "aws_security_group" "agent" {
  name_prefix = "${local.name}-agent-"
  vpc_id      = var.vpc_id

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "target" {
  name_prefix = "${local.name}-target-"
  vpc_id      = var.vpc_id

  ingress {
    from_port       = 5432
    to_port         = 5432
    protocol        = "tcp"
    security_groups = concat([aws_security_group.agent.id], aws_security_group.dms[*].id, var.application_security_groups)
  }
}

resource "aws_db_subnet_group" "target" {
  name       = local.name
  subnet_ids = var.subnet_ids
}

# Logical decoding at the target is what the way back needs.
resource "aws_db_parameter_group" "target" {
  name   = local.name
  family = "postgres17"

  parameter {
    name         = "rds.logical_replication"
    value        = "1"
    apply_method = "pending-reboot"
  }
}

resource "aws_db_instance" "target" {
  identifier                  = local.name
  engine                      = "postgres"
  engine_version              = "17"
  instance_class              = var.target_instance_class
  allocated_storage           = var.target_storage_gib
  storage_encrypted           = true
  db_name                     = var.target_database
  username                    = "landbridge"
  manage_master_user_password = true
  parameter_group_name        = aws_db_parameter_group.target.name
  db_subnet_group_name        = aws_db_subnet_group.target.name
  vpc_security_group_ids      = [aws_security_group.target.id]
  backup_retention_period     = 7
  deletion_protection         = true
  skip_final_snapshot         = false
  final_snapshot_identifier   = "${local.name}-final"
}

# {"username": ..., "password": ...}; put its value there by hand, so that it is in no state file.
resource "aws_secretsmanager_secret" "source" {
  name_prefix = "${local.name}-source-"
}

# Made once and written to Secrets Manager: it is in no state file either.
ephemeral "aws_secretsmanager_random_password" "token" {
  password_length     = 40
  exclude_punctuation = true
}

resource "aws_secretsmanager_secret" "token" {
  name_prefix = "${local.name}-token-"
}

resource "aws_secretsmanager_secret_version" "token" {
  secret_id                = aws_secretsmanager_secret.token.id
  secret_string_wo         = ephemeral.aws_secretsmanager_random_password.token.random_password
  secret_string_wo_version = 1
}

data "aws_iam_policy_document" "tasks" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "agent" {
  statement {
    actions = ["secretsmanager:GetSecretValue"]
    resources = [
      aws_secretsmanager_secret.source.arn,
      aws_secretsmanager_secret.token.arn,
      aws_db_instance.target.master_user_secret[0].secret_arn,
    ]
  }
  statement {
    actions   = ["cloudwatch:PutMetricData"]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "cloudwatch:namespace"
      values   = ["Landbridge"]
    }
  }
}

resource "aws_iam_role" "agent" {
  name_prefix        = "${local.name}-agent-"
  assume_role_policy = data.aws_iam_policy_document.tasks.json
}

resource "aws_iam_role_policy" "agent" {
  role   = aws_iam_role.agent.id
  policy = data.aws_iam_policy_document.agent.json
}

resource "aws_iam_role" "execution" {
  name_prefix        = "${local.name}-start-"
  assume_role_policy = data.aws_iam_policy_document.tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_cloudwatch_log_group" "agent" {
  name              = "/landbridge/${var.migration}"
  retention_in_days = 90
}

resource "aws_ecs_cluster" "agent" {
  name = local.name
}

resource "aws_ecs_task_definition" "agent" {
  family                   = local.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 2048
  memory                   = 4096
  task_role_arn            = aws_iam_role.agent.arn
  execution_role_arn       = aws_iam_role.execution.arn

  ephemeral_storage {
    size_in_gib = 50
  }

  container_definitions = jsonencode([{
    name       = "landbridge"
    image      = var.image
    essential  = true
    entryPoint = ["/bin/bash", "-c"]
    # The configuration has no secrets in it, only where they are.
    command     = ["printf '%s' \"$LANDBRIDGE_YAML\" > landbridge.yaml && exec /opt/landbridge/bin/landbridge run --config landbridge.yaml"]
    environment = [{ name = "LANDBRIDGE_YAML", value = local.configuration }]
    stopTimeout = 30
    portMappings = [{
      containerPort = 8080
      protocol      = "tcp"
    }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        "awslogs-group"         = aws_cloudwatch_log_group.agent.name
        "awslogs-region"        = var.region
        "awslogs-stream-prefix" = "agent"
      }
    }
  }])
}

resource "aws_ecs_service" "agent" {
  name            = "landbridge"
  cluster         = aws_ecs_cluster.agent.id
  task_definition = aws_ecs_task_definition.agent.arn
  launch_type     = "FARGATE"
  desired_count   = 1

  # One agent at a time; a second one would only wait for the lead.
  deployment_minimum_healthy_percent = 0
  deployment_maximum_percent         = 100

  network_configuration {
    subnets         = var.subnet_ids
    security_groups = [aws_security_group.agent.id]
  }
}

resource "aws_cloudwatch_metric_alarm" "lag" {
  alarm_name          = "${local.name}-lag"
  alarm_description   = "The target falls behind: see LandbridgeFallsBehind in agent/docs/operations.md"
  namespace           = "Landbridge"
  metric_name         = "ReplicationLag"
  dimensions          = { Migration = var.migration }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 10
  threshold           = 60
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_actions
}
