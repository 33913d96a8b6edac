"""Queries as tasks, carried out on a real metastore's tables."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.configuration import LuigiConfigParser
from luigi.contrib.hadoop import HadoopJobError
from luigi.contrib.hive import HivePartitionTarget, HiveQueryTask, HiveTableTarget, run_hive_cmd, run_hive_script
from luigi.task import Task
from luigi.testing.contracts import RemoteJobContract

pytestmark = pytest.mark.service("hive")


@pytest.fixture(autouse=True)
def _here(hive: Any) -> None:
    """Hive runs."""


class HiveCount(HiveQueryTask):
    """Counts words into a partition."""

    day = luigi.Parameter()
    said: list[Any]

    def query(self) -> str:
        return (
            "CREATE TABLE IF NOT EXISTS counts (word STRING, n BIGINT) PARTITIONED BY (day STRING) STORED AS TEXTFILE;"
            "INSERT OVERWRITE TABLE counts PARTITION (day='${hivevar:day}') "
            "SELECT word, sum(n) FROM words GROUP BY word"
        )

    def hivevars(self) -> dict[str, Any]:
        return {"day": self.day}

    def output(self) -> HivePartitionTarget:
        return HivePartitionTarget("counts", {"day": self.day}, "shop", fail_missing_table=False)


class HiveStatement(HiveQueryTask):
    """One statement, of which nothing is left."""

    statement = luigi.Parameter()
    was_run = False

    def query(self) -> str:
        return self.statement  # type: ignore[no-any-return]

    def run(self) -> None:
        super().run()
        self.was_run = True

    def output(self) -> list[Any]:
        return []

    def complete(self) -> bool:
        return self.was_run


@pytest.fixture
def shop(tmp_path: Path) -> None:
    """The configured commands of every query: they use the database."""
    rc = tmp_path / "hiverc"
    rc.write_text("use shop")
    LuigiConfigParser.instance().set("hive", "hiverc_location", str(rc))


@pytest.mark.usefixtures("shop")
def test_a_query_fills_its_partition(monkeypatch: pytest.MonkeyPatch) -> None:
    run_hive_cmd("insert into shop.words values ('fish', 2), ('fish', 3), ('é', 1)")
    task, urls, progress = HiveCount(day="2013-01-25"), list[str](), list[float]()
    monkeypatch.setattr(HiveCount, "set_tracking_url", lambda task, url: urls.append(url))
    monkeypatch.setattr(HiveCount, "set_progress_percentage", lambda task, percentage: progress.append(percentage))
    assert not task.complete()
    task.run()
    assert task.complete()
    assert run_hive_cmd("select * from shop.counts order by n").splitlines() == [
        "é\t1\t2013-01-25",
        "fish\t5\t2013-01-25",
    ]
    assert [url.partition("/job_")[0] for url in urls] == ["http://127.0.0.1:8088/proxy"]
    assert progress == [25]


def test_a_script_is_run(tmp_path: Path) -> None:
    (tmp_path / "script.hql").write_text("use shop;\nselect 'a;b', 1; -- the end")
    assert run_hive_script(str(tmp_path / "script.hql")) == "a;b\t1\n"


def test_a_query_that_hive_refuses(tmp_path: Path) -> None:
    with pytest.raises(HadoopJobError, match="Table not found") as error:
        HiveStatement(statement="select * from absent").run()
    assert "FAILED: SemanticException" in (error.value.err or "")


def test_a_table_that_a_query_made_is_there() -> None:
    target = HiveTableTarget("made", "shop")
    assert not target.exists()
    HiveStatement(statement="create table shop.made (n int)").run()
    assert target.exists()


class TestQueries(RemoteJobContract):
    last_words = "Table not found"
    says_where = True

    def succeeding(self) -> Task:
        return HiveStatement(statement="select count(*) from shop.words")

    def failing(self) -> Task:
        return HiveStatement(statement="select * from absent")

    def endless(self) -> Task:
        return HiveStatement(statement="select count(distinct id * 7 % 1000003) from range(100000000000)")

    def is_running(self, task: Task) -> bool:
        return bool(run_hive_cmd("show running").strip())

    @pytest.fixture(autouse=True)
    def _hive_runs_nothing_else(self) -> None:
        assert not subprocess.run(["mapred", "job", "-kill", "none"], check=False).returncode
