"""A package with a job, as a user has it."""
