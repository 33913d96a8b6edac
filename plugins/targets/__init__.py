"""Targets by URL scheme, for luigi.open_target."""
