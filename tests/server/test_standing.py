"""Whether a server leads: on real SQLite files, with looks made by hand and time that stands still."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

import pytest

from luigi.clock import SYSTEM
from luigi.defaults import MemoryStore
from luigi.errors import PluginError, StoreAway, StoreError
from luigi.interfaces import Question, Report, StateStore, TaskSpec
from luigi.plugin_manager import PluginManager
from luigi.plugins.stores.sqlite import Settings, sqlite_store
from luigi.scheduler import Scheduler
from luigi.server.config import ServerSettings
from luigi.server.leading import Candidate
from luigi.server.problems import Problem
from luigi.server.standing import Alone, Attach, standing_of
from luigi.testing import FakeClock

Candidates = Callable[..., Candidate]


@pytest.fixture
def standing_clock() -> FakeClock:
    return FakeClock(1_700_000_000.0)


@pytest.fixture
def candidate(tmp_path: Path, standing_clock: FakeClock) -> Iterator[Candidates]:
    """Servers on one file. Nobody looks by itself within an hour."""
    made: list[Candidate] = []

    def make(*attach: Attach, store: Callable[[], StateStore] | None = None) -> Candidate:
        store = store or partial(sqlite_store, Settings(path=f"{tmp_path}/state.sqlite"))
        made.append(Candidate(store, clock=standing_clock, interval=3600.0, attach=attach))
        return made[-1]

    yield make
    for one in made:
        one.close()


def done(scheduler: Scheduler, *ids: str) -> None:
    """Have a worker declare tasks, run them and report."""
    scheduler.declare("w", [TaskSpec(task_id, "T") for task_id in ids])
    for one in scheduler.exchange("w", [], len(ids)).assignments:
        scheduler.exchange("w", [Report(one.task_id, one.token, "DONE")], 0)


def status(scheduler: Scheduler, task_id: str) -> str:
    return str(scheduler.view(Question("task", task_id))["status"])


# --- one leads, the other stands by ----------------------------------------------------------------------------------


def test_the_first_leads_and_the_second_stands_by(candidate: Candidates) -> None:
    first, second = candidate(), candidate()
    first.start()
    second.start()
    assert (first.leads, second.leads) == (True, False)
    done(first.scheduler, "T_1")
    with pytest.raises(Problem) as raised:
        _ = second.scheduler
    assert raised.value.status == 503
    assert raised.value.headers["Retry-After"] == "3600"
    assert raised.value.hint


def test_the_second_takes_over_what_the_first_had(candidate: Candidates) -> None:
    first, second = candidate(), candidate()
    first.start()
    second.start()
    done(first.scheduler, "T_1")
    second.look()
    assert not second.leads
    first.close()
    assert not first.leads
    second.look()
    assert second.leads
    assert status(second.scheduler, "T_1") == "DONE"


def test_what_was_answered_is_there_without_a_clean_end(candidate: Candidates, tmp_path: Path) -> None:
    """The lock file goes as a dead process's lock does."""
    first, second = candidate(), candidate()
    first.start()
    done(first.scheduler, "T_1")
    (tmp_path / "state.sqlite.lock").unlink()
    second.start()
    assert status(second.scheduler, "T_1") == "DONE"


def test_one_that_was_overtaken_stands_by_and_does_no_harm(
    candidate: Candidates, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = candidate(), candidate()
    first.start()
    of_first = first.scheduler
    (tmp_path / "state.sqlite.lock").unlink()
    second.start()
    done(second.scheduler, "T_1")
    with pytest.raises(StoreError):
        done(of_first, "T_2")
    first.look()
    assert not first.leads
    assert "does not lead any more" in caplog.text
    second.close()
    first.look()
    assert first.leads
    assert status(first.scheduler, "T_1") == "DONE"
    with pytest.raises(StoreError):
        done(of_first, "T_2")


def test_a_clean_end_leaves_a_snapshot(candidate: Candidates, tmp_path: Path) -> None:
    first = candidate()
    first.start()
    done(first.scheduler, "T_1", "T_2")
    first.close()
    kept = sqlite_store(Settings(path=f"{tmp_path}/state.sqlite")).load()
    assert kept.upto > 0
    assert list(kept.parts)
    assert not list(kept.entries)


# --- those who hear of it --------------------------------------------------------------------------------------------


def test_who_is_attached_hears_of_the_scheduler_as_long_as_it_leads(candidate: Candidates) -> None:
    heard: list[tuple[str, int]] = []

    @contextmanager
    def attach(scheduler: Scheduler) -> Iterator[None]:
        heard.append(("begins", len(scheduler.machine.tasks)))
        yield
        heard.append(("ends", len(scheduler.machine.tasks)))

    first = candidate(attach)
    first.start()
    done(first.scheduler, "T_1")
    first.close()
    second = candidate(attach)
    second.start()
    assert heard == [("begins", 0), ("ends", 1), ("begins", 1)]


def test_who_cannot_be_attached_stops_the_start(candidate: Candidates) -> None:
    ended: list[bool] = []

    @contextmanager
    def first(scheduler: Scheduler) -> Iterator[None]:
        try:
            yield
        finally:
            ended.append(True)

    def second(scheduler: Scheduler) -> AbstractContextManager[None]:
        raise StoreError("the history cannot be used")

    with pytest.raises(StoreError, match="the history cannot be used"):
        candidate(first, second).start()
    assert ended == [True]
    other = candidate()
    other.start()
    assert other.leads, "it has let go of the store"


def test_a_server_that_stands_by_and_cannot_lead_lets_others(candidate: Candidates, tmp_path: Path) -> None:
    """Whatever is wrong there: what it has claimed and does not use, nobody else could."""

    def missing(scheduler: Scheduler) -> AbstractContextManager[None]:
        raise PluginError("the history's library is not installed")

    leader, wrong = (
        candidate(),
        Candidate(partial(sqlite_store, Settings(path=f"{tmp_path}/state.sqlite")), interval=0.01, attach=[missing]),
    )
    leader.start()
    wrong.start()
    leader.close()
    for _ in range(3000):
        if wrong.trouble:
            break
        SYSTEM.sleep(0.01)
    assert "not installed" in wrong.trouble
    other = candidate()
    for _ in range(3000):
        other.look()
        if other.leads:
            break
        SYSTEM.sleep(0.01)
    assert other.leads
    wrong.close()


# --- time and trouble ------------------------------------------------------------------------------------------------


def test_time_is_looked_after(candidate: Candidates, standing_clock: FakeClock) -> None:
    first = candidate()
    first.start()
    first.scheduler.declare("w", [TaskSpec("T_1", "T")])
    first.scheduler.exchange("w", [], 1)
    assert status(first.scheduler, "T_1") == "RUNNING"
    standing_clock.advance(3_600)
    first.look()
    assert status(first.scheduler, "T_1") != "RUNNING", "its worker was not heard of"


def test_a_state_that_cannot_be_used_stops_the_start(candidate: Candidates, tmp_path: Path) -> None:
    (tmp_path / "state.sqlite").write_bytes(b"\x80\x04}\x94.")
    with pytest.raises(StoreError, match="a pickle, perhaps of Luigi's"):
        candidate().start()


class ComesLate(MemoryStore):
    """A database that is away the first times."""

    def __init__(self, times: int) -> None:
        self.times = times

    def claim(self) -> bool:
        self.times -= 1
        if self.times >= 0:
            raise StoreAway("the database is away", hint="start it")
        return True


def test_a_store_that_is_away_is_waited_for(candidate: Candidates, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "luigi.server")
    store = ComesLate(3)
    one = candidate(store=lambda: store)
    one.start()
    assert (one.leads, one.trouble) == (False, "the database is away")
    one.look()
    one.look()
    assert caplog.text.count("the database is away (start it)") == 1
    one.look()
    assert (one.leads, one.trouble) == (True, "")
    assert "can be used again" in caplog.text


def test_a_thread_looks_by_itself(tmp_path: Path) -> None:
    make = partial(sqlite_store, Settings(path=f"{tmp_path}/state.sqlite"))
    first, second = Candidate(make, interval=0.01), Candidate(make, interval=0.01)
    first.start()
    second.start()
    first.close()
    for _ in range(1_000):
        if second.leads:
            break
        second._closing.wait(0.01)
    assert second.leads
    second.close()
    assert not second._thread.is_alive()


# --- how it is made --------------------------------------------------------------------------------------------------


def test_the_settings_say_where_the_state_is(tmp_path: Path, luigi_config: Callable[..., None]) -> None:
    luigi_config("scheduler", state_path=f"{tmp_path}/state.pickle")
    standing = standing_of(ServerSettings(tick_interval=3600.0), PluginManager.with_installed())
    standing.start()
    done(standing.scheduler, "T_1")
    standing.close()
    assert (tmp_path / "state.sqlite").exists()
    assert not (tmp_path / "state.pickle").exists()


def test_a_state_in_memory_is_gone_with_it() -> None:
    for _ in range(2):
        standing = standing_of(ServerSettings(state_store="memory"), PluginManager.with_installed())
        standing.start()
        assert not standing.scheduler.machine.tasks
        done(standing.scheduler, "T_1")
        standing.close()


def test_one_that_is_alone_always_leads() -> None:
    scheduler = Scheduler(resources={})
    alone = Alone(scheduler)
    alone.start()
    assert (alone.leads, alone.trouble, alone.scheduler) == (True, "", scheduler)
    alone.close()
    done(scheduler, "T_1")
