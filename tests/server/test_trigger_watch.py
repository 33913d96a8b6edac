"""The thread that has triggers fire: as long as the server leads, over a store that is away and plugins that raise."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest

import luigi
from luigi.clock import SYSTEM
from luigi.configuration import LuigiConfigParser
from luigi.errors import StoreAway
from luigi.hookspecs import Provider
from luigi.interfaces import Question
from luigi.plugin_manager import PluginManager
from luigi.scheduler import Scheduler
from luigi.server import office as offices
from luigi.server.config import ServerSettings
from luigi.server.office import Office
from luigi.server.standing import Alone
from luigi.server.trigger_watch import trigger_watch
from luigi.testing import FakeClock, MemoryStateStore

EACH_MINUTE = "[trigger.x]\ntype = cron\ncron = * * * * *\ntask = shop:Sum\n"


class Leaky(MemoryStateStore):
    """A store that is away as long as it is told to be."""

    is_away = False

    def append(self, entries: Sequence[tuple[int, str]]) -> None:
        if self.is_away:
            raise StoreAway("the disk is full")
        super().append(entries)


def until(holds: Callable[[], bool]) -> None:
    late = SYSTEM.monotonic() + 30
    while not holds():
        assert SYSTEM.monotonic() < late, "it did not come about"
        SYSTEM.sleep(0.01)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Has the triggers of a configuration fire at a scheduler: `with kept(text) as (scheduler, clock, store)`."""

    @contextmanager
    def keep(text: str, *plugins: object) -> Iterator[tuple[Scheduler, FakeClock, Leaky]]:
        config, clock, store = LuigiConfigParser(), FakeClock(1000.0), Leaky()
        config.read_string(text)
        monkeypatch.setattr(offices, "get_config", lambda: config)
        scheduler = Scheduler(resources={}, clock=clock, store=store)
        standing = Alone(scheduler)
        manager = PluginManager.with_installed(plugins)
        settings = ServerSettings(tick_interval=0.01)
        office = Office(settings=settings, standing=standing, plugins=manager, clock=clock)
        standing.attach(trigger_watch(office))
        try:
            yield scheduler, clock, store
        finally:
            standing.close()

    return keep


def submissions(scheduler: Scheduler) -> int:
    return len(scheduler.view(Question("submissions")))


def begun(scheduler: Scheduler) -> bool:
    return bool(scheduler.view(Question("triggers")))


def watches() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "luigi-triggers"]


def test_they_fire_as_long_as_the_server_leads(kept: Any) -> None:
    with kept(EACH_MINUTE) as (scheduler, clock, _):
        until(lambda: begun(scheduler))
        clock.advance(60)
        until(lambda: submissions(scheduler) == 1)
        assert watches()
    assert not watches()
    clock.advance(60)
    assert submissions(scheduler) == 1


def test_without_triggers_nobody_looks(kept: Any) -> None:
    with kept("") as (scheduler, _, _):
        assert not watches()
        assert not begun(scheduler)


def test_a_store_that_is_away_is_told_once_and_waited_for(kept: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "luigi.server")
    with kept(EACH_MINUTE) as (scheduler, clock, store):
        until(lambda: begun(scheduler))
        store.is_away = True
        clock.advance(60)
        until(lambda: "triggers have to wait" in caplog.text)
        store.is_away = False
        until(lambda: scheduler.tick() is None and submissions(scheduler) == 1)
    assert caplog.text.count("triggers have to wait: the disk is full") == 1


class Cheerless:
    """A plugin whose time-table raises what is no error."""

    @luigi.hookimpl
    def luigi_triggers(self) -> Iterator[Provider]:
        yield Provider("cheerless", lambda zone: self)

    def after(self, moment: datetime) -> datetime | None:
        raise ValueError("no time like the present")


def test_a_plugin_that_raises_keeps_nobody_from_firing(kept: Any) -> None:
    text = f"[trigger.a]\ntype = cheerless\ntask = a:B\n{EACH_MINUTE}"
    with kept(text, Cheerless()) as (scheduler, clock, _):
        until(lambda: len(scheduler.view(Question("triggers"))) == 2)
        clock.advance(60)
        until(lambda: submissions(scheduler) == 1)
