"""Jobs on Hadoop that come as a jar."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pytest

import luigi
from luigi.contrib.hadoop import HadoopJobError
from luigi.contrib.hadoop_jar import HadoopJarJobError, HadoopJarJobTask, fix_paths
from luigi.contrib.hdfs import HdfsFlagTarget, HdfsTarget
from luigi.task import Task
from luigi.testing.contracts import RemoteJobContract

if TYPE_CHECKING:
    from conftest import Cluster

JOB = """
import os, sys, time
from pathlib import Path
main, name, verb, *paths = sys.argv[1:]
assert (main, name.partition("(")[0]) == ("org.Main", "-Dmapred.job.name=JarJob"), sys.argv
hdfs = Path(os.environ["HDFS"])
(Path(os.environ["JOB"]) / "task_began").touch()
if verb == "fail":
    print("the disk is full", file=sys.stderr)
    sys.exit(3)
if verb == "wait":
    time.sleep(600)
for path in paths[1:]:
    (hdfs / path.lstrip("/")).mkdir(parents=True)
    (hdfs / path.lstrip("/") / "part-00000").write_text((hdfs / paths[0].lstrip("/")).read_text().upper())
"""
"""What stands in for the jar's program: a program in Python that its arguments tell how to end."""


class JarJob(HadoopJarJobTask):
    """One that copies a text in capitals."""

    verb = luigi.Parameter(default="copy")
    place = luigi.Parameter(default="/jar-out", significant=False)
    program = luigi.Parameter(significant=False)

    def jar(self) -> str:
        return self.program

    def main(self) -> str | None:
        return "org.Main"

    def args(self) -> Sequence[Any]:
        return [self.verb, HdfsTarget("/texts/a"), self.output()]

    def output(self) -> Any:
        return HdfsTarget(self.place)


@pytest.fixture
def jar(cluster: Cluster) -> str:
    """The path of the jar."""
    path = cluster.folder / "job.jar"
    path.write_text(JOB)
    return str(path)


class TestJarsAsJobs(RemoteJobContract):
    last_words = "the disk is full"
    says_where = True

    @pytest.fixture(autouse=True)
    def _place(self, cluster: Cluster, jar: str, tracked: str) -> None:
        self._running = cluster.is_running
        self._jar = jar

    def succeeding(self) -> Task:
        return JarJob(program=self._jar)

    def failing(self) -> Task:
        return JarJob(verb="fail", program=self._jar)

    def endless(self) -> Task:
        return JarJob(verb="wait", program=self._jar)

    def is_running(self, task: Task) -> bool:
        return self._running(str(task))


def called(cluster: Cluster) -> list[str]:
    (call,) = cluster.calls("hadoop", "jar")[-1:]
    return [re.sub(r"(luigi-tmp-)\d+", r"\g<1>0", word) for word in call]


def test_the_output_is_written_beside_its_place_and_moved(cluster: Cluster, jar: str) -> None:
    JarJob(program=jar).run()
    assert called(cluster) == [
        *[jar, "org.Main", "-Dmapred.job.name=JarJob(verb=copy)", "copy", "/texts/a", "/jar-out-luigi-tmp-0"]
    ]
    assert cluster.lines("/jar-out") == ["TO BE OR NOT TO BE"]
    assert sorted(path.name for path in cluster.hdfs.iterdir()) == ["jar-out", "texts"]


def test_nothing_is_left_of_an_output_that_is_not_whole(cluster: Cluster, jar: str) -> None:
    class JarJobHalf(JarJob):
        task_family = "JarJob"

        def main(self) -> str:
            cluster.write("/half-of-it", "")
            return "org.Other"

    with pytest.raises(HadoopJobError, match="AssertionError"):
        JarJobHalf(program=jar, place="/half").run()
    assert sorted(path.name for path in cluster.hdfs.iterdir()) == ["half-of-it", "texts"]


def test_a_job_may_write_its_outputs_itself(cluster: Cluster, jar: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(JarJob, "atomic_output", lambda self: False)
    JarJob(program=jar, place="/direct").run()
    assert called(cluster)[-1] == "/direct"
    assert cluster.lines("/direct") == ["TO BE OR NOT TO BE"]


def test_arguments_are_given_as_they_are(cluster: Cluster, jar: str, configured: Callable[..., None]) -> None:
    class Odd(JarJob):
        def args(self) -> Sequence[Any]:
            return ["$HOME; rm -rf /", "a b", "'\"", 5, luigi.LocalTarget("/l"), HdfsFlagTarget("/flag/of/it/")]

    configured("hadoop", pool="etl")
    with pytest.raises(HadoopJobError):
        Odd(program=jar).run()
    shown = "-Dmapred.job.name=Odd(verb=copy)"
    rest = ["$HOME; rm -rf /", "a b", "'\"", "5", "/l", "/flag/of/it-luigi-tmp-0"]
    assert called(cluster) == [jar, "org.Main", shown, "-Dmapred.fairscheduler.pool=etl", *rest]


def test_which_paths_are_written_elsewhere_first(cluster: Cluster) -> None:
    moves, words = fix_paths(JarJob(program="x", place="/new"))
    assert [(move.written.path, move.path) for move in moves] == [(words[2], "/new")]
    assert words[:2] == ["copy", "/texts/a"]


def test_without_a_jar_it_says_what_to_write(cluster: Cluster) -> None:
    with pytest.raises(HadoopJarJobError, match="Jar not defined") as error:
        HadoopJarJobTask().run()
    assert "jar()" in error.value.hint


def test_a_jar_that_is_not_there_is_named(cluster: Cluster) -> None:
    with pytest.raises(HadoopJarJobError, match="job jar does not exist: /no/such.jar"):
        JarJob(program="/no/such.jar").run()


SSH = 'echo "$@" >> "$STAND_IN/ssh"; eval "set -- ${@: -1}"; exec "$@"'


@pytest.fixture
def by_ssh(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What ssh() of tasks says. The ssh there is runs what the last of its arguments says, in a shell as sshd does."""
    program = cluster.folder / "bin" / "ssh"
    program.write_text(f"#!/bin/bash\n{SSH}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{cluster.folder}/bin:/usr/bin:/bin")
    told = {"host": "far", "username": "me", "key_file": "/my key"}
    monkeypatch.setattr(JarJob, "ssh", lambda self: told)
    return told


def test_another_machine_may_run_it(cluster: Cluster, jar: str, by_ssh: dict[str, Any]) -> None:
    JarJob(program=jar, place="/a b;c").run()
    assert cluster.lines("/a b;c") == ["TO BE OR NOT TO BE"]
    (line,) = (cluster.folder / "ssh").read_text().splitlines()
    options = "-i /my key -o BatchMode=yes -o ConnectTimeout=30 -o ServerAliveInterval=30 -- me@far"
    assert line.startswith(f"{options} {cluster.folder}/bin/hadoop jar")  # as `[hadoop] command` has it


def test_what_is_secret_is_not_logged_for_another_machine_either(
    cluster: Cluster,
    jar: str,
    by_ssh: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level("INFO", "luigi-interface")
    monkeypatch.setattr(JarJob, "args", lambda self: ["fail", "--password", "hunter2"])
    with pytest.raises(HadoopJobError):
        JarJob(program=jar).run()
    assert "--password '*********(redacted)'" in caplog.text
    assert "hunter2" not in caplog.text
    assert "--password hunter2" in (cluster.folder / "ssh").read_text()


def test_who_the_other_machine_is_may_be_left_unasked(cluster: Cluster, jar: str, by_ssh: dict[str, Any]) -> None:
    by_ssh["no_host_key_check"] = True
    JarJob(program=jar).run()
    assert "-o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -- " in (cluster.folder / "ssh").read_text()


def test_what_is_missing_of_the_other_machine_is_said(cluster: Cluster, jar: str, by_ssh: dict[str, Any]) -> None:
    del by_ssh["username"], by_ssh["key_file"]
    with pytest.raises(HadoopJarJobError, match=r"ssh\(\) of JarJob\(verb=copy\) does not say its username, key_file"):
        JarJob(program=jar).run()


class TestJarsOfAnotherMachine(TestJarsAsJobs):
    """A job is ended from where it was begun."""

    @pytest.fixture(autouse=True)
    def _far(self, by_ssh: dict[str, Any], cluster: Cluster) -> Iterator[None]:
        yield
        assert f"me@far {cluster.folder}/bin/hadoop jar" in (cluster.folder / "ssh").read_text()
