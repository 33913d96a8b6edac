"""E-mail: who gets it and whether, what it looks like, and the way to the plugin that sends it."""
