"""People are told through these."""
