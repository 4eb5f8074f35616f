output "target_address" {
  description = "Where applications find the target after the cutover."
  value       = aws_db_instance.target.address
}

output "source_secret" {
  description = "Put {\"username\": ..., \"password\": ...} of the source's role there."
  value       = aws_secretsmanager_secret.source.arn
}

output "source_parameter_group" {
  description = "What an RDS source must have as its parameter group, see source.tf."
  value       = one(aws_db_parameter_group.source[*].name)
}
