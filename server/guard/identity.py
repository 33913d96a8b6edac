"""Who calls, and what that role may do."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Role(IntEnum):
    """What a caller may do. Each may do what those before it may."""

    ANYONE = 0
    """Learn that there is a server, and sign in."""
    VIEWER = 1
    """See tasks, workers, history."""
    WORKER = 2
    """Declare tasks, run them, report."""
    OPERATOR = 3
    """Pause, forgive, disable, set limits, send messages."""


class Identity(NamedTuple):
    """Who calls."""

    name: str
    role: Role
    session: str | None = None
    """The session's id, where a browser's cookie said who it is: such a call has to prove that the page made it."""


NOBODY = Identity("", Role.ANYONE)
"""One who has not said who they are."""

EVERYBODY = Identity("anyone", Role.OPERATOR)
"""Whoever calls a server that has no authentication: it listens on this machine alone."""
