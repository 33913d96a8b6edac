"""What narrows an answer, read from a question's options and checked: they may come from a page or over the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from luigi.errors import KernelError, did_you_mean

if TYPE_CHECKING:
    from luigi.scheduler.machine import Machine
    from luigi.scheduler.records import TaskRecord


def known_task(machine: Machine, task_id: str) -> TaskRecord:
    """The task a question is about. Raises KernelError when no task has that id."""
    task = machine.tasks.get(task_id)
    if task is None:
        hint = "it was never declared, or nobody has wanted it for so long that it was forgotten; see the list of tasks"
        raise KernelError(f"no task has the id {task_id!r}", hint=hint)
    return task


def number(options: Mapping[str, Any], name: str, default: int, least: int = 1) -> int:
    """An option that is a whole number."""
    value = options.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise KernelError(f"{name} is {value!r}", hint=f"give a whole number, {least} or more")
    return value


def text(options: Mapping[str, Any], name: str) -> str:
    """An option that is a text; "" when it is not given."""
    value = options.get(name, "")
    if not isinstance(value, str):
        raise KernelError(f"{name} is {value!r}", hint="give a text")
    return value


def choice(options: Mapping[str, Any], name: str, choices: Sequence[str], default: str) -> str:
    """An option that is one of a few words."""
    value = options.get(name, default)
    if value not in choices and value != default:
        hint = did_you_mean(str(value), choices) or f"there are: {', '.join(choices)}"
        raise KernelError(f"{name} is {value!r}", hint=hint)
    return str(value)


def yes_or_no(options: Mapping[str, Any], name: str, default: bool) -> bool:
    """An option that is true or false."""
    value = options.get(name, default)
    if not isinstance(value, bool):
        raise KernelError(f"{name} is {value!r}", hint="give true or false")
    return value
