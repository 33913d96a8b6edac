"""What a run does again, and why: planning and `kernel plan` go by the same object, so that they cannot disagree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from luigi.redo.policy import Marks, Noted

if TYPE_CHECKING:
    from luigi.task import Task
    from luigi.worker.record import Seen

    IsComplete = Callable[[Task], bool]

FORCED = "forced"
STALE = "stale"


class Reason(NamedTuple):
    """Why a task is done again."""

    kind: str
    """FORCED or STALE."""
    by: str
    """The option and its pattern, or the policy."""
    text: str
    """The rest of the sentence "it is done again: …"."""


ByPolicy = Mapping[str, Marks]
"""The marks of a task by the policy that made them."""


@dataclass(slots=True, eq=False)
class Redo:
    """The tasks of one run that are done although they are complete, or hidden behind complete ones."""

    reasons: dict[str, Reason] = field(default_factory=dict)
    """Task id → why."""
    roots: Sequence[Task] = ()
    """Those of them that nothing else leads to: what is asked for besides the roots of the run."""
    marks: dict[str, ByPolicy] = field(default_factory=dict)
    """Task id → what to remember of it if it succeeds."""
    adopted: list[tuple[Task, ByPolicy, Mapping[str, Noted]]] = field(default_factory=list)
    """Complete tasks of which a policy remembers nothing so far: what it is to remember, and what others do."""

    def until_done(self, is_complete: IsComplete, seen: Mapping[str, Seen]) -> IsComplete:
        """A check that calls these tasks incomplete until they have run; `seen` is the run's record of them.

        For planning alone: whoever runs a task asks what is there.
        """
        reasons = self.reasons

        def check(task: Task) -> bool:
            task_id = task.task_id
            if task_id in reasons and not (task_id in seen and seen[task_id].ran):
                return False
            return is_complete(task)

        return check
