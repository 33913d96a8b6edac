"""`kernel triggers`: what a server starts by itself, looked at and ordered about from a command line."""

from __future__ import annotations

import re
from typing import Any

import pytest

from luigi.rpc import RemoteScheduler

SECTIONS = """
[trigger.nightly]
type = cron
cron = 0 2 * * *
timezone = Europe/Berlin
task = shop:NightlySum
date = {date:-1d}
[trigger.yearly]
type = cron
cron = @yearly
task = shop:YearlySum
"""


@pytest.fixture(scope="module")
def timed(start_shared_server: Any) -> Any:
    """A server with triggers."""
    return start_shared_server(config=SECTIONS)


@pytest.fixture
def triggers(kernel: Any, timed: Any) -> Any:
    """Runs `kernel triggers` with these arguments against it."""
    return lambda *args: kernel("triggers", *args, "--scheduler-url", timed.url)


def test_they_are_listed_with_what_is_next(triggers: Any) -> None:
    said = triggers()
    head, nightly, yearly = said.out.splitlines()
    assert head.split() == ["TRIGGER", "TASK", "WHEN", "ZONE", "NEXT", "LAST", "RUN", "HOW", "IT", "WENT"]
    assert nightly.startswith("nightly  NightlySum  cron = 0 2 * * *  Europe/Berlin")
    assert re.search(r"UTC +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", yearly)
    assert triggers("list", "--json").json["triggers"][0]["params"] == {"date": "{date:-1d}"}


def test_what_comes_is_told_with_its_parameters(triggers: Any) -> None:
    lines = triggers("next", "nightly", "--count", "3").out.splitlines()
    assert len(lines) == 4
    assert re.fullmatch(r"nightly +\d{4}-\d\d-\d\dT02:00:00\+0[12]:00 +\S+ \S+ +date=\d{4}-\d\d-\d\d", lines[1])


def test_what_comes_of_all_is_in_order(triggers: Any) -> None:
    found = triggers("next", "--count", "4", "--json").json["coming"]
    assert len(found) == 4
    assert [one["fires"] for one in found] == sorted(one["fires"] for one in found)
    assert found[0]["name"] == "nightly"


def test_some_are_paused_and_unpaused(triggers: Any) -> None:
    assert triggers("pause", "nightly", "yearly").out == "nightly is paused\nyearly is paused\n"
    assert all("  paused" in line for line in triggers("list").out.splitlines()[1:])
    assert triggers("unpause", "nightly", "yearly").out == "nightly fires again\nyearly fires again\n"
    assert [one["paused"] for one in triggers("--json").json["triggers"]] == [False, False]


def test_one_is_run_now(triggers: Any, timed: Any) -> None:
    said = triggers("run", "yearly")
    assert re.fullmatch(r"yearly: trigger-yearly-\S+ is submitted\n", said.out)
    assert triggers("run", "yearly", "--json").json["fired"][0]["outcome"] == "skipped"
    assert triggers().out.splitlines()[2].endswith("goes on")
    scheduler = RemoteScheduler(timed.url)
    pool = {"modules": ["shop"], "queues": [], "labels": []}
    scheduler.add_worker("pool", [("assistant", True), ("pool", pool)])
    [assigned] = scheduler.exchange("pool", [], 2).assignments
    scheduler.close()
    assert assigned.family == "YearlySum"


def test_a_trigger_there_is_not_is_named_with_the_nearest(triggers: Any) -> None:
    said = triggers("pause", "nightli")
    assert (said.code, said.out) == (1, "")
    assert said.err == "error: no trigger is called 'nightli'\nhint: did you mean nightly?\n"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("run",), "run needs the name of a trigger"),
        (("list", "nightly"), "list takes no names: kernel triggers next nightly"),
        (("next", "a", "b"), "next takes one name"),
        (("next", "--count", "0"), "--count 0: it is from 1 to 100"),
        (("stop", "nightly"), "invalid choice: 'stop'"),
    ],
)
def test_a_command_line_that_cannot_be_read_is_refused(triggers: Any, args: tuple[str, ...], said: str) -> None:
    ended = triggers(*args)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_without_any_it_says_where_they_are_written(kernel: Any, server: Any) -> None:
    said = kernel("triggers", "--scheduler-url", server.url)
    assert said.out == "no triggers: they are sections [trigger.NAME] of the server's configuration\n"
    assert kernel("triggers", "next", "--scheduler-url", server.url).out == "nothing is due\n"
