"""The half of a worker that comes before running: walk the graph, write down what is found, declare it."""
