"""Pages for people: the overview, signing in, and the history of tasks."""
