"""Metrics collectors, by what [scheduler] metrics_collector names."""
