# Where the source is an RDS instance of yours: found by its identifier (-var source_rds=old-shop), reachable for the agent,
# and a parameter group by which its log can be followed. Attach that group and reboot the instance yourself: Terraform
# does not own it, and only you know when it may be away for a minute.
#
#   aws rds modify-db-instance --db-instance-identifier old-shop --db-parameter-group-name $(terraform output -raw source_parameter_group)
#   aws rds reboot-db-instance --db-instance-identifier old-shop

locals {
  source_rds = var.source_rds == null ? 0 : 1
  source_url = try(
    "postgresql://${var.source_role}@${data.aws_db_instance.source[0].address}:${data.aws_db_instance.source[0].port}/${var.source_database}",
    var.source_url
  )
}

data "aws_db_instance" "source" {
  count                  = local.source_rds
  db_instance_identifier = var.source_rds
}

resource "aws_db_parameter_group" "source" {
  count  = local.source_rds
  name   = "${local.name}-source"
  family = "postgres${split(".", data.aws_db_instance.source[0].engine_version)[0]}"

  parameter {
    name         = "rds.logical_replication"
    value        = "1"
    apply_method = "pending-reboot"
  }
}

resource "aws_vpc_security_group_ingress_rule" "source" {
  count                        = local.source_rds
  security_group_id            = data.aws_db_instance.source[0].vpc_security_groups[0]
  referenced_security_group_id = aws_security_group.agent.id
  from_port                    = data.aws_db_instance.source[0].port
  to_port                      = data.aws_db_instance.source[0].port
  ip_protocol                  = "tcp"
}
