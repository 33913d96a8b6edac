"""What is forgotten, and what is not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from luigi.plugins.histories.sql import retention
from luigi.plugins.histories.sql.history import SqlHistory
from luigi.telling import AttemptEnded, AttemptStarted, RunBegan, RunEnded, TaskFacts
from luigi.testing import FakeClock

NOW = 1_700_000_000.0
DAY = 86_400.0
TASKS = {"old": 10 * DAY, "middle": 5 * DAY, "new": 1 * DAY}
"""How long ago each was done."""

Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def filled(database: str) -> str:
    """A history in which three runs ran a task each."""
    with closing(SqlHistory(database)) as history:
        for number, (name, ago) in enumerate(TASKS.items()):
            task, at = TaskFacts(name, "Load", {"n": name}, worker_running=f"w {name}", token=number + 1), NOW - ago
            began, ended = RunBegan(f"w {name}", at), RunEnded(f"w {name}", at + 2, "SUCCESS")
            history.record([began, AttemptStarted(task, at, "h"), AttemptEnded(task, at + 1, True), ended])
    return database


def record_one_more(database: str, clock: FakeClock, **limits: Any) -> SqlHistory:
    history = SqlHistory(database, clock=clock, **limits)
    history.record([AttemptEnded(TaskFacts("now", "Load"), NOW, True)])
    return history


def left(rows: Ask) -> list[str]:
    names = [name for (name,) in rows("SELECT task_id FROM tasks ORDER BY id")]
    for table, column in (("task_events", "task_id"), ("attempts", "record_id"), ("task_parameters", "task_id")):
        assert rows(f"SELECT count(*) FROM {table} WHERE {column} NOT IN (SELECT id FROM tasks)") == [(0,)]
    return names


def runs(rows: Ask) -> list[str]:
    return [name.removeprefix("w ") for (name,) in rows("SELECT worker_id FROM runs ORDER BY id")]


def test_without_limits_everything_stays(filled: str, rows: Ask) -> None:
    record_one_more(filled, FakeClock(NOW + 1000 * DAY)).close()
    assert left(rows) == [*TASKS, "now"]


def test_what_is_older_than_so_many_days_goes(filled: str, rows: Ask) -> None:
    record_one_more(filled, FakeClock(NOW), keep_days=7).close()
    assert left(rows) == ["middle", "new", "now"]
    assert runs(rows) == ["middle", "new"]


def test_of_more_than_so_many_the_oldest_go(filled: str, rows: Ask) -> None:
    record_one_more(filled, FakeClock(NOW), keep_rows=2).close()
    assert left(rows) == ["new", "now"]
    assert runs(rows) == ["middle", "new"]


def test_a_task_to_which_something_happens_is_not_old(filled: str, rows: Ask) -> None:
    with closing(SqlHistory(filled, keep_days=7, clock=(clock := FakeClock(NOW)))) as history:
        old = TaskFacts("old", "Load")
        history.record([AttemptEnded(old, NOW, True)])
        clock.advance(6 * DAY)
        history.record([AttemptEnded(old, NOW + 6 * DAY, True)])
        clock.advance(6 * DAY)
        history.record([AttemptEnded(TaskFacts("other", "Load"), NOW + 12 * DAY, True)])
    assert left(rows) == ["old", "other"]
    assert len(rows("SELECT * FROM task_events")) == 3


def test_a_run_stays_as_long_as_its_attempts(filled: str, rows: Ask) -> None:
    with closing(SqlHistory(filled, keep_days=7, clock=FakeClock(NOW))) as history:
        with history.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE attempts SET run_id = (SELECT min(id) FROM runs) WHERE task_id = 'new'")
        history.record([AttemptEnded(TaskFacts("now", "Load"), NOW, True)])
    assert "old" in runs(rows)


def test_it_is_looked_for_once_an_hour(filled: str, rows: Ask) -> None:
    clock = FakeClock(NOW - 3 * DAY)
    with closing(record_one_more(filled, clock, keep_days=7)) as history:
        assert left(rows) == [*TASKS, "now"]
        clock.advance(3 * DAY)
        history.record([AttemptEnded(TaskFacts("now", "Load"), NOW + 5, True)])
        assert "middle" in left(rows)
        clock.advance(4 * DAY)
        history.record([AttemptEnded(TaskFacts("now", "Load"), NOW + 5, True)])
        assert "middle" not in left(rows)


def test_much_is_deleted_in_parts(filled: str, rows: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 1)
    record_one_more(filled, FakeClock(NOW), keep_rows=1).close()
    assert left(rows) == ["now"]


def test_when_it_fails_what_was_recorded_stays(filled: str, rows: Ask, caplog: pytest.LogCaptureFixture) -> None:
    with closing(SqlHistory(filled, keep_days=7, clock=FakeClock(NOW))) as history:
        with history.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE task_parameters")
        history.record([AttemptEnded(TaskFacts("now", "Load"), NOW, True)])
    assert "could not forget what is old" in caplog.text
    assert rows("SELECT count(*) FROM tasks WHERE task_id = 'now'") == [(1,)]
