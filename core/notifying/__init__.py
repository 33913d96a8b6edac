"""Who is told of what: rules, grouping, and the way from a failure to a notice and to whoever passes it on."""

from __future__ import annotations

from typing import Any


def has_rules(config: Any) -> bool:
    """Whether the configuration says who is to be told: what it says is then looked at before anything runs."""
    return any(section.partition(".")[0] == "notify" for section in config.sections())
