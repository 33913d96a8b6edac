"""The history that a server shows: opened when it is asked, and never in the way of the server's other calls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from luigi.configuration import get_config
from luigi.plugin_manager import PluginManager
from luigi.server.archive import AT_ONCE, Archive, NotKept, row_number
from luigi.server.problems import Problem


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Path]:
    """The history's file, which is not there yet."""
    path = tmp_path / "history.db"
    get_config().set("scheduler", "record_task_history", "true")
    get_config().set("task_history", "db_connection", f"sqlite:///{path}")
    yield path
    get_config().remove_section("task_history")
    get_config().remove_section("scheduler")


@pytest.fixture
def archive() -> Archive:
    return Archive(PluginManager.with_installed(()), patience=0.01)


def test_it_is_opened_by_the_first_question(archive: Archive, database: Path) -> None:
    assert not database.exists()
    with archive.asked() as history:
        assert list(history.runs(10).items) == []


def test_only_so_many_ask_at_a_time(archive: Archive, database: Path) -> None:
    with ExitStack() as asking:
        for _ in range(AT_ONCE):
            asking.enter_context(archive.asked())
        with pytest.raises(Problem, match="too much is asked") as raised, archive.asked():
            pass
        assert raised.value.status == 503
    with archive.asked():
        pass


@pytest.mark.parametrize(
    ("error", "becomes"),
    [(OSError("away"), Problem), (NotKept(), NotKept), (ValueError("a fault of ours"), ValueError)],
)
def test_a_question_that_fails_holds_no_turn(
    archive: Archive, database: Path, error: Exception, becomes: type[Exception]
) -> None:
    for _ in range(2 * AT_ONCE):
        with pytest.raises(becomes), archive.asked():
            raise error
    with archive.asked():
        pass


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("7", 7), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("", None), ("-1", None), ("x", None), ("٣", None)],
)
def test_the_number_of_a_row(text: str, number: int | None) -> None:
    assert row_number(text) == number


def test_without_one_no_turn_is_held_either(archive: Archive) -> None:
    for _ in range(2 * AT_ONCE):
        with pytest.raises(NotKept), archive.asked():
            pass
