"""What is told to histories, and that none of it is lost, whatever the history does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

import luigi
from luigi import recording as module
from luigi.clock import SYSTEM
from luigi.configuration import get_config
from luigi.hookspecs import Provider
from luigi.interfaces import Assignment, Order, Report, TaskSpec
from luigi.observers import Observers, keeping
from luigi.plugin_manager import PluginManager
from luigi.recording import InLuigisShape, Pauses, Recording
from luigi.scheduler import Scheduler
from luigi.scheduler.config import scheduler as scheduler_config
from luigi.scheduler.events import Changed
from luigi.task_history import NopHistory, TaskHistory
from luigi.telling import AttemptEnded, AttemptStarted, Happened, RunBegan, RunEnded, TaskFacts, TaskScheduled
from luigi.testing import FakeClock

LOAD = TaskFacts("Load_1", "Load", {"n": "1"}, worker_running="w", token=1)
QUICK = Pauses(0.001, 0.002)
W = "Worker(salt=1, workers=1, host=a.host, username=ann, pid=1)"


class Kept:
    """A history that keeps what it is told in a list, after failing as often as asked to."""

    def __init__(self, *failures: BaseException) -> None:
        self.happened: list[Happened] = []
        self.calls: list[int] = []
        self.closed = 0
        self._failures = list(failures)

    def record(self, happened: Sequence[Happened]) -> None:
        self.calls.append(len(happened))
        if self._failures:
            raise self._failures.pop(0)
        self.happened += happened

    def close(self) -> None:
        self.closed += 1


class Luigis(TaskHistory):
    """One in Luigi's shape."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def task_scheduled(self, task: Any) -> None:
        self.calls.append(("scheduled", task.id, task.family, task.params))

    def task_started(self, task: Any, worker_host: str) -> None:
        self.calls.append(("started", task.id, worker_host))

    def task_finished(self, task: Any, successful: bool) -> None:
        self.calls.append(("finished", task.id, successful))


@pytest.fixture
def options() -> Iterator[Callable[..., None]]:
    """Sets options of `[task_history]`."""

    def configure(**options: str) -> None:
        for name, value in options.items():
            get_config().set("task_history", name, value)

    yield configure
    get_config().remove_section("task_history")


# --- what a scheduler's changes become -------------------------------------------------------------------------------


class Watched:
    """A scheduler whose history is kept."""

    def __init__(self, **options: Any) -> None:
        self.kept = Kept()
        self.clock = FakeClock(1_000.0)
        self.scheduler = Scheduler(clock=self.clock, resources={}, stable_done_cooldown_secs=0, **options)
        self.listener = Recording(self.kept)
        self.scheduler.observe(self._changed)

    def _changed(self, changes: Sequence[tuple[Changed, TaskFacts]], at: float) -> None:
        for change, task in changes:
            self.listener.changed(change, task, at)

    def declare(self, task_id: str = "Load_1", status: str = "PENDING", **spec: Any) -> None:
        self.scheduler.declare(W, [TaskSpec(task_id, "Load", params={"n": "1"}, status=status, **spec)])

    def run(self, status: str = "DONE", **report: Any) -> None:
        taken = self.take()
        self.scheduler.exchange(W, [Report(taken.task_id, taken.token, status, **report)], 0)

    def take(self) -> Assignment:
        return self.scheduler.exchange(W, [], 1).assignments[0]

    def story(self) -> list[tuple[Any, ...]]:
        self.listener.flush()
        return [(type(one).__name__, *_told(one)) for one in self.kept.happened]


def _told(one: Any) -> tuple[Any, ...]:
    if isinstance(one, AttemptStarted):
        return (one.task.id, one.at, one.host)
    if isinstance(one, AttemptEnded):
        return (one.task.id, one.at, one.successful, one.error)
    return (one.task.id, one.at)


def test_a_task_s_life_is_told() -> None:
    watched = Watched()
    watched.declare()
    watched.clock.advance(1)
    watched.run()
    assert watched.story() == [
        ("TaskScheduled", "Load_1", 1000.0),
        ("AttemptStarted", "Load_1", 1001.0, "a.host"),
        ("AttemptEnded", "Load_1", 1001.0, True, ""),
    ]
    assert watched.kept.happened[1].task.params == {"n": "1"}  # type: ignore[union-attr]


def test_a_failure_is_told_with_what_it_said_and_the_retry_after_it() -> None:
    watched = Watched(retry_delay=10)
    watched.declare()
    watched.run("FAILED", explanation="ValueError: sorry")
    watched.clock.advance(11)
    watched.scheduler.tick()
    assert watched.story()[2:] == [
        ("AttemptEnded", "Load_1", 1000.0, False, "ValueError: sorry"),
        ("TaskScheduled", "Load_1", 1011.0),
    ]


def test_being_given_up_is_the_end_of_no_attempt() -> None:
    watched = Watched(retry_count=1, disable_persist=10)
    watched.declare()
    watched.run("FAILED", explanation="sorry")
    watched.clock.advance(11)
    watched.scheduler.tick()  # enabled again: DISABLED → FAILED
    assert [name for name, *_ in watched.story()] == ["TaskScheduled", "AttemptStarted", "AttemptEnded"]


def test_a_lost_worker_s_attempt_ends_with_the_reason() -> None:
    watched = Watched(worker_disconnect_delay=5)
    watched.declare()
    watched.run("FAILED", explanation="an older failure")
    watched.scheduler.control(Order("forgive", "Load_1"))
    watched.take()
    watched.clock.advance(60)
    watched.scheduler.tick()
    assert watched.story()[-1] == ("AttemptEnded", "Load_1", 1060.0, False, f"its worker {W} was lost")


def test_what_waits_for_more_is_scheduled_anew() -> None:
    watched = Watched()
    watched.declare()
    watched.run("PENDING", new_deps=["Dep_1"])
    assert [name for name, *_ in watched.story()] == ["TaskScheduled", "AttemptStarted", "TaskScheduled"]


def test_what_is_found_done_ends_without_a_start() -> None:
    watched = Watched()
    watched.declare(status="DONE")
    assert watched.story() == [("AttemptEnded", "Load_1", 1000.0, True, "")]


def test_runs_are_told_and_their_hosts_known() -> None:
    kept = Kept()
    listener = Recording(kept)
    began, ended = RunBegan("w", 1.0, host="b.host"), RunEnded("w", 9.0, "SUCCESS")
    listener.run_began(began)
    listener.changed(Changed("Load_1", "Load", "PENDING", "RUNNING", "handed out"), LOAD, 2.0)
    listener.run_ended(ended)
    listener.flush()
    assert kept.happened == [began, AttemptStarted(LOAD, 2.0, "b.host"), ended]


# --- histories that fail ---------------------------------------------------------------------------------------------


def posted(kept: Kept, facts: Sequence[Happened], **options: Any) -> Recording:
    listener = Recording(kept, pauses=QUICK, **options)
    for fact in facts:
        listener.courier.post(fact)
    return listener


def facts(number: int) -> list[Happened]:
    return [TaskScheduled(LOAD._replace(id=f"Load_{n}"), float(n)) for n in range(number)]


def test_one_that_is_away_for_a_while_gets_everything_once(caplog: pytest.LogCaptureFixture) -> None:
    kept = Kept(*[OSError("away")] * 5)
    posted(kept, facts(100)).flush()
    assert kept.happened == facts(100)
    assert kept.closed == 1
    assert caplog.messages == ["the task history is away; what happens waits for it: away", "the task history is back"]


def test_what_cannot_be_kept_loses_nothing_but_itself(caplog: pytest.LogCaptureFixture) -> None:
    class Picky(Kept):
        def record(self, happened: Sequence[Happened]) -> None:
            if any(one.task.id == "Load_7" for one in happened):  # type: ignore[union-attr]
                raise ValueError("no sevens")
            super().record(happened)

    kept = Picky()
    listener = posted(kept, facts(20))
    listener.flush()
    assert kept.happened == [fact for fact in facts(20) if fact.task.id != "Load_7"]  # type: ignore[union-attr]
    assert (listener.courier.delivered, listener.courier.lost) == (19, 1)
    assert caplog.messages[-1] == "the task history lacks 1 facts that could not be kept, and has 19: no sevens"


def test_one_that_stays_away_is_given_up_and_the_log_says_so(caplog: pytest.LogCaptureFixture) -> None:
    class Away(Kept):
        def record(self, happened: Sequence[Happened]) -> None:
            tried.set()
            raise ConnectionError("gone")

    tried = threading.Event()
    listener = posted(Away(), facts(1), deadline=0.1)
    assert tried.wait(10)
    for fact in facts(30):
        listener.courier.post(fact)
    listener.flush()
    listener.flush()
    assert caplog.messages[-1] == "the task history lacks 31 facts that could not be kept, and has 0: gone"
    assert sum("lacks" in message for message in caplog.messages) == 1


def test_one_that_hangs_is_given_up_with_what_it_has_in_hand(caplog: pytest.LogCaptureFixture) -> None:
    class Hangs(Kept):
        def record(self, happened: Sequence[Happened]) -> None:
            release.wait(30)

    release = threading.Event()
    try:
        posted(Hangs(), facts(50), deadline=0.05).flush()
    finally:
        release.set()
    assert (
        caplog.messages[-1] == "the task history lacks 50 facts that could not be kept, and has 0: it does not answer"
    )


def test_after_being_given_up_nothing_more_is_tried() -> None:
    class Away(Kept):
        def record(self, happened: Sequence[Happened]) -> None:
            super().record(happened)
            raise OSError("gone")

    kept = Away()
    posted(kept, facts(1), deadline=0.02).flush()
    tried = len(kept.calls)
    for _ in range(20):
        SYSTEM.sleep(0.001)  # as long as several of its pauses
    assert len(kept.calls) <= tried + 1


def test_a_program_that_ends_without_a_word_loses_nothing(shell: Any) -> None:
    shell.write(
        "ends.py",
        "from luigi.recording import Recording\nfrom luigi.scheduler.events import Changed\n"
        "from luigi.telling import TaskFacts\n"
        "class Slow:\n"
        "    def record(self, facts):\n"
        "        with open('kept', 'a') as file: file.writelines(f'{fact.at}\\n' for fact in facts)\n"
        "    def close(self):\n"
        "        open('closed', 'w').close()\n"
        "listener = Recording(Slow())\n"
        "for n in range(2000): listener.changed(Changed('a', 'A', '', 'PENDING', ''), TaskFacts('a', 'A'), n)\n",
    )
    done = shell.python("ends.py")
    assert done.code == 0, done.err
    assert (shell.directory / "kept").read_text().split() == [str(n) for n in range(2000)]
    assert (shell.directory / "closed").exists()


def test_a_program_that_ends_while_it_is_away_waits_once_and_says_so(shell: Any) -> None:
    shell.write(
        "ends.py",
        "from luigi.recording import Recording\nfrom luigi.scheduler.events import Changed\n"
        "from luigi.telling import TaskFacts\n"
        "class Away:\n"
        "    def record(self, facts): raise OSError('gone')\n"
        "listener = Recording(Away(), deadline=0.2)\n"
        "for n in range(20): listener.changed(Changed('a', 'A', '', 'PENDING', ''), TaskFacts('a', 'A'), n)\n",
    )
    done = shell.python("ends.py")
    assert done.code == 0, done.err
    assert done.err.splitlines()[-1].endswith("lacks 20 facts that could not be kept, and has 0: gone")


# --- which history ---------------------------------------------------------------------------------------------------


class Offers:
    """A plugin that offers a history."""

    def __init__(self, name: str = "listed") -> None:
        self.kept, self.name = Kept(), name

    @luigi.hookimpl
    def luigi_task_histories(self) -> Iterator[Provider]:
        yield Provider(self.name, lambda: self.kept, "a list of the test")


def plugins(*given: object) -> PluginManager:
    manager = PluginManager()
    for plugin in given:
        manager.register(plugin)
    return manager


@pytest.mark.parametrize(
    ("record", "local", "local_runs", "kept"),
    [
        (False, False, "false", False),
        (True, False, "false", True),
        (False, True, "false", False),
        (False, True, "true", True),
        (False, False, "true", False),
        (True, True, "false", True),
    ],
)
def test_what_is_asked_for(
    record: bool, local: bool, local_runs: str, kept: bool, options: Callable[..., None]
) -> None:
    options(kind="listed", local_runs=local_runs)
    found = keeping(plugins(Offers()), scheduler_config(record_task_history=record), local=local)
    assert (found is not None) is kept


def test_luigi_s_database_is_used_unless_another_kind_is_named() -> None:
    offers = Offers(module.configured_kind())
    listener = keeping(plugins(offers), scheduler_config(record_task_history=True), local=False)
    assert listener is not None
    listener.run_began(RunBegan("w", 1.0))
    listener.flush()
    assert module.configured_kind() == "sql"
    assert offers.kept.happened == [RunBegan("w", 1.0)]


def test_a_program_s_own_history_goes_before() -> None:
    own = Kept()
    listener = keeping(plugins(), scheduler_config(), local=True, history=own)
    assert listener is not None
    listener.run_began(RunBegan("w", 1.0))
    listener.flush()
    assert own.happened == [RunBegan("w", 1.0)]
    assert keeping(plugins(), scheduler_config(record_task_history=True), local=True, history=NopHistory()) is None


def test_one_in_luigi_s_shape_gets_luigi_s_calls() -> None:
    history = Luigis()
    listener = keeping(plugins(), scheduler_config(), local=True, history=history)
    assert isinstance(listener, Recording)
    story: list[Happened] = [
        RunBegan("w", 1.0),
        TaskScheduled(LOAD, 1.0),
        AttemptStarted(LOAD, 2.0, "h"),
        AttemptEnded(LOAD, 3.0, False, "sorry"),
        RunEnded("w", 4.0, "FAILED"),
    ]
    for fact in story:
        listener.courier.post(fact)
    listener.flush()
    assert history.calls == [
        ("scheduled", "Load_1", "Load", {"n": "1"}),
        ("started", "Load_1", "h"),
        ("finished", "Load_1", False),
    ]


def test_one_in_luigi_s_shape_that_fails_once_is_told_the_rest_once() -> None:
    class Fails(Luigis):
        def task_scheduled(self, task: Any) -> None:
            super().task_scheduled(task)
            if task.id == "Load_3":
                raise RuntimeError("no threes")

    history = Fails()
    listener = Recording(InLuigisShape(history), at_once=1)  # what it was told cannot be taken back
    for fact in facts(6):
        listener.courier.post(fact)
    listener.flush()
    assert [call[1] for call in history.calls] == [f"Load_{n}" for n in range(6)]


# --- whole runs ------------------------------------------------------------------------------------------------------


class Recorded(luigi.Task):
    n = luigi.IntParameter()
    token = luigi.Parameter(default="do not tell", visibility=luigi.parameter.ParameterVisibility.PRIVATE)
    shy = luigi.Parameter(default="hidden", visibility=luigi.parameter.ParameterVisibility.HIDDEN)

    def requires(self) -> Any:
        return [Recorded(n=self.n - 1)] if self.n else []

    def output(self) -> Any:
        return luigi.mock.MockTarget(f"recorded {self.n}")

    def run(self) -> None:
        if self.n == 2:
            raise RuntimeError("two is too much")
        self.output().open("w").close()


@pytest.mark.parametrize("workers", [1, 2])
def test_a_local_run_is_kept_when_asked_for(workers: int, options: Callable[..., None]) -> None:
    luigi.mock.MockFileSystem().clear()
    options(kind="listed", local_runs="true")
    offers = Offers()
    executor = "inline" if workers == 1 else "processes"
    luigi.build([Recorded(n=3)], local_scheduler=True, workers=workers, executor=executor, plugins=[offers])
    told = offers.kept.happened
    ends = {one.task.params["n"]: one for one in told if isinstance(one, AttemptEnded)}
    assert {n: one.successful for n, one in ends.items()} == {"0": True, "1": True, "2": False}
    assert "two is too much" in ends["2"].error
    assert ends["1"].task.params == {"n": "1", "shy": "hidden"}
    assert "do not tell" not in repr(told)
    assert len([one for one in told if isinstance(one, AttemptStarted)]) == 3
    assert offers.kept.closed == 1


def test_observers_hand_runs_on() -> None:
    kept = Kept()
    told = Observers([Recording(kept)])
    told.run_began(RunBegan("w", 1.0))
    told.flush()
    assert kept.happened == [RunBegan("w", 1.0)]
