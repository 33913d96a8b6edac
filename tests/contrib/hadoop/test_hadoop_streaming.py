"""Mappers and reducers by Hadoop's streaming: a job's code goes along, and its result is what it would be here."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from luigi.contrib._travel import archive
from luigi.contrib.hadoop import HadoopJobError
from luigi.target import FileAlreadyExists
from luigi.task import Task
from luigi.testing import run_task
from luigi.testing.contracts import RemoteJobContract

if TYPE_CHECKING:
    from conftest import Cluster

COUNTED = ["be\t3", "is\t1", "not\t1", "or\t1", "that\t1", "to\t3"]


class TestStreamingJobs(RemoteJobContract):
    last_words = "OSError: the disk is full"
    says_where = True

    @pytest.fixture(autouse=True)
    def _cluster(self, cluster: Cluster, words: ModuleType, tracked: str) -> None:
        self._running = cluster.is_running
        self._words = words

    def succeeding(self) -> Task:
        return self._words.HadoopWords()

    def failing(self) -> Task:
        return self._words.HadoopBroken()

    def endless(self) -> Task:
        return self._words.HadoopEndless()

    def is_running(self, task: Task) -> bool:
        return self._running(str(task))


def test_words_are_counted_with_a_combiner_json_counters_and_last_words(
    cluster: Cluster, words: ModuleType, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "luigi-interface")
    words.HadoopCombined().run()
    assert cluster.lines("/counts") == ["(mappers)\t2", "(reducers)\t1", "(reducers)\t1", *COUNTED]
    assert sorted(path.name for path in cluster.hdfs.iterdir()) == ["counts", "texts"]
    counters = [line.rpartition("Counter ")[2] for line in caplog.messages if "Counter " in line]
    assert counters == ["began=8", "combined=10", "words,lines=2"]


def test_in_this_process_the_result_is_the_same(words: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("to be or not to be\nthat is to be")
    task = words.HadoopLocal(text=str(tmp_path / "text"), counts=str(tmp_path / "counts"))
    run_task(task)
    assert sorted((tmp_path / "counts").read_text().splitlines()) == ["(mappers)\t1", "(reducers)\t1", *COUNTED]


def test_text_goes_through_as_it_is(cluster: Cluster, words: ModuleType) -> None:
    (cluster.hdfs / "texts" / "a").write_bytes("été\r\nœuvre \x85 1\n".encode() + b"\xff\xfe\n")
    (cluster.hdfs / "texts" / "b").write_text("")
    run_task(words.HadoopWords())
    assert (cluster.hdfs / "counts" / "part-00000").read_bytes() or (
        cluster.hdfs / "counts" / "part-00001"
    ).read_bytes()
    parts = [path.read_bytes() for path in sorted((cluster.hdfs / "counts").glob("part-*"))]
    assert sorted(b"".join(parts).splitlines()) == sorted(
        ["été\t1".encode(), "œuvre\t1".encode(), b"1\t1", b"\xff\xfe\t1"]
    )


def test_where_it_can_be_followed_and_how_far_it_is_is_reported(
    cluster: Cluster, words: ModuleType, tracked: str
) -> None:
    task, said = words.HadoopWords(), list[Any]()
    task.set_tracking_url, task.set_status_message, task.set_progress_percentage = [said.append] * 3
    task.run()
    url, *progress = said
    assert url.startswith(f"{tracked}/proxy/application_")
    assert progress == ["map 0% reduce 0%", 0, "map 100% reduce 0%", 50, "map 100% reduce 100%", 100]


def test_the_error_says_what_the_failed_mapper_has_printed(cluster: Cluster, words: ModuleType, tracked: str) -> None:
    with pytest.raises(HadoopJobError) as error:
        words.HadoopBroken().run()
    first, where, *_ = str(error.value).splitlines()
    assert first.startswith("Hadoop job job_")
    assert first.endswith("failed with exit code 1")
    assert where.startswith(f"it could be followed at {tracked}/proxy/application_")
    assert 'hadoop_words.py", line' in str(error.value)
    assert "OSError: the disk is full" in str(error.value)
    assert str(error.value).endswith("ERROR streaming.StreamJob: Job not successful!")
    assert "subprocess failed with code 1" in (error.value.err or "")
    assert not list(cluster.hdfs.glob("broken*"))
    explained = words.HadoopBroken().on_failure(error.value)
    assert explained.startswith(f"Hadoop job failed with message: {error.value.message}\n\n    stdout:")


def test_without_web_services_the_error_says_so(cluster: Cluster, words: ModuleType) -> None:
    with pytest.raises(HadoopJobError, match="what its failed tasks printed could not be fetched: .*refused"):
        words.HadoopBroken().run()


def test_files_and_folders_come_along(cluster: Cluster, words: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "stop, words #1.txt").write_text("stop")
    (tmp_path / "data" / "deep").mkdir(parents=True)
    (tmp_path / "data" / "deep" / "list").write_text("list")
    files = [str(tmp_path / "stop, words #1.txt"), [str(tmp_path / "data"), "all"], [str(tmp_path / "data"), "a/b"]]
    names = ["stop, words #1.txt", "all/deep/list", "a/b/deep/list"]
    task = words.HadoopFiles(files=files, names=names)
    run_task(task)
    assert cluster.lines("/counts") == sorted(
        f"{name}\t{text}\t{task}" for name, text in zip(names, ["stop", "list", "list"], strict=True)
    )


def test_one_file_may_have_all_code_of_a_mapper_without_reducer(
    cluster: Cluster, words: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    binary = archive.write(["hadoop_words"], tmp_path).path
    with zipfile.ZipFile(binary, "a") as opened:  # which Python runs, as it does a pex
        opened.writestr("__main__.py", "import sys\nfrom luigi.contrib.mrrunner import main\nsys.exit(main())")
    monkeypatch.setattr(words.HadoopLines, "package_binary", binary)
    run_task(words.HadoopLines())
    assert cluster.lines("/counts") == ["to be or not to be\t19"]
    assert "luigi_runner.py" not in str(cluster.calls("hadoop", "jar"))


SCRIPT = """
import luigi
from luigi.contrib.hadoop import JobTask
from luigi.contrib.hdfs import HdfsTarget

class Text(luigi.ExternalTask):
    def output(self): return HdfsTarget("/texts/a")

class Report(JobTask):
    letters = luigi.Parameter()
    least = luigi.IntParameter()
    n_reduce_tasks = 1
    def requires(self): return Text()
    def output(self): return HdfsTarget("/report")
    def mapper(self, line): yield from ((letter, 1) for letter in line if letter in self.letters)
    def reducer(self, letter, counts): yield letter, max(self.least, sum(counts))

if __name__ == "__main__":
    Report("abn", 2).run()
"""


def test_a_script_runs_a_job_of_its_own(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "my-report.py").write_text(SCRIPT)
    folder = cluster.folder / "bin"
    (tmp_path / "luigi.cfg").write_text(
        f"[hadoopcli]\ncommand={folder}/hadoop\n"
        f"[hadoop]\nstreaming_jar=/streaming.jar\npython_executable={folder}/bare-python\n"
    )
    subprocess.run([sys.executable, "my-report.py"], cwd=tmp_path, check=True, capture_output=True)
    assert cluster.lines("/report") == ["b\t2", "n\t2"]


def test_what_is_there_already_is_left_alone(cluster: Cluster, words: ModuleType) -> None:
    cluster.write("/counts/part-00000", "old\t1\n")
    with pytest.raises(FileAlreadyExists):
        words.HadoopWords().run()
    assert cluster.lines("/counts") == ["old\t1"]


def test_an_input_that_is_not_there_fails_the_job(cluster: Cluster, words: ModuleType) -> None:
    with pytest.raises(HadoopJobError, match="Input path does not exist: hdfs://stand-in/nowhere"):
        words.HadoopWords(text="/nowhere").run()


def test_the_jobs_id_is_written_beside_its_output(
    cluster: Cluster, words: ModuleType, configured: Callable[..., None]
) -> None:
    configured("core", history_filename="_job.json")
    run_task(words.HadoopWords())
    assert (cluster.hdfs / "counts" / "_job.json").read_text().startswith('{"job_id": "job_')


def test_nothing_of_it_is_left_on_this_machine(
    cluster: Cluster, words: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    words.HadoopWords().run()
    with pytest.raises(HadoopJobError):
        words.HadoopBroken().run()
    assert not list((tmp_path / "tmp").iterdir())
