"""Time comes from core/clock.py alone, so that a test can put a fake clock in its place."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

# Where the hour is asked for without the clock: a place, and why that is right.
ALLOWED = {"core/clock.py": "it is the clock"}
CALENDAR = {"date", "datetime"}
READINGS = {"now", "today", "utcnow"}


def readings(tree: ast.Module) -> Iterator[int]:
    """The lines on which the machine's clock is read, or could be."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and any(name.name.split(".")[0] == "time" for name in node.names):
            yield node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module == "time" and node.level == 0:
            yield node.lineno
        elif isinstance(node, ast.Attribute) and node.attr in READINGS and _last_name(node.value) in CALENDAR:
            yield node.lineno


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


@pytest.mark.parametrize(
    "code",
    [
        "import time",
        "from time import monotonic",
        "import datetime\ndef f(): return datetime.datetime.now()",
        "from datetime import date\nf = date.today",
        "import datetime as dt\nx = dt.datetime.utcnow()",
    ],
)
def test_a_reading_is_seen(code: str) -> None:
    assert list(readings(ast.parse(code)))


@pytest.mark.parametrize("code", ["SYSTEM.now()", "self._clock.now()", "import timeit", "datetime.date(2013, 7, 4)"])
def test_what_is_no_reading_is_let_be(code: str) -> None:
    assert not list(readings(ast.parse(code)))


def test_time_comes_from_the_clock(sources) -> None:
    found = [f"{s.place}:{line}" for s in sources() if s.place not in ALLOWED for line in readings(s.tree)]
    assert not found, "ask luigi.clock instead"


def test_every_exception_is_still_needed(sources) -> None:
    reading = {source.place for source in sources() if list(readings(source.tree))}
    assert set(ALLOWED) <= reading
