"""A fleet's workers, divided among processes that are ordered about together."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fleet_measures import Latencies

CROWD: Final = Path(__file__).with_name("fleet_crowd.py")


@dataclass(frozen=True)
class Found:
    """What came of an order."""

    latencies: Latencies
    seconds: float
    done: int
    """Tasks handed in."""
    left: int
    """Tasks that are not."""
    lag: float
    """The longest that a worker was later than it was to be, in seconds."""
    busy: float
    """The share of its time that the busiest process was at work: near 1 the fleet is slower than the server."""


class Fleet:
    """The processes."""

    def __init__(self, crowds: list[subprocess.Popen[str]]) -> None:
        self._crowds = crowds
        self._cpu = [0.0] * len(crowds)

    def told(self, order: str, **options: Any) -> Found:
        """Have all carry out an order."""
        for crowd in self._crowds:
            assert crowd.stdin is not None
            print(json.dumps({"order": order, **options}), file=crowd.stdin, flush=True)
        told = [_answer(crowd) for crowd in self._crowds]
        latencies = Latencies()
        for one in told:
            latencies.add(one["latencies"])
        before, self._cpu = self._cpu, [one["cpu"] for one in told]
        busy = max((after - cpu) / one["seconds"] for after, cpu, one in zip(self._cpu, before, told, strict=True))
        return Found(
            latencies,
            max(one["seconds"] for one in told),
            sum(one["done"] for one in told),
            sum(one["left"] for one in told),
            max(one["lag"] for one in told),
            busy,
        )


@contextmanager
def fleet(port: int, workers: int, tasks: int, *more: str, slots: int, processes: int) -> Iterator[Fleet]:
    """So many workers with so many tasks in all, that run `slots` at a time each; `more` is for fleet_crowd.py."""
    each, crowds = workers // processes, []
    for number in range(processes):
        command = [sys.executable, str(CROWD), str(port), str(number * each), str(each)]
        command += [str(tasks // workers), str(slots), *more]
        crowds.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
    try:
        yield Fleet(crowds)
    finally:
        for crowd in crowds:
            crowd.kill()
            crowd.wait()


def _answer(crowd: subprocess.Popen[str]) -> dict[str, Any]:
    assert crowd.stdout is not None
    line = crowd.stdout.readline()
    if not line:
        raise SystemExit("a process of the fleet has ended")
    answer: dict[str, Any] = json.loads(line)
    return answer
