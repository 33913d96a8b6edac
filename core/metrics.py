"""The kinds of metrics collectors that `[scheduler] metrics_collector` may name."""

from __future__ import annotations

from enum import Enum


class MetricsCollectors(Enum):
    """What hears of tasks' starts, ends and statistics."""

    default = 1
    """Nothing."""
    none = default
    custom = -1
    """The class that `metrics_custom_import` names."""
    datadog = 2
    prometheus = 3
