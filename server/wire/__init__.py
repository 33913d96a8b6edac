"""Luigi's own API, `/api/<method>`, so that its workers and pages can use this server as they are."""
