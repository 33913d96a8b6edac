"""Tasks that remember in memory what they did, and one place to run them."""

from __future__ import annotations

from typing import Any

import pytest

import luigi
from luigi.plugin_manager import PluginManager
from luigi.scheduler import Scheduler
from luigi.testing import FakeClock
from luigi.worker import Worker


@pytest.fixture
def kept() -> Any:
    """A task class that is complete once `finish()` was called; `ran` lists the calls, by class and number."""

    class Kept(luigi.Task):
        n = luigi.IntParameter(default=0)
        done: set[str] = set()
        ran: list[str] = []

        def complete(self) -> bool:
            return self.task_id in self.done

        def run(self) -> Any:
            self.finish()

        def finish(self) -> None:
            self.ran.append(f"{type(self).__name__}{self.n}")
            self.done.add(self.task_id)

        def output(self) -> Any:
            return luigi.LocalTarget(f"{type(self).__name__}/{self.n}")

    return Kept


@pytest.fixture
def missing() -> Any:
    """An external task class that is never there."""

    class Missing(luigi.ExternalTask):
        def complete(self) -> bool:
            return False

    return Missing


class Bench:
    """A worker and a scheduler on a clock that nobody waits for."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.worker: Worker = Worker()

    def run(
        self,
        *tasks: Any,
        plugins: tuple[object, ...] = (),
        resources: dict[str, int] | None = None,
        retry_delay: float = 900,
        retry_count: int = 999,
        **worker: Any,
    ) -> bool:
        """Run `tasks` in one worker; `worker` are its options. Gives what `Worker.run` gave."""
        self.scheduler = Scheduler(
            resources=resources or {},
            clock=self.clock,
            prune_on_get_work=True,
            retry_delay=retry_delay,
            retry_count=retry_count,
            stable_done_cooldown_secs=0,
        )
        self.worker = Worker(self.scheduler, worker_id="w", clock=self.clock, **{"wait_jitter": 0, **worker})
        self.worker.use(PluginManager.with_installed(plugins))
        with self.worker:
            self.added = [self.worker.add(task) for task in tasks]
            return self.worker.run()

    def seen(self, task: luigi.Task) -> Any:
        """What the worker noted of `task`."""
        return self.worker.record.seen[task.task_id]

    def failure(self, task: luigi.Task) -> str:
        """What the scheduler was told of `task`'s failure."""
        from luigi.interfaces import Question

        return str(self.scheduler.view(Question("task", task.task_id))["explanation"])


@pytest.fixture
def clock() -> FakeClock:
    """The time."""
    return FakeClock(1000)


@pytest.fixture
def bench(clock: FakeClock) -> Bench:
    """Where tasks are run."""
    return Bench(clock)


@pytest.fixture
def events() -> Any:
    """What handlers of every event were told, in order: (event, class of the task, what else)."""
    names = {value: name for name, value in vars(luigi.Event).items() if name.isupper()}
    told: list[tuple[Any, ...]] = []
    handlers = []

    def listen(event: str, name: str) -> None:
        def handler(task: luigi.Task, *more: Any) -> None:
            told.append((name, type(task).__name__, *more))

        luigi.Task.event_handler(event)(handler)
        handlers.append((event, handler))

    for event, name in names.items():
        listen(event, name)
    yield told
    for event, handler in handlers:
        luigi.Task.remove_event_handler(event, handler)
