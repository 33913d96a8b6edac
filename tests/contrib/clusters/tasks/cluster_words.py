"""What the work of a task imports, and nothing else does."""

WORDS = ["to", "be"]
