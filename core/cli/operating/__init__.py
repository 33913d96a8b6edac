"""The commands for people who look after a scheduler: what it knows, and orders to it, by the same API as its page."""
