"""Whole runs whose history is kept in a real database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.configuration import get_config

Ask = Callable[[str], list[tuple[Any, ...]]]


class KeptPart(luigi.Task):
    folder = luigi.PathParameter()
    n = luigi.IntParameter()

    def output(self) -> Any:
        return luigi.LocalTarget(self.folder / str(self.n))

    def run(self) -> None:
        if self.n == 7:
            raise RuntimeError("no sevens")
        self.output().makedirs()
        self.output().open("w").close()


class KeptWhole(luigi.WrapperTask):
    folder = luigi.PathParameter()

    def requires(self) -> Any:
        return [KeptPart(folder=self.folder, n=n) for n in range(20)]


@pytest.fixture
def kept_in(database: str) -> Iterator[None]:
    """Local runs are kept in the database."""
    get_config().set("task_history", "db_connection", database)
    get_config().set("task_history", "local_runs", "true")
    yield
    get_config().remove_section("task_history")


@pytest.mark.usefixtures("kept_in")
@pytest.mark.parametrize("workers", [1, 3])
def test_all_of_a_run_is_kept(workers: int, tmp_path: Path, rows: Ask, caplog: pytest.LogCaptureFixture) -> None:
    """Also where the tasks' processes are forked while a connection is open."""
    for _ in range(2):
        luigi.build([KeptWhole(folder=tmp_path / "out")], local_scheduler=True, workers=workers)
    assert rows("SELECT status, count(*) FROM attempts GROUP BY status ORDER BY status") == [
        ("DONE", 19),
        ("FAILED", 2),
    ]
    assert rows("SELECT count(*) FROM attempts WHERE error LIKE '%no sevens%' AND ended >= started") == [(2,)]
    assert rows("SELECT event_name, count(*) FROM task_events GROUP BY event_name ORDER BY event_name") == [
        ("DONE", 19 + 19),  # in the second run they are found done
        ("FAILED", 2),
        ("PENDING", 21 + 2),
        ("RUNNING", 19 + 2),
    ]
    assert rows("SELECT status FROM runs WHERE ended >= began AND roots LIKE '%KeptWhole%'") == [("FAILED",)] * 2
    assert rows("SELECT count(*) FROM attempts a JOIN runs r ON r.id = a.run_id") == [(21,)]
    assert not [message for message in caplog.messages if "task history" in message]
