"""Places for the scheduler's state."""
