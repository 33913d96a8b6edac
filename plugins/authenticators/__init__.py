"""Ways to tell who calls the server."""
