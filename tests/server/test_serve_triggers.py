"""Triggers of a real server with a state on disk: over kills of it, and of one beside it, each due time fires once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from luigi.clock import SYSTEM
from luigi.interfaces import Question, Report
from luigi.rpc import RemoteScheduler

KILLS = 5
CONFIG = """
[server]
tick_interval = 0.05
[trigger.x]
type = interval
every = 1
task = shop:Tick
timestamp = {timestamp}
overlap = queue
catch_up = all
"""


class Pool:
    """A pool's worker that notes what it was handed."""

    def __init__(self, url: str) -> None:
        self.scheduler = RemoteScheduler(url)
        self.ticks: list[int] = []
        pool = {"modules": [], "queues": [], "labels": []}
        self.scheduler.add_worker("pool", [("assistant", True), ("pool", pool)])

    def work(self) -> None:
        """Do what there is to be done."""
        for one in self.scheduler.exchange("pool", [], 10).assignments:
            assert one.submission.startswith("trigger-x-")
            self.ticks.append(int(one.params["timestamp"]))
            self.scheduler.exchange("pool", [Report(one.task_id, one.token, "DONE")], 0)

    def work_until(self, moment: float) -> None:
        """Work until what was due then is done."""
        late = SYSTEM.monotonic() + 60
        while not self.ticks or self.ticks[-1] < moment:
            assert SYSTEM.monotonic() < late, self.ticks
            self.work()
            SYSTEM.sleep(0.02)
        self.scheduler.close()


def first_look(url: str) -> float:
    """Wait until the server has looked at the trigger; what its time-table began with."""
    late, scheduler = SYSTEM.monotonic() + 30, RemoteScheduler(url)
    while not (rows := scheduler.view(Question("triggers"))):
        assert SYSTEM.monotonic() < late
        SYSTEM.sleep(0.02)
    scheduler.close()
    return float(rows[0]["last_due"])


def each_second_once(ticks: list[int]) -> None:
    assert ticks == list(range(ticks[0], ticks[-1] + 1))


def test_kills_neither_drop_nor_repeat_a_firing(start_server: Callable[..., Any]) -> None:
    server, random = start_server(config=CONFIG), Random(10)
    began = first_look(server.url)
    for _ in range(KILLS):
        SYSTEM.sleep(random.uniform(0.3, 1.5))  # it is to die at any point of a second
        server.kill()
        server.start()
    pool = Pool(server.url)
    pool.work_until(SYSTEM.now())
    each_second_once(pool.ticks)
    assert pool.ticks[0] <= began + 1
    assert len(pool.ticks) > KILLS // 2


def test_one_of_two_servers_fires_and_the_other_goes_on(start_server: Callable[..., Any], tmp_path: Path) -> None:
    state = ("--state-path", str(tmp_path / "shared.sqlite"))
    first = start_server(*state, config=CONFIG)
    second = start_server(*state, config=CONFIG, leads=False)
    SYSTEM.sleep(1.2)
    for dying, leading in ((first, second), (second, first)):
        dying.kill()
        leading._wait_until_it_leads()
        SYSTEM.sleep(1.2)
        dying.start(leads=False)
    pool = Pool(first.url)
    pool.work_until(SYSTEM.now())
    each_second_once(pool.ticks)
    assert len(pool.ticks) >= 3


def test_a_section_that_cannot_be_stops_the_start_by_file_section_and_option(
    start_server: Callable[..., Any],
) -> None:
    with pytest.raises(pytest.fail.Exception, match=r"luigi\.cfg:7: \[trigger\.x\] timezone: no time zone Berlin"):
        start_server(config=CONFIG.replace("every = 1", "every = 1\ntimezone = Berlin"))
