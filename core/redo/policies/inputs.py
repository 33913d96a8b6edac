"""`inputs`: a task is stale when an input is newer than its oldest output, or is about to be made anew."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from luigi.redo.policies.times import Times, inputs_of, outputs_of

if TYPE_CHECKING:
    from luigi.redo.policy import Marks, Noted
    from luigi.task import Task


class Inputs:
    """Compares times of files. Where a file system tells none, nothing is stale."""

    follows = True

    def __init__(self, argument: str) -> None:
        """`argument` means nothing."""
        self._times = Times()

    def stale(self, task: Task, noted: Noted | None) -> str | None:
        """Names the newer input and the older output."""
        outputs = self._times.dated(outputs_of(task))
        if not outputs:
            return None
        written, output = min(outputs, key=itemgetter(0))
        newest = max(self._times.dated(inputs_of(task)), key=itemgetter(0), default=None)
        if newest is None or not _is_newer(newest[0], written):
            return None
        return f"input {newest[1]} is newer than {output}"

    def note(self, task: Task) -> Marks | None:
        """Nothing: files have their times."""
        return None


def _is_newer(time: float, than: float) -> bool:
    """Whether one time is after the other. That of a whole second may be any moment of it: so storages tell it."""
    return (int(time) if than.is_integer() else time) > than
