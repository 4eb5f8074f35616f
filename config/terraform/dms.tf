# With -var strategy=aws-dms: AWS DMS moves the rows. The agent makes the replication task and removes it; here is what
# that needs. The role dms-vpc-role, which DMS insists on, must be there (one for each account).

locals {
  dms = var.strategy == "aws-dms" ? 1 : 0

  dms_configuration = {
    dms = {
      replication-instance-arn = one(aws_dms_replication_instance.mover[*].replication_instance_arn)
      source-endpoint-arn      = one(aws_dms_endpoint.source[*].endpoint_arn)
      target-endpoint-arn      = one(aws_dms_endpoint.target[*].endpoint_arn)
    }
    # DMS is stopped behind the fence, which takes it up to some minutes.
    cutover = { drain-timeout = "5m" }
  }

  # arn:aws:dms:REGION:ACCOUNT:task:*
  dms_tasks = "arn:${data.aws_partition.here.partition}:dms:${var.region}:${data.aws_caller_identity.here.account_id}:task:*"
}

data "aws_partition" "here" {}

data "aws_caller_identity" "here" {}

resource "aws_security_group" "dms" {
  count       = local.dms
  name_prefix = "${local.name}-dms-"
  vpc_id      = var.vpc_id

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_dms_replication_subnet_group" "mover" {
  count                                = local.dms
  replication_subnet_group_id          = local.name
  replication_subnet_group_description = "Landbridge"
  subnet_ids                           = var.subnet_ids
}

resource "aws_dms_replication_instance" "mover" {
  count                       = local.dms
  replication_instance_id     = local.name
  replication_instance_class  = var.dms_instance_class
  allocated_storage           = var.dms_storage_gib
  multi_az                    = false
  publicly_accessible         = false
  replication_subnet_group_id = aws_dms_replication_subnet_group.mover[0].id
  vpc_security_group_ids      = [aws_security_group.dms[0].id]
}

data "aws_iam_policy_document" "dms" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["dms.${var.region}.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "dms_secrets" {
  statement {
    actions   = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
    resources = compact([var.dms_source_secret_arn, var.dms_target_secret_arn])
  }
}

resource "aws_iam_role" "dms" {
  count              = local.dms
  name_prefix        = "${local.name}-dms-"
  assume_role_policy = data.aws_iam_policy_document.dms.json
}

resource "aws_iam_role_policy" "dms" {
  count  = local.dms
  role   = aws_iam_role.dms[0].id
  policy = data.aws_iam_policy_document.dms_secrets.json
}

resource "aws_dms_endpoint" "source" {
  count                           = local.dms
  endpoint_id                     = "${local.name}-source"
  endpoint_type                   = "source"
  engine_name                     = "postgres"
  database_name                   = var.source_database
  ssl_mode                        = "require"
  secrets_manager_arn             = var.dms_source_secret_arn
  secrets_manager_access_role_arn = aws_iam_role.dms[0].arn
}

# Foreign keys and triggers stand at the target from the end of the load on: they must keep silent for DMS.
resource "aws_dms_endpoint" "target" {
  count                           = local.dms
  endpoint_id                     = "${local.name}-target"
  endpoint_type                   = "target"
  engine_name                     = "postgres"
  database_name                   = var.target_database
  ssl_mode                        = "require"
  extra_connection_attributes     = "afterConnectScript=SET session_replication_role='replica';executeTimeout=3600"
  secrets_manager_arn             = var.dms_target_secret_arn
  secrets_manager_access_role_arn = aws_iam_role.dms[0].arn
}

# The least that the agent needs: agent/docs/dms.md says what for.
data "aws_iam_policy_document" "agent_dms" {
  statement {
    actions   = ["dms:DescribeReplicationTasks", "dms:DescribeReplicationInstances"]
    resources = ["*"]
  }
  statement {
    actions = ["dms:CreateReplicationTask"]
    resources = concat(
      aws_dms_replication_instance.mover[*].replication_instance_arn,
      aws_dms_endpoint.source[*].endpoint_arn,
      aws_dms_endpoint.target[*].endpoint_arn,
    )
  }
  statement {
    actions   = ["dms:CreateReplicationTask", "dms:AddTagsToResource"]
    resources = [local.dms_tasks]
    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/landbridge"
      values   = [var.migration]
    }
  }
  statement {
    actions = [
      "dms:StartReplicationTask",
      "dms:StopReplicationTask",
      "dms:DeleteReplicationTask",
      "dms:DescribeTableStatistics",
    ]
    resources = [local.dms_tasks]
    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/landbridge"
      values   = [var.migration]
    }
  }
  statement {
    actions   = ["cloudwatch:GetMetricStatistics"]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "agent_dms" {
  count  = local.dms
  role   = aws_iam_role.agent.id
  policy = data.aws_iam_policy_document.agent_dms.json
}
