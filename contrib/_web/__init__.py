"""Services that are asked over HTTP, by the library requests."""
