"""Sends what must not run unseen: when it is not known whether it arrived, it is ended."""

from __future__ import annotations

from collections.abc import Callable

from luigi.contrib._google.errors import NotThere, NotUnderstood
from luigi.contrib._jobs.ending import ending


def send(act: Callable[[], object], end: Callable[[], object]) -> None:
    """Call `act`, and `end` when that is given up or fails, unless the service refused.

    Raises what `act` raises.
    """
    refused: Exception | None = None
    with ending(end):
        try:
            act()
        except (NotThere, NotUnderstood, PermissionError) as error:
            refused = error
    if refused is not None:
        raise refused
