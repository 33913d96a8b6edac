"""How long an answer may be, unless the caller asks for all of it with `"limit": false`.

Luigi's server makes 45 MB of a list of 100,000 tasks, and everybody waits meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from luigi.scheduler.config import scheduler as scheduler_config

LARGEST: Final = 256 * 1024
"""Bytes of an answer at most."""

ROOM: Final = LARGEST - 8 * 1024
"""What rows may take of it; the rest is for what stands around them."""

ROWS: Final = 1000
"""More rows than this hardly fit, so they are not made."""

USUAL: Final = 100_000
"""Luigi's default for both settings; any other was asked for by whoever configured it."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Limit:
    """How one call's answer is kept short."""

    shorten: Callable[[Any], Any]
    """Makes of an answer that is too long one that is not."""
    argument: str = ""
    """The argument of the scheduler's method that says how many rows to make at most."""
    setting: str = ""
    """The option of `[scheduler]` that says so for everybody."""

    def is_lifted(self, config: scheduler_config, arguments: Mapping[str, Any]) -> bool:
        """Whether the answer may be as long as it is."""
        if arguments.get("limit") is False or arguments.get(self.argument):
            return True
        return bool(self.setting) and getattr(config, self.setting) > USUAL

    def narrowed(self, config: scheduler_config, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments, so that no more rows are made than may fit."""
        if not self.argument:
            return dict(arguments)
        configured = getattr(config, self.setting)
        return {**arguments, self.argument: min(configured, ROWS) if configured == USUAL else configured}


# --- answers that are too long -------------------------------------------------------------------------------------


def just_number(rows: Mapping[str, Any]) -> Row:
    """Of a list: how many tasks it has."""
    return {"num_tasks": len(rows)}


def just_number_found(rows: Mapping[str, Mapping[str, Any]]) -> Row:
    """Of a search: how many tasks it has found."""
    return {"num_tasks": sum(map(len, rows.values()))}


def near_ones(rows: Mapping[str, Row]) -> dict[str, Row]:
    """Of a graph: as much as there is room for, from its root on. What else is needed is named alone."""
    kept = dict(_fitting(rows.items()))
    if kept or not rows:
        return kept
    first, row = next(iter(rows.items()))
    return {first: {**row, "deps": list(_fitting(row["deps"]))}}


def fewer_running(answer: Row) -> Row:
    """Of what is left for a worker: not all that runs."""
    return {**answer, "running_tasks": list(_fitting(answer["running_tasks"]))}


def nothing_running(rows: Iterable[Row]) -> list[Row]:
    """Of workers or resources: without the tasks that each runs, and as many as there is room for."""
    return list(_fitting({**row, "running": {}} if "running" in row else row for row in rows))


def _fitting(rows: Iterable[Any]) -> Iterator[Any]:
    room = ROOM
    for row in rows:
        room -= len(json.dumps(row)) + 2
        if room < 0:
            return
        yield row
