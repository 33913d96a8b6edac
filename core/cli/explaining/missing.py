"""Which outputs of a task are not there, and the half sentence that names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from luigi.private_values import masked
from luigi.structure import flatten
from luigi.target_names import target_name
from luigi.task import Task, WrapperTask

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

SHOWN = 3
"""Outputs that a sentence names."""


class Missing(NamedTuple):
    """What a task's completeness lacks."""

    outputs: Sequence[str] = ()
    """The names of outputs that are not there."""
    otherwise: str = ""
    """What to say where no output is missing."""

    def sentence(self) -> str:
        """Half a sentence that says it all."""
        if not self.outputs:
            return self.otherwise
        if len(self.outputs) == 1:
            return f"output {self.outputs[0]} is missing"
        shown = ", ".join(self.outputs[:SHOWN])
        left = len(self.outputs) - SHOWN
        return f"outputs {shown}{f' and {left} more' if left > 0 else ''} are missing"


NOTHING = Missing()


def missing_of(task: Task) -> Missing:
    """What an incomplete task lacks. Whatever its outputs raise, they are not named then."""
    if isinstance(task, WrapperTask) and type(task).complete is WrapperTask.complete:
        return Missing(otherwise="something it requires is not complete")
    try:
        outputs = flatten(task.output())
        names = [masked(task, target_name(target)) for target in _lacking(task, outputs)]
    except Exception:  # a program's own; that the task is incomplete stands whatever its outputs are
        return Missing(otherwise="its complete() says so")
    if not outputs and type(task).complete is Task.complete:
        return Missing(otherwise="it has neither outputs nor a complete() of its own")
    return Missing(names, "its complete() says so")


def _lacking(task: Task, outputs: list[Any]) -> list[Any]:
    """The only output of a task that goes by its outputs need not be asked for again."""
    if len(outputs) == 1 and type(task).complete is Task.complete:
        return outputs
    return [target for target in outputs if not target.exists()]
