"""Places where the history of tasks and runs is kept."""
