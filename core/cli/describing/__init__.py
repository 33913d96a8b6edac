"""What `kernel tasks list` and `kernel tasks show` say of task classes, without a server."""
