"""What fires, when: each time of a time-table once, over restarts, pauses, and times without a server."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

import luigi
from luigi.configuration import LuigiConfigParser
from luigi.errors import KernelError, StoreAway
from luigi.hookspecs import Provider
from luigi.interfaces import Order, Question, Report
from luigi.plugin_manager import PluginManager
from luigi.scheduler import Scheduler
from luigi.testing import FakeClock, MemoryStateStore
from luigi.timetable import Every
from luigi.triggers.keeper import Timekeeper
from luigi.triggers.sections import triggers

START = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC).timestamp()
EACH_MINUTE = "type = cron\ncron = * * * * *\ntask = shop:Sum\nminute = {minute}\n"
HOURLY = "type = interval\nevery = 1 h\ntask = shop:Sum\nhour = {hour}\n"


class Server:
    """A scheduler, what keeps its state, and what looks after triggers; `restart` is a kill and a new start."""

    def __init__(self, text: str, plugins: tuple[object, ...] = ()) -> None:
        self.clock, self.store = FakeClock(START), MemoryStateStore()
        self._plugins = PluginManager.with_installed(plugins)
        self.restart(text)

    def restart(self, text: str) -> None:
        config = LuigiConfigParser()
        config.read_string(text)
        self.scheduler = Scheduler(resources={}, clock=self.clock, store=self.store)
        self.keeper = Timekeeper(triggers(config, self._plugins), self.scheduler, self.clock)
        self.scheduler.add_worker("pool", [("assistant", True), ("pool", {"modules": [], "queues": [], "labels": []})])

    def look(self, after: float = 0) -> None:
        self.clock.advance(after)
        self.keeper.look()

    def pass_time(self, seconds: int, step: int = 1) -> None:
        for _ in range(0, seconds, step):
            self.look(step)

    def submissions(self) -> list[str]:
        return sorted(one["id"] for one in self.scheduler.view(Question("submissions")))

    def trigger(self, name: str = "x") -> dict[str, Any]:
        found: dict[str, Any] = self.scheduler.view(Question("trigger", name))
        return found

    def work(self, status: str = "DONE") -> int:
        """Do all there is to be done. How much that was."""
        taken = self.scheduler.exchange("pool", [], 100).assignments
        reports = [Report(one.task_id, one.token, status, retriable=False) for one in taken]
        self.scheduler.exchange("pool", reports, 0)
        return len(taken)


@pytest.fixture
def serving() -> Callable[..., Server]:
    """Makes a server with one trigger, `x`, that has looked once."""

    def make(text: str, *plugins: object) -> Server:
        server = Server(f"[trigger.x]\n{text}", plugins)
        server.look()
        return server

    return make


Serving = Callable[..., Server]


def test_the_time_table_of_a_new_trigger_begins_now(serving: Serving) -> None:
    server = serving(EACH_MINUTE)
    server.look(29)
    assert server.submissions() == []
    server.look(1)
    assert server.submissions() == ["trigger-x-20260301T120100Z"]


def test_what_is_submitted_is_the_task_and_it_is_not_planned(serving: Serving) -> None:
    server = serving(EACH_MINUTE + "queue = \nlabels = \npriority = 3\n")
    server.look(30)
    [assigned] = server.scheduler.exchange("pool", [], 5).assignments
    assert (assigned.family, assigned.module, dict(assigned.params)) == ("Sum", "shop", {"minute": "2026-03-01T1201"})
    assert assigned.unplanned
    assert assigned.submission == "trigger-x-20260301T120100Z"


def test_each_time_fires_once(serving: Serving) -> None:
    server = serving(EACH_MINUTE)
    for _ in range(5 * 60):
        server.look(1)
        server.work()
    assert [one[-5:-1] for one in server.submissions()] == ["0100", "0200", "0300", "0400", "0500"]


def test_a_restart_neither_drops_nor_repeats(serving: Serving) -> None:
    server = serving(EACH_MINUTE)
    for _ in range(5 * 60):
        server.clock.advance(1)
        if server.clock.now() % 7 == 0:
            server.restart(f"[trigger.x]\n{EACH_MINUTE}")
        server.look()
        server.work()
    assert [one[-5:-1] for one in server.submissions()] == ["0100", "0200", "0300", "0400", "0500"]


def test_looking_twice_does_no_harm(serving: Serving) -> None:
    server = serving(EACH_MINUTE)
    server.look(30)
    server.work()
    for _ in range(5):
        server.look()
    assert len(server.submissions()) == 1


def test_two_who_look_fire_once(serving: Serving) -> None:
    server = serving(EACH_MINUTE)
    other = Timekeeper(server.keeper._triggers, server.scheduler, server.clock)
    server.clock.advance(30)
    server.look()
    other.look()
    assert len(server.submissions()) == 1


# --- a time without a server ---------------------------------------------------------------------------------------


def test_the_last_of_what_was_missed_is_made_up_for(serving: Serving) -> None:
    server = serving(HOURLY)
    server.look(10 * 3600)
    assert server.submissions() == ["trigger-x-20260301T220000Z"]


def test_nothing_is_made_up_for_where_that_is_said(serving: Serving, caplog: pytest.LogCaptureFixture) -> None:
    server = serving(HOURLY + "catch_up = none\n")
    server.look(10 * 3600 + 120)
    assert server.submissions() == []
    assert "what was due until 2026-03-01 22:00:00+00:00 is not made up for" in caplog.text
    server.look(3600)
    assert server.submissions() == [], "it was due two and a half minutes ago"
    server.pass_time(3600, 30)
    assert server.submissions() == ["trigger-x-20260302T000000Z"]


def test_a_server_that_starts_anew_is_in_time(serving: Serving) -> None:
    server = serving(HOURLY + "catch_up = none\n")
    server.look(3570 + 45)
    assert server.submissions() == ["trigger-x-20260301T130000Z"]


def test_all_is_made_up_for_one_after_the_other(serving: Serving) -> None:
    server = serving(HOURLY + "catch_up = all\noverlap = queue\ncatch_up_most = 3\n")
    server.look(10 * 3600)
    assert server.submissions() == ["trigger-x-20260301T200000Z"]
    assert [one["submission"][-8:] for one in server.trigger()["waiting"]] == ["T210000Z", "T220000Z"]
    assert [server.work() for _ in range(4)] == [1, 1, 1, 0]
    assert [one[-7:-1] for one in server.submissions()] == ["200000", "210000", "220000"]


# --- while the last one goes on ------------------------------------------------------------------------------------


def test_what_falls_due_meanwhile_is_skipped(serving: Serving) -> None:
    server = serving(EACH_MINUTE)
    server.pass_time(180, 30)
    assert server.submissions() == ["trigger-x-20260301T120100Z"]
    server.work()
    server.pass_time(60, 30)
    assert [one[-5:-1] for one in server.submissions()] == ["0100", "0400"]


def test_what_falls_due_meanwhile_waits(serving: Serving) -> None:
    server = serving(EACH_MINUTE + "overlap = queue\n")
    server.pass_time(180, 30)
    assert len(server.submissions()) == 1
    assert [server.work() for _ in range(4)] == [1, 1, 1, 0]


def test_what_falls_due_meanwhile_replaces(serving: Serving) -> None:
    server = serving(EACH_MINUTE + "overlap = replace\n")
    server.pass_time(120, 30)
    [assigned] = server.scheduler.exchange("pool", [], 5).assignments
    assert dict(assigned.params) == {"minute": "2026-03-01T1202"}
    statuses = {one["id"][-5:-1]: one["status"] for one in server.scheduler.view(Question("submissions"))}
    assert statuses == {"0100": "CANCELLED", "0200": ""}


# --- orders --------------------------------------------------------------------------------------------------------


def test_a_paused_one_fires_nothing_and_makes_up_for_nothing(serving: Serving) -> None:
    server = serving(EACH_MINUTE)
    server.scheduler.control(Order("pause_trigger", "x"))
    server.pass_time(300, 30)
    server.restart(f"[trigger.x]\n{EACH_MINUTE}")
    server.pass_time(60, 30)
    assert server.submissions() == []
    server.scheduler.control(Order("unpause_trigger", "x"))
    server.look()
    assert server.submissions() == []
    server.look(60)
    assert len(server.submissions()) == 1


def test_one_is_run_now_and_its_time_table_stays(serving: Serving) -> None:
    server = serving(HOURLY)
    before = server.trigger()["last_due"]
    submission, outcome = server.keeper.run("x", "ann")
    assert (outcome, server.submissions()) == ("submitted", [submission])
    assert server.trigger()["last_due"] == before
    [found] = server.scheduler.view(Question("submissions"))
    assert (found["by"], found["kind"], found["name"]) == ("ann", "trigger", "x")
    assert server.keeper.run("x")[1] == "skipped"


def test_one_that_is_paused_can_be_run_now(serving: Serving) -> None:
    server = serving(HOURLY)
    server.scheduler.control(Order("pause_trigger", "x"))
    assert server.keeper.run("x")[1] == "submitted"


def test_how_it_went_is_known_long_after(serving: Serving) -> None:
    server = serving(HOURLY)
    server.look(3600)
    began = server.clock.now()
    server.clock.advance(5)
    server.work("FAILED")
    for _ in range(60):
        server.clock.advance(60)
        server.scheduler.tick()
    assert server.submissions() == []
    found = server.trigger()
    assert (found["last_submission"], found["last_status"]) == ("trigger-x-20260301T130000Z", "FAILED")
    assert (found["last_began"], found["last_ended"]) == (began, began + 5)


# --- jitter, troubles ----------------------------------------------------------------------------------------------


def test_jitter_delays_and_templates_go_by_what_was_due(serving: Serving) -> None:
    server = serving(HOURLY + "jitter = 30 min\n")
    delay = server.keeper._triggers["x"].delay.total_seconds()
    server.look(delay - 30 - 1)
    assert server.submissions() == []
    server.look(2)
    assert server.submissions() == ["trigger-x-20260301T120000Z"]
    [assigned] = server.scheduler.exchange("pool", [], 5).assignments
    assert dict(assigned.params) == {"hour": "2026-03-01T12"}


class Moody:
    """A plugin whose time-table raises as long as somebody wants it to."""

    is_moody = True

    @luigi.hookimpl
    def luigi_triggers(self) -> Iterator[Provider]:
        yield Provider("moody", lambda zone: self)

    def after(self, moment: datetime) -> datetime | None:
        if self.is_moody:
            raise RuntimeError("not today")
        return Every(3600).after(moment)


def test_a_trigger_that_raises_hurts_no_other_and_is_logged_once(
    serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    moody = Moody()
    server = serving(f"type = moody\ntask = a:B\n[trigger.y]\n{HOURLY}", moody)
    server.pass_time(3600, 60)
    assert server.submissions() == ["trigger-y-20260301T130000Z"]
    errors = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert errors == ["trigger x could not be looked at: RuntimeError: not today"]
    moody.is_moody = False
    server.look()
    assert "trigger-x-20260301T130000Z" in server.submissions()


def test_nothing_is_fired_while_the_store_is_away(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serving(EACH_MINUTE)

    def away(entries: object) -> None:
        raise StoreAway("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(server.store, "append", away)
        with pytest.raises(StoreAway):
            server.look(30)
    server.restart(f"[trigger.x]\n{EACH_MINUTE}")
    server.look()
    assert server.submissions() == ["trigger-x-20260301T120100Z"]


def test_one_that_there_is_not_cannot_be_run(serving: Serving) -> None:
    with pytest.raises(KeyError):
        serving(HOURLY).keeper.run("y")


def test_a_table_that_ends_is_asked_no_more(serving: Serving) -> None:
    class Once(Moody):
        asked = 0

        def after(self, moment: datetime) -> datetime | None:
            self.asked += 1
            due = datetime(2026, 3, 1, 13, tzinfo=UTC)
            return due if moment < due else None

    once = Once()
    server = serving("type = moody\ntask = a:B\n", once)
    server.pass_time(7200, 60)
    assert server.submissions() == ["trigger-x-20260301T130000Z"]
    before = once.asked
    server.pass_time(7200, 60)
    assert once.asked == before


def test_a_refusal_of_the_scheduler_is_an_error_to_who_asks(serving: Serving) -> None:
    server = serving(EACH_MINUTE)
    server.look(30)
    with pytest.raises(KernelError, match="does not fire"):
        server.scheduler.fire("x", START, "trigger-x-again", ())
