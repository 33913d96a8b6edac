"""Ways to write down what came of a run: each room has `text(account) -> str`."""
