"""The scheduler over HTTP and its page. Nothing imports this package: it brings its command through a hook."""
