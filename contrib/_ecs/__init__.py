"""Amazon ECS: one run of a task definition."""
