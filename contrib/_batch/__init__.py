"""AWS Batch: its client, and one job of it."""
