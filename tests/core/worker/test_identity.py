"""Who a worker says it is, and to whom."""

from __future__ import annotations

import os
import re
from typing import Any

import luigi
from luigi.scheduler import Scheduler
from luigi.worker import Worker
from luigi.worker.identity import worker_facts, worker_id


class Registry(Scheduler):
    """A scheduler that keeps a list of its workers."""

    def __init__(self) -> None:
        super().__init__()
        self.workers: list[tuple[str, dict[str, Any]]] = []

    def add_worker(self, worker: str, info: list[tuple[str, Any]]) -> None:
        self.workers.append((worker, dict(info)))


class Nothing(luigi.Task):
    n = luigi.IntParameter(default=0)

    def complete(self) -> bool:
        return True


def test_an_id_says_what_the_facts_say() -> None:
    facts = worker_facts(3)
    assert [name for name, _ in facts] == ["salt", "workers", "host", "username", "pid"]
    assert dict(facts)["pid"] == os.getpid()
    assert re.fullmatch(r"Worker\(salt=\d+, workers=3, host=.*, username=.*, pid=\d+\)", worker_id(facts))
    assert worker_id(facts) != worker_id(worker_facts(3))


def test_a_worker_introduces_itself_once_with_its_first_task() -> None:
    scheduler = Registry()
    worker = Worker(scheduler)
    worker.add(Nothing(n=1))
    worker.add(Nothing(n=2))
    worker.run()
    ((name, info),) = scheduler.workers
    assert info["first_task"] == Nothing(n=1).task_id
    assert name == worker_id(list(info.items())[:5])
    assert "assistant" not in info


def test_an_assistant_without_tasks_introduces_itself_too() -> None:
    scheduler = Registry()
    Worker(scheduler, worker_id="helper", assistant=True).run()
    ((name, info),) = scheduler.workers
    assert name == "helper"
    assert info["assistant"] is True
    assert "first_task" not in info
