"""The value of a private parameter reaches nobody: not the log, a hook, a notice or the scheduler."""

from __future__ import annotations

import logging
from typing import Any

import pytest

import luigi
from luigi.hookspecs import Provider
from luigi.interfaces import Question
from luigi.parameter import ParameterVisibility
from luigi.scheduler import Scheduler
from luigi.testing import MemoryNotifier

SECRET = "open-sesame-4711"


class Logs(luigi.Task):
    """Fails, and its error quotes the password."""

    host = luigi.Parameter(default="db.example")
    password = luigi.Parameter(visibility=ParameterVisibility.PRIVATE)

    def run(self) -> None:
        raise ConnectionError(f"no login at {self.host} with {self.password!r}")


class ChecksLogin(Logs):
    """Cannot even be checked."""

    def complete(self) -> bool:
        raise ConnectionError(f"no login at {self.host} with {self.password!r}")


class Hears:
    """Every moment, and every notice."""

    def __init__(self) -> None:
        self.told: list[Any] = []
        self.notifier = MemoryNotifier()

    @luigi.hookimpl
    def luigi_notifiers(self) -> Any:
        yield Provider("hears", lambda: self.notifier)

    @luigi.hookimpl
    def luigi_task_event(self, task_id: str, event: str, detail: str) -> None:
        self.told.append((task_id, event, detail))

    @luigi.hookimpl
    def luigi_transition(self, task_id: str, why: str) -> None:
        self.told.append((task_id, why))


class Factory:
    """Keeps the scheduler, to look at it."""

    def __init__(self) -> None:
        self.scheduler = Scheduler(resources={})

    def create_local_scheduler(self) -> Scheduler:
        return self.scheduler

    def create_worker(self, **given: Any) -> Any:
        from luigi.worker import Worker

        return Worker(**given)


@pytest.mark.parametrize("task", [Logs, ChecksLogin])
@pytest.mark.parametrize("executor", ["inline", "processes"])
def test_it_is_shown_to_nobody(task: type[Logs], executor: str, caplog: Any, capfd: Any) -> None:
    hears, factory = Hears(), Factory()
    caplog.set_level(logging.DEBUG)
    assert not luigi.build(
        [task(password=SECRET)],
        worker_scheduler_factory=factory,
        local_scheduler=True,
        executor=executor,
        plugins=[hears],
    )
    printed = capfd.readouterr()
    rows = factory.scheduler.view(Question("tasks"))["rows"]
    said = [caplog.text, printed.out, printed.err, str(hears.told), str(hears.notifier.notices), str(rows)]
    said += [str(factory.scheduler.fetch_error(row["task_id"])) for row in rows]
    assert "no login at db.example with" in str(hears.told), "the rest of the error is told"
    assert [text for text in said if SECRET in text] == []
