"""Pages for people that need no script: signing in, and the history of tasks."""
