"""`kernel config`: what the configuration says, where it says so, and whether it can be meant so."""
