variable "region" {
  description = "Where target and agent run."
  type        = string
}

variable "migration" {
  description = "The migration's name: lower-case letters, digits and underscores."
  type        = string
  default     = "shop"
}

variable "source_url" {
  description = "Where the source is, with the role but without a password: postgresql://mover@host:5432/database."
  type        = string
  default     = null
}

variable "source_rds" {
  description = "Instead of source_url: the identifier of an RDS instance that is the source, see source.tf."
  type        = string
  default     = null

  validation {
    condition     = (var.source_rds == null) != (var.source_url == null)
    error_message = "Give source_url or source_rds, one of them."
  }
}

variable "source_role" {
  description = "The role that reads an RDS source; its password is in the secret of the source."
  type        = string
  default     = "mover"
}

variable "vpc_id" {
  description = "The network of target and agent; the source must be reachable from it."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets in two zones or more."
  type        = list(string)
}

variable "application_security_groups" {
  description = "Who talks to the target after the cutover."
  type        = list(string)
  default     = []
}

variable "target_database" {
  description = "The target's database."
  type        = string
  default     = "shop"
}

variable "target_instance_class" {
  description = "How large the target is."
  type        = string
  default     = "db.r6g.large"
}

variable "target_storage_gib" {
  description = "Its disk, with room for what the source has and the log of the load."
  type        = number
  default     = 100
}

variable "image" {
  description = "The agent's image, pushed to a registry of yours: scripts/package --image builds it."
  type        = string
}

variable "alarm_actions" {
  description = "Whom CloudWatch tells, such as a topic of SNS."
  type        = list(string)
  default     = []
}

variable "strategy" {
  description = "full-load-cdc: the agent moves the rows. aws-dms: AWS DMS does, see dms.tf."
  type        = string
  default     = "full-load-cdc"

  validation {
    condition     = contains(["full-load-cdc", "aws-dms"], var.strategy)
    error_message = "strategy is full-load-cdc or aws-dms."
  }
}

variable "source_database" {
  description = "The source's database, for DMS and where source_rds is given."
  type        = string
  default     = "shop"
}

variable "dms_source_secret_arn" {
  description = "A secret {\"username\", \"password\", \"host\", \"port\"} by which DMS reads the source."
  type        = string
  default     = ""
}

variable "dms_target_secret_arn" {
  description = "The same, by which DMS writes to the target."
  type        = string
  default     = ""
}

variable "dms_instance_class" {
  description = "How large DMS's replication instance is."
  type        = string
  default     = "dms.r6i.large"
}

variable "dms_storage_gib" {
  description = "Its disk, for changes that wait."
  type        = number
  default     = 100
}
