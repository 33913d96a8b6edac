"""How a submission is named and introduced: a run that is handed to the scheduler, and needs no process of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from luigi.interfaces import TaskSpec

KINDS = ("run", "trigger", "backfill")


def new_id(kind: str, name: str, at: float) -> str:
    """A submission's id that can be read, and that no other has: `run-Flights-20130101T060000-1f0c8a`.

    `kind`: one of KINDS; `at`: seconds since the epoch.
    """
    from datetime import UTC, datetime
    from secrets import token_hex

    moment = datetime.fromtimestamp(at, UTC).strftime("%Y%m%dT%H%M%S")
    return "-".join([part for part in (kind, name, moment, token_hex(3)) if part])


def roots_among(specs: Sequence[TaskSpec]) -> list[str]:
    """The ids of the tasks that no other of `specs` requires."""
    required = {dep for spec in specs for dep in spec.deps or ()}
    return [spec.task_id for spec in specs if spec.task_id not in required]


def introduction(roots: Iterable[str], facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a submission says of itself, as a worker would: `facts` with what makes it one."""
    told = {"name": "", "kind": "run", "max_active": 0, "by": "", **facts}
    told.setdefault("command", f"{told['kind']} {told['name']}".strip())
    return {**told, "submission": True, "roots": list(roots)}


def stand_in(family: str, submission: str) -> str:
    """The id of the root of a submission that somebody made who does not have the task's code, as a trigger.

    Which task it is, its id and all its parameters, is known to the first worker that makes it: this one only stands
    for it, and is done when that is.
    """
    return f"{family}_{submission}"
