"""One order about many tasks: those of a list, or all that have something in common. One refusal stops no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from luigi.rpc.operating import OperatorLine

MOST_IDS: Final = 1000
"""Ids in one call at most."""


def where(line: OperatorLine, verb: str, **common: str) -> dict[str, Any]:
    """Order it for all tasks of which all of `common` holds. Gives `done`, `refused` and the first `refusals`."""
    return line.order("orders", verb=verb, where=common)


def listed(line: OperatorLine, verb: str, task_ids: Sequence[str]) -> dict[str, Any]:
    """Order it for these tasks."""
    told = {"done": 0, "refused": 0, "refusals": list[Any]()}
    for begin in range(0, len(task_ids), MOST_IDS):
        answer = line.order("orders", verb=verb, tasks=task_ids[begin : begin + MOST_IDS])
        told = {name: value + answer[name] for name, value in told.items()}
    return told


def lines(told: Mapping[str, Any], ordered: str) -> Iterator[str]:
    """What to say of it."""
    from luigi.cli.operating.telling import number_of, shown

    yield f"{number_of(told['done'], 'task')} {ordered}"
    if told["refused"]:
        yield f"{number_of(told['refused'], 'task')} to which that does not apply any more:"
        yield from [f"  {shown(one['task_id'])}: {one['why']}" for one in told["refusals"]]
