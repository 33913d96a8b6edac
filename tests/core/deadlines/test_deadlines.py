"""Deadlines of tasks, runs and the configuration: people are told, once, and once more when it is done at last."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi import hookimpl
from luigi.configuration import LuigiConfigParser
from luigi.deadlines.keeper import AGAIN, DeadlineKeeper
from luigi.deadlines.sections import deadlines
from luigi.errors import ConfigurationError
from luigi.hookspecs import Provider
from luigi.interfaces import Report, TaskSpec
from luigi.observers import observers
from luigi.plugin_manager import PluginManager
from luigi.scheduler import Scheduler
from luigi.task_status import DONE
from luigi.telling import Notice
from luigi.testing import FakeClock, MemoryStateStore

DAY = 86400.0
MONDAY = 1_700_438_400.0  # 2023-11-20, midnight UTC

SECTION = """
[notify.all]
notifier = gathered_late
kinds = late, recovered

[email]
format = none

[deadline.sales]
task = Sales
by = 0 6 * * *
timezone = Europe/Berlin
date = {date:-1d}
owners = ada@example.com
"""


class Gathering:
    """A plugin whose notifier keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[Notice] = []

    def notify(self, notice: Notice) -> None:
        self.told.append(notice)

    @hookimpl
    def luigi_notifiers(self) -> Any:
        yield Provider("gathered_late", lambda: self, summary="keeps notices")

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return [(notice.kind, notice.family) for notice in self.told]


@pytest.fixture
def gathering() -> Gathering:
    return Gathering()


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    def configure(text: str) -> Any:
        (tmp_path / "luigi.cfg").write_text(text)
        config = LuigiConfigParser()
        config.read(tmp_path / "luigi.cfg")
        monkeypatch.setattr(LuigiConfigParser, "_instance", config)
        return config

    return configure


class Bench:
    """A scheduler, those who hear of it, and what looks after its deadlines."""

    def __init__(self, gathering: Gathering, config: Any, store: MemoryStateStore | None = None) -> None:
        self.clock = FakeClock(MONDAY)
        self.gathering, self.config = gathering, config
        self.start(store or MemoryStateStore())

    def start(self, store: MemoryStateStore) -> None:
        self.store = store
        self.scheduler = Scheduler(resources={}, clock=self.clock, store=store)
        self.told = observers(PluginManager.with_installed([self.gathering]), self.scheduler.config)
        self.told.attach(self.scheduler)
        self.keeper = DeadlineKeeper(deadlines(self.config), self.scheduler, self.clock, self.tell)
        self.keeper.look()

    def restart(self) -> None:
        self.store.close()
        self.start(MemoryStateStore(self.store.place))

    def tell(self, late: Any, task: Any) -> None:
        self.told.late(late, task, self.clock.now())

    def at(self, hours: float) -> list[tuple[str, str]]:
        """Look after so many hours since Monday's midnight; gives what people were told until then."""
        self.clock.advance(MONDAY + hours * 3600 - self.clock.now())
        self.scheduler.tick()
        self.keeper.look()
        self.told.flush()
        return self.gathering.kinds

    def done(self, date: str) -> None:
        spec = TaskSpec(f"Sales_{date}", "Sales", params={"date": date})
        self.scheduler.declare("w", [spec])
        for one in self.scheduler.exchange("w", [], 1).assignments:
            self.scheduler.exchange("w", [Report(one.task_id, one.token, DONE)], 0)


def test_that_nothing_was_ever_started_is_told_when_it_should_be_done(gathering: Gathering, configured: Any) -> None:
    bench = Bench(gathering, configured(SECTION))
    assert bench.at(4.9) == []  # 6 o'clock in Berlin is 5 o'clock UTC
    assert bench.at(5.1) == [("late", "Sales")]
    notice = gathering.told[0]
    assert notice.subject == "Luigi: Sales(date=2023-11-19) LATE"
    assert "nobody has asked for it here" in notice.text
    assert notice.owners == ("ada@example.com",)
    assert bench.at(10) == [("late", "Sales")], "once"


def test_what_is_done_in_time_is_nobodys_news(gathering: Gathering, configured: Any) -> None:
    bench = Bench(gathering, configured(SECTION))
    bench.done("2023-11-19")
    assert bench.at(6) == []
    assert bench.at(24 + 6) == [("late", "Sales")], "the next day is another task"


def test_when_it_is_done_at_last_that_is_told(gathering: Gathering, configured: Any) -> None:
    bench = Bench(gathering, configured(SECTION))
    bench.at(5.1)
    bench.done("2023-11-19")
    assert bench.at(6) == [("late", "Sales"), ("recovered", "Sales")]
    assert "60 minutes after" in gathering.told[1].text
    assert len(bench.at(7)) == 2


def test_a_server_that_was_away_looks_afterwards_and_does_not_repeat_itself(
    gathering: Gathering, configured: Any
) -> None:
    bench = Bench(gathering, configured(SECTION))
    bench.clock.advance(6 * 3600)
    bench.restart()
    bench.told.flush()
    assert gathering.kinds == [("late", "Sales")]
    bench.restart()
    assert bench.at(7) == [("late", "Sales")]
    bench.done("2023-11-19")
    bench.restart()
    assert bench.at(8) == [("late", "Sales"), ("recovered", "Sales")]


def test_without_parameters_it_has_to_be_done_anew_each_time(gathering: Gathering, configured: Any) -> None:
    bench = Bench(gathering, configured(SECTION.replace("date = {date:-1d}", "").replace("task = Sales", "task = Sa*")))
    bench.done("2023-11-19")
    assert bench.at(6) == []
    assert bench.at(30) == [("late", "Sa*")]


def test_a_history_that_knows_it_is_asked_too(gathering: Gathering, configured: Any) -> None:
    from contextlib import contextmanager

    from luigi.history_reading import Page, PastTask

    class Past:
        def tasks(self, wanted: Any, limit: int) -> Page[PastTask]:
            found = [PastTask(1, "Sales_x", wanted.family, params=wanted.params, status=DONE, at=1.0)]
            return Page(found if wanted.params == {"date": "2023-11-19"} else [])

    @contextmanager
    def history() -> Any:
        yield Past()

    bench = Bench(gathering, configured(SECTION))
    bench.keeper = DeadlineKeeper(deadlines(bench.config), bench.scheduler, bench.clock, bench.tell, history)
    assert bench.at(6) == []
    assert bench.at(30) == [("late", "Sales")]


def test_of_a_glob_it_is_asked_about_each_family_that_it_has(gathering: Gathering, configured: Any) -> None:
    from contextlib import contextmanager

    from luigi.history_reading import Family, Page, PastTask

    class Past:
        asked: list[str] = []

        def families(self, limit: int, after: str = "") -> Page[Family]:
            names, following = (["Sales2"], "") if after else (["Other", "Sales1"], "Sales1")
            return Page([Family(name, 1, 1) for name in names], following)

        def tasks(self, wanted: Any, limit: int) -> Page[PastTask]:
            self.asked.append(wanted.family)
            found = [PastTask(1, "Sales2_x", "Sales2", params=wanted.params, status=DONE, at=1.0)]
            return Page(found if (wanted.family, wanted.params) == ("Sales2", {"date": "2023-11-19"}) else [])

    @contextmanager
    def history() -> Any:
        yield Past()

    bench = Bench(gathering, configured(SECTION.replace("task = Sales", "task = Sales*")))
    bench.keeper = DeadlineKeeper(deadlines(bench.config), bench.scheduler, bench.clock, bench.tell, history)
    assert bench.at(6) == []
    assert bench.at(30) == [("late", "Sales*")]
    before = len(Past.asked)
    for _ in range(5):
        bench.clock.advance(AGAIN / 5)
        bench.keeper.look()
    assert Past.asked[before:] == ["Sales1", "Sales2"], "what stays late is not asked for all the time"


def test_of_what_is_late_only_what_changed_since_is_looked_at(gathering: Gathering, configured: Any) -> None:
    bench = Bench(gathering, configured(SECTION))
    bench.done("2023-11-18")
    assert bench.at(6) == [("late", "Sales")]
    assert bench.at(7) == [("late", "Sales")]
    bench.done("2023-11-17")
    bench.done("2023-11-19")
    assert bench.at(8) == [("late", "Sales"), ("recovered", "Sales")]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("by = 0 6 * * *", "by = at noon"), r"\[deadline.sales\] by: "),
        (("Europe/Berlin", "Europe/Berlinn"), r"\[deadline.sales\] timezone: "),
        (("{date:-1d}", "{dat}"), r"\[deadline.sales\] date: no field \{dat\}"),
        (("owners =", "ownerss ="), r"\[deadline.sales\] has no option ownerss"),
        (("task = Sales\n", ""), r"deadline.sales. says nothing of task"),
    ],
)
def test_what_cannot_be_is_named_with_its_place(change: tuple[str, str], said: str, configured: Any) -> None:
    config = configured(SECTION.replace(*change))
    with pytest.raises(ConfigurationError, match=said):
        deadlines(config)


# --- of tasks and runs ----------------------------------------------------------------------------------------------


class Slow(luigi.Task):
    """Done when it was run; it takes longer than it should."""

    deadline: Any = timedelta(milliseconds=300)
    ran = False

    def complete(self) -> bool:
        return Slow.ran

    def run(self) -> None:
        from luigi.clock import SYSTEM

        until = SYSTEM.monotonic() + 30
        while not heard and SYSTEM.monotonic() < until:
            SYSTEM.sleep(0.05)
        Slow.ran = True


class Plain(luigi.Task):
    """Without a deadline of its own."""

    complete, run = Slow.complete, Slow.run


heard: list[Notice] = []


@pytest.mark.parametrize(
    ("task", "options"), [(Slow, ""), (Plain, "[worker]\ndeadline = 1 second\n")], ids=["a task", "a run"]
)
def test_people_hear_of_it_while_it_runs_and_when_it_is_done(task: Any, options: str, configured: Any) -> None:
    heard.clear()
    Slow.ran = False

    class Hearing(Gathering):
        def notify(self, notice: Notice) -> None:
            super().notify(notice)
            heard.append(notice)

    configured("[notify.all]\nnotifier = gathered_late\nkinds = late, recovered\n" + options)
    plugin = Hearing()
    assert luigi.build([task()], local_scheduler=True, log_level="ERROR", plugins=[plugin])
    assert plugin.kinds == [("late", task.__name__), ("recovered", task.__name__)]


def test_a_parameter_called_deadline_is_none() -> None:
    from luigi.worker.planning.specs import spec_of

    class Planned(luigi.Task):
        deadline = luigi.IntParameter(default=5)

    assert spec_of(Planned(), "PENDING", ()).deadline is None
    assert spec_of(Slow(), "PENDING", ()).deadline == 0.3


def test_what_older_programs_call_a_deadline_is_none_either() -> None:
    from luigi.worker.planning.specs import spec_of

    class PlannedLong(luigi.Task):
        def deadline(self) -> int:
            return 5

    class PlannedByDay(luigi.Task):
        deadline: Any = "2013-07-04"

    assert spec_of(PlannedLong(), "PENDING", ()).deadline is None
    with pytest.warns(UserWarning, match="PlannedByDay.deadline = '2013-07-04' is neither seconds nor a timedelta"):
        assert spec_of(PlannedByDay(), "PENDING", ()).deadline is None
