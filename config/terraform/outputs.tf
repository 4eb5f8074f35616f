output "target_address" {
  description = "Where applications find the target after the cutover."
  value       = aws_db_instance.target.address
}

output "source_secret" {
  description = "Put {\"username\": ..., \"password\": ...} of the source's role there."
  value       = aws_secretsmanager_secret.source.arn
}
