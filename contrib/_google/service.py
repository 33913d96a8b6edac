"""Which of Google's services is asked, and who here asks it."""

from __future__ import annotations

from typing import NamedTuple


class Service(NamedTuple):
    """One of Google's services."""

    name: str
    """As Google's client names it: storage."""
    version: str
    extra: str
    """What brings Google's client."""
    module: str
    """Who needs it: luigi.contrib.gcs."""
    section: str
    """Where it is configured."""
    role: str
    """What an account needs that is refused, for a hint."""
