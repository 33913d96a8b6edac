"""Jobs of real Spark: apps in Python and Java, and the code of tasks, here and on a standalone master."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.clock import SYSTEM
from luigi.contrib.remote_job import JobFailed
from luigi.contrib.spark import SparkSubmitTask
from luigi.task import Task
from luigi.testing.contracts import RemoteJobContract

PROGRAMS = Path(__file__).with_name("programs")
TEXT = "To be, or not\nto be."
COUNTS = "be 2\nnot 1\nor 1\nto 2\n"
pytestmark = [pytest.mark.service("spark"), pytest.mark.usefixtures("spark_jobs"), pytest.mark.timeout(300)]


@pytest.fixture(autouse=True)
def spark_section(luigi_config: Any) -> None:
    """Small, and on the loopback only."""
    luigi_config(
        "spark",
        conf="spark.driver.host=127.0.0.1|spark.driver.bindAddress=127.0.0.1|spark.cores.max=1",
        driver_memory="512m",
        executor_memory="512m",
    )


def is_running(pid: Path) -> bool:
    number = pid.read_text() if pid.exists() else ""
    state = subprocess.run(["ps", "-o", "stat=", "-p", number or "0"], capture_output=True, text=True, check=False)
    return state.stdout.strip()[:1] not in ("", "Z")


class TestPySparkJobs(RemoteJobContract):
    last_words = "OSError: the disk is full"
    patience = 120

    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path, luigi_config: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """Where, however a task ends, nothing of it is left."""
        luigi_config("pyspark_runner", use_spark_session=True)
        self._folder = tmp_path
        (tmp_path / "text").write_text(TEXT)
        (tmp_path / "tmp").mkdir()
        monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
        monkeypatch.setattr(tempfile, "tempdir", None)
        yield
        wait_until(lambda: not list((tmp_path / "tmp").glob("luigi-*")))

    def succeeding(self) -> Task:
        from spark_counting.jobs import SparkWordCount

        return SparkWordCount(text=str(self._folder / "text"), counts=str(self._folder / "counts"))

    def failing(self) -> Task:
        from spark_counting.jobs import SparkNeverBegun

        return SparkNeverBegun()

    def endless(self) -> Task:
        from spark_counting.jobs import SparkNeverBegun

        return SparkNeverBegun(pid=str(self._folder / "pid"))

    def is_running(self, task: Task) -> bool:
        """Its driver, which is Python, asleep, and not told that spark-submit was ended."""
        return is_running(self._folder / "pid")

    def test_a_job_that_succeeds_completes_its_task(self) -> None:
        super().test_a_job_that_succeeds_completes_its_task()
        assert (self._folder / "counts").read_text() == COUNTS
        assert (self._folder / "counts.called").read_text().startswith("SparkSession ('a b', '1') done 3.")


def test_executors_elsewhere_have_the_code_of_the_task(
    spark_service: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from spark_counting.jobs import SparkWordCount

    said, told = list[str](), list[str]()
    monkeypatch.setattr(SparkWordCount, "set_tracking_url", lambda task, url: said.append(url))
    monkeypatch.setattr(SparkWordCount, "set_status_message", lambda task, message: told.append(message))
    (tmp_path / "text").write_text(TEXT)
    SparkWordCount(text=str(tmp_path / "text"), counts=str(tmp_path / "counts"), master=spark_service).run()
    assert (tmp_path / "counts").read_text() == COUNTS
    assert (tmp_path / "counts.called").read_text().startswith("SparkContext ('a b', '1') done 3.")
    assert [url.rpartition(":")[0] for url in said] == ["http://127.0.0.1"]
    assert told[-1] == "stage 1: 2 of 2 tasks"


def test_an_app_in_python_is_run_as_the_manual_has_it(tmp_path: Path) -> None:
    class AggregateArtistsSpark(SparkSubmitTask):
        app = str(PROGRAMS / "top_artists_spark.py")
        master = "local[*]"

        def output(self) -> luigi.LocalTarget:
            return luigi.LocalTarget(tmp_path / "counts")

        def app_options(self) -> Sequence[Any]:
            return [f"{tmp_path}/one.tsv,{tmp_path}/two.tsv", self.output().path]

    (tmp_path / "one.tsv").write_text("1\tElla\tx\n2\tNina\ty\n")
    (tmp_path / "two.tsv").write_text("3\tElla\tz\n")
    AggregateArtistsSpark().run()
    (part,) = (tmp_path / "counts").glob("part-*")
    assert part.read_text() == "Ella\t2\nNina\t1\n"


class SparkJar(SparkSubmitTask):
    """The app in Java; its driver runs on the worker."""

    app = luigi.Parameter()
    master = luigi.Parameter()
    words = luigi.ListParameter()
    entry_class = "SparkWordCount"
    deploy_mode = "cluster"

    def app_options(self) -> Sequence[Any]:
        return self.words


class TestClusterMode:
    @pytest.fixture(autouse=True)
    def _place(self, spark_service: str, word_count_jar: Path) -> None:
        self._place = {"app": str(word_count_jar), "master": spark_service}

    def test_a_task_lasts_as_long_as_its_job(self, tmp_path: Path) -> None:
        (tmp_path / "text").write_text("to be or not to be")
        SparkJar(words=["count", str(tmp_path / "text"), str(tmp_path / "counts")], **self._place).run()
        assert (tmp_path / "counts").read_text() == COUNTS

    def test_a_driver_that_fails_fails_its_task_though_the_exit_code_is_0(self) -> None:
        with pytest.raises(JobFailed, match=r"Spark's driver-\d+-\d+ ended as (FAILED|ERROR)"):
            SparkJar(words=["fail"], **self._place).run()

    def test_a_driver_is_ended_with_its_task(self, tmp_path: Path) -> None:
        pid = tmp_path / "pid"

        class SparkGivenUp(SparkJar):
            def listeners(self) -> Sequence[Any]:
                return [*super().listeners(), self.give_up]

            def give_up(self, stream: str, line: str) -> None:
                if "is RUNNING" in line:
                    wait_until(pid.exists)
                    raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            SparkGivenUp(words=["last", str(pid)], **self._place).run()
        wait_until(lambda: not is_running(pid))


def wait_until(happens: Any) -> None:
    until = SYSTEM.monotonic() + 120
    while not happens():
        assert SYSTEM.monotonic() < until
        SYSTEM.sleep(0.1)
