"""Process groups: each child leads one, and what its tasks start belongs to it."""

from __future__ import annotations

import os
import signal


def signal_group(leader: int, number: signal.Signals) -> bool:
    """Send a signal to all of the group that `leader` leads. False when there is no such group."""
    try:
        os.killpg(leader, number)
    except ProcessLookupError:
        return False
    except PermissionError:  # macOS says so of a group in which only ended processes are left
        return True
    return True


def is_populated(leader: int) -> bool:
    """Whether any process of the group is left, an ended one that nobody has waited for among them."""
    try:
        os.killpg(leader, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True
