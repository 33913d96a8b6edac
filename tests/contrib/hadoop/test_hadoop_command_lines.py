"""What `hadoop jar` is called with for a streaming job."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import luigi
from luigi.contrib import hadoop
from luigi.contrib.hadoop import DefaultHadoopJobRunner, HadoopJobError, HadoopJobRunner, JobTask
from luigi.contrib.hdfs import HdfsFlagTarget, HdfsTarget
from luigi.contrib.s3 import S3FlagTarget, S3Target
from luigi.errors import KernelError

if TYPE_CHECKING:
    from conftest import Cluster


class HadoopInput(luigi.ExternalTask):
    """One input."""

    path = luigi.Parameter()

    def output(self) -> Any:
        return S3Target(self.path) if self.path.startswith("s3:") else HdfsTarget(self.path)


class HadoopCommandLine(JobTask):
    """Its class is the kernel's own as far as other machines are concerned: no job of it runs."""

    runner: Any = None
    made: Any = None
    priority_of_job = "HIGH"

    def requires(self) -> Any:
        return [HadoopInput(path="/in/a b"), HadoopInput(path="/in/c")]

    def output(self) -> Any:
        return self.made or HdfsTarget("/out/of job/")

    def job_runner(self) -> Any:
        return self.runner or DefaultHadoopJobRunner()

    def reducer(self, key: Any, values: Any) -> Any: ...


@pytest.fixture
def task(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> HadoopCommandLine:
    """One that fails at once: there are no inputs."""
    monkeypatch.setattr(HadoopCommandLine, "package_binary", str(cluster.folder / "bin" / "hadoop"))
    return HadoopCommandLine()


@pytest.fixture
def called(cluster: Cluster) -> Callable[[JobTask], list[str]]:
    """The command line of a task, with digits of temporary names as 0."""

    def called(task: JobTask) -> list[str]:
        with pytest.raises(HadoopJobError, match="does not exist"):
            task.run()
        (call,) = cluster.calls("hadoop", "jar")[-1:]
        return [re.sub(r"(luigi-tmp-)\d+|(luigi-hadoop-)\w+|\b[0-9a-f]{64}\b", r"\g<1>\g<2>0", word) for word in call]

    return called


def test_all_that_has_to_be_there(cluster: Cluster, task: HadoopCommandLine, called: Any) -> None:
    python = f"{cluster.folder}/bin/bare-python"
    step = f"{python} mrrunner.pex job-instance.pickle 0"
    pickle = "file:///tmp/luigi-hadoop-0/job-instance.pickle#job-instance.pickle"
    assert called(task) == [
        "/opt/hadoop-streaming.jar",
        *["-files", f"file://{cluster.folder}/bin/hadoop#mrrunner.pex,{pickle}"],
        *["-D", "mapred.job.name=HadoopCommandLine()", "-D", "mapred.reduce.tasks=25"],
        *["-D", "stream.jobconf.truncate.limit=20000"],
        *["-mapper", f"{step} map", "-reducer", f"{step} reduce"],
        *["-input", "/in/a b", "-input", "/in/c", "-output", "/out/of job-luigi-tmp-0"],
    ]


def test_all_that_can_be_said(cluster: Cluster, task: Any, called: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster.write("/lib/remote.jar", "")
    runner = HadoopJobRunner(
        "/opt/other-streaming.jar",
        streaming_args=["-verbose"],
        libjars=["/one.jar", "/two.jar"],
        libjars_in_hdfs=["/lib/remote.jar"],
        jobconfs={"a.b": "c d", "x": "$HOME;'"},
        input_format="org.In",
        output_format="org.Out",
        end_job_with_atomic_move_dir=False,
        archives=["/a.zip"],
    )
    changes = {
        "runner": runner,
        "mr_priority": lambda self: "HIGH",
        "combiner": lambda self, key, values: (),
        "n_reduce_tasks": 3,
        "jobconf_truncate": -1,
        "extra_archives": lambda self: ["/b.tgz#b"],
        "extra_streaming_arguments": lambda self: [("-partitioner", "org.P"), "-debug"],
    }
    for name, value in changes.items():
        monkeypatch.setattr(HadoopCommandLine, name, value)
    monkeypatch.setattr(task, "pool", "etl")
    call = called(task)
    before = [
        *["/opt/other-streaming.jar", "-libjars", "/one.jar,/two.jar,/tmp/luigi-hadoop-0/remote.jar"],
        *["-archives", "/a.zip,/b.tgz#b"],
    ]
    assert call[:5] == before
    after = [
        *["-D", "mapred.job.name=HadoopCommandLine()", "-D", "mapred.job.priority=HIGH"],
        *["-D", "mapred.fairscheduler.pool=etl", "-D", "mapred.reduce.tasks=3"],
        *["-D", "stream.jobconf.truncate.limit=-1", "-D", "a.b=c d", "-D", "x=$HOME;'"],
        *["-verbose", "-partitioner", "org.P", "-debug"],
    ]
    assert call[7 : 7 + len(after)] == after
    assert [word.split()[-1] for word in call[-15:-9:2]] == ["-outputformat", "map", "combiner"] or "combiner" in str(
        call
    )
    assert call[-10:] == [
        *["-outputformat", "org.Out", "-inputformat", "org.In"],
        *["-input", "/in/a b", "-input", "/in/c", "-output", "/out/of job/"],
    ]


@pytest.mark.parametrize(
    ("scheduler", "option"), [("fair", "mapred.fairscheduler.pool"), ("capacity", "mapred.job.queue.name")]
)
def test_the_pool_is_what_the_scheduler_calls_it(
    task: HadoopCommandLine, configured: Callable[..., None], scheduler: str, option: str
) -> None:
    configured("hadoop", pool="etl", scheduler=scheduler)
    assert task.jobconfs()[1] == f"{option}=etl"


def test_a_priority_may_be_a_text(task: HadoopCommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HadoopCommandLine, "mr_priority", "LOW")
    assert task.jobconfs()[1] == "mapred.job.priority=LOW"


def test_without_a_jar_it_is_said_where_one_is(task: HadoopCommandLine, configured: Callable[..., None]) -> None:
    configured("hadoop", streaming_jar="")
    with pytest.raises(KernelError, match=r"\[hadoop\] streaming_jar is not set") as error:
        task.run()
    assert "share/hadoop/tools/lib" in error.value.hint


def test_without_hadoop_it_is_said_what_is_missing(task: HadoopCommandLine, configured: Callable[..., None]) -> None:
    configured("hadoop", command="/no/such/hadoop")
    with pytest.raises(FileNotFoundError, match="/no/such/hadoop"):
        task.run()


@pytest.mark.parametrize(
    ("output", "why"),
    [
        ([HdfsTarget("/a"), HdfsTarget("/b")], "has 2 outputs"),
        ([luigi.LocalTarget("/a")], "is no HdfsTarget, S3Target or GCSTarget"),
        (S3FlagTarget("s3://bucket/a/"), "cannot be written elsewhere first, and then be moved"),
    ],
)
def test_outputs_that_hadoop_cannot_write(task: Any, output: Any, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HadoopCommandLine, "made", output)
    with pytest.raises(TypeError, match=why):
        task.run()


def test_inputs_that_hadoop_cannot_read(task: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HadoopCommandLine, "input_hadoop", lambda self: luigi.LocalTarget("/a"))
    with pytest.raises(TypeError, match="is no HdfsTarget, S3Target or GCSTarget"):
        task.run()


def test_s3_is_read_and_written_in_place(task: Any, called: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HadoopCommandLine, "made", S3FlagTarget("s3://bucket/a/"))
    monkeypatch.setattr(
        HadoopCommandLine, "runner", HadoopJobRunner("/s-streaming.jar", end_job_with_atomic_move_dir=False)
    )
    monkeypatch.setattr(HadoopCommandLine, "input_hadoop", lambda self: S3Target("s3://bucket/in"))
    assert called(task)[-4:] == ["-input", "s3://bucket/in", "-output", "s3://bucket/a/"]


def test_a_flag_targets_folder_is_written_beside_it(task: Any, called: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HadoopCommandLine, "made", HdfsFlagTarget("/flags/of/today/"))
    assert called(task)[-1] == "/flags/of/today-luigi-tmp-0"


def test_the_outputs_of_a_task_choose_its_runner(cluster: Cluster) -> None:
    class Choosing(JobTask):
        where = luigi.Parameter(significant=False)

        def output(self) -> Any:
            return self.where

    with pytest.warns(UserWarning):
        assert isinstance(Choosing(where=HdfsTarget("/a")).job_runner(), DefaultHadoopJobRunner)


def test_what_is_required_is_of_two_kinds() -> None:
    class Both(JobTask):
        def requires_local(self) -> Any:
            return HadoopInput(path="/local")

        def requires_hadoop(self) -> Any:
            return [HadoopInput(path="/far")]

    task = Both()
    assert [one.path for one in task.deps()] == ["/far", "/local"]
    assert task.input_local().path == "/local"
    assert [one.path for one in task.input_hadoop()] == ["/far"]


def test_tasks_have_ids_and_classes_have_none() -> None:
    assert JobTask.task_id is None
    assert HadoopCommandLine().task_id == "HadoopCommandLine__99914b932b"


def test_a_task_without_a_runner_says_what_to_write() -> None:
    with pytest.raises(NotImplementedError, match=r"write its job_runner\(\)"):
        hadoop.BaseHadoopJobTask().run()


def test_the_folder_of_a_job_is_gone_after_it(cluster: Cluster) -> None:
    runner = HadoopJobRunner("/s.jar")
    runner.tmp_dir = str(cluster.folder / "tmp")
    Path(runner.tmp_dir).mkdir()
    runner.finish()
    runner.finish()
    assert not (cluster.folder / "tmp").exists()
