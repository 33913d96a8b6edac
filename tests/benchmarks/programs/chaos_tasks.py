"""Our API: N tasks that do nothing, while a plugin misbehaves in every moment: `python chaos_tasks.py N KIND`.

KIND: none, raises (an error each time), sleeps (30 s each time), leaks (a kilobyte each time, and never lets go).
"""

from __future__ import annotations

import sys
import time
from typing import Any

import luigi
from meter import measured

done: set[int] = set()
leaked: list[bytearray] = []


class Noop(luigi.Task):
    number = luigi.IntParameter()

    def complete(self) -> bool:
        return self.number in done

    def run(self) -> None:
        done.add(self.number)


class Chaos:
    def __init__(self, kind: str) -> None:
        self.act: Any = getattr(self, kind)

    def raises(self) -> None:
        raise RuntimeError("chaos")

    def sleeps(self) -> None:
        time.sleep(30)

    def leaks(self) -> None:
        leaked.append(bytearray(1000))

    @luigi.hookimpl
    def luigi_run_started(self, run: Any) -> None:
        self.act()

    @luigi.hookimpl
    def luigi_task_event(self, event: str) -> None:
        self.act()

    @luigi.hookimpl
    def luigi_transition(self, after: str) -> None:
        self.act()

    @luigi.hookimpl
    def luigi_run_finished(self, run: Any) -> None:
        self.act()


number, kind = int(sys.argv[1]), sys.argv[2]
plugins = [] if kind == "none" else [Chaos(kind)]
with measured():
    tasks = [Noop(i) for i in range(number)]
    assert luigi.build(tasks, local_scheduler=True, log_level="CRITICAL", plugins=plugins)
assert len(done) == number
