"""Jobs in Amazon's cloud: what Batch and ECS have in common."""
