"""Tools for working with tasks as tasks: recurring ones over a span of time, and looking at the graph they make."""
