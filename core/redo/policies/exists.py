"""`exists`: what is there is fresh. Luigi's rule, and that of every task that asks for no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from luigi.redo.policy import Marks, Noted
    from luigi.task import Task


class Exists:
    """Calls nothing stale."""

    follows = False

    def __init__(self, argument: str) -> None:
        """`argument` means nothing."""

    def stale(self, task: Task, noted: Noted | None) -> None:
        """It is not."""

    def note(self, task: Task) -> Marks | None:
        """Nothing."""
        return None
