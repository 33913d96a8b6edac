"""What a user wants done again, whatever is there already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Forcing:
    """Patterns of tasks (`luigi.task_patterns`) that are to be done although they are complete."""

    these: Sequence[str] = ()
    """These alone."""
    upstream: Sequence[str] = ()
    """These and all they require, however indirectly."""
    downstream: Sequence[str] = ()
    """These and all that requires them, up to the tasks that were asked for."""

    def __bool__(self) -> bool:
        return bool(self.these or self.upstream or self.downstream)
