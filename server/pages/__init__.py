"""Pages for people: signing in, and the history of tasks."""
