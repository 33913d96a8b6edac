"""`parameters`: a task is stale when a parameter that is no part of its id has another value than when it ran."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from luigi.redo.policy import Marks, Noted
    from luigi.task import Task

DIGITS = 16


class Parameters:
    """Remembers digests of values, so that none can be read where they are kept. Private ones are left out."""

    follows = False

    def __init__(self, argument: str) -> None:
        """`argument` means nothing."""

    def stale(self, task: Task, noted: Noted | None) -> str | None:
        """Names the parameters that have changed. One that is new, or gone, has not."""
        if noted is None:
            return None
        now = self.note(task)
        changed = sorted(name for name in now if noted.marks.get(name, now[name]) != now[name])
        if not changed:
            return None
        noun = "parameter" if len(changed) == 1 else "parameters"
        return f"{noun} {', '.join(changed)}: not as when it ran"

    def note(self, task: Task) -> Marks:
        """A digest of each value."""
        from hashlib import sha256

        return {name: sha256(text.encode()).hexdigest()[:DIGITS] for name, text in task.to_str_params().items()}
