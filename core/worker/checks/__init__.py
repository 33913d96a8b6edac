"""Is a task complete: asked one by one, together where that is cheaper, at the same time where that was wanted."""
