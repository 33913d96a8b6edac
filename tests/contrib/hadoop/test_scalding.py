"""Jobs of Scalding. There is neither Scala nor Scalding to be had: programs called java and jar check what they get."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import luigi
from luigi.contrib.hadoop import HadoopJobError
from luigi.contrib.hdfs import HdfsTarget
from luigi.contrib.scalding import ScaldingBuildError, ScaldingJobRunner, ScaldingJobTask
from luigi.task import Task
from luigi.testing.contracts import RemoteJobContract

if TYPE_CHECKING:
    from conftest import Cluster

SOURCE = """
package com.example

class Helper(x: Int)
class WordCount(args : Args) extends Job(args) {
}
"""
CORE = """
import os, sys, time
from pathlib import Path
option, jars, *confs, job_class, hdfs, name, task_id = sys.argv[1:][: sys.argv.index("--name") + 1]
rest = sys.argv[sys.argv.index("--name") + 2 :]
assert (option, job_class, hdfs, name) == ("-libjars", "com.example.WordCount", "--hdfs", "--name"), sys.argv
for jar in jars.split(","):
    assert Path(jar).is_file(), jar
assert os.environ["HADOOP_CLASSPATH"].split(":")[: len(jars.split(","))] == jars.split(",")
(Path(os.environ["JOB"]) / "task_began").touch()
if "--fail" in rest:
    print("the disk is full", file=sys.stderr)
    sys.exit(1)
if "--wait" in rest:
    time.sleep(600)
output = Path(os.environ["HDFS"]) / rest[rest.index("--output") + 1].lstrip("/")
output.mkdir(parents=True)
(output / "part-00000").write_text(" ".join(rest[: rest.index("--output")]) + "\\n")
"""
"""What stands in for the jar that starts jobs: a program in Python."""

JAVAC = """
test "$1 $3 $4 $6" = "-cp scala.tools.nsc.Main -classpath -d" && test -d "$7" || exit 9
grep -q SYNTAX "$8" && { echo "error: not Scala"; exit 1; }
IFS=:; for jar in $2 $5; do test -f "$jar" || { echo "no $jar"; exit 1; }; done
echo classes > "$7/WordCount.class"
"""
JAR = 'test "$1" = cf && test "$3" = -C && test "$5" = . && cat "$4"/* > "$2"'


class ScaldingText(luigi.ExternalTask):
    """An input."""

    path = luigi.Parameter()

    def output(self) -> Any:
        return HdfsTarget(self.path)


class ScaldingWords(ScaldingJobTask):
    """A job with two inputs."""

    scala = luigi.Parameter(significant=False)
    more = luigi.ListParameter(default=[])

    def source(self) -> str | None:
        return self.scala

    def requires(self) -> Any:
        return {
            "input": ScaldingText(path="/texts/a"),
            "both": [ScaldingText(path="/texts/a"), ScaldingText(path="/texts/b")],
        }

    def output(self) -> Any:
        return HdfsTarget("/scalded")

    def job_args(self) -> Any:
        return self.more


@pytest.fixture
def source(cluster: Cluster, configured: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> str:
    """The path of a source; all that it needs is there and configured."""
    folder = cluster.folder
    for name in ("scala/lib/scala-library", "scala/lib/scala-reflect", "scala/lib/scala-compiler", "home/lib/other"):
        _touch(folder / f"{name}.jar")
    for name in ("provided/p", "libjars/l2", "libjars/l1"):
        _touch(folder / f"{name}.jar")
    _touch(folder / "libjars" / "readme")
    (folder / "home/lib/scalding-core-1.0.jar").write_text(CORE)
    places = {
        "scala_home": "scala",
        "scalding_home": "home",
        "scalding_provided": "provided",
        "scalding_libjars": "libjars",
    }
    configured("scalding", **{option: str(folder / place) for option, place in places.items()})
    for name, script in {"java": JAVAC, "jar": JAR}.items():
        (folder / "bin" / name).write_text(f"#!/bin/bash\n{script}")
        (folder / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}/bin:/usr/bin:/bin")
    (folder / "Words.scala").write_text(SOURCE)
    return str(folder / "Words.scala")


def _touch(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


class TestScaldingAsJobs(RemoteJobContract):
    last_words = "the disk is full"
    says_where = True

    @pytest.fixture(autouse=True)
    def _place(self, cluster: Cluster, source: str, tracked: str) -> None:
        self._running = cluster.is_running
        self._source = source

    def succeeding(self) -> Task:
        return ScaldingWords(scala=self._source)

    def failing(self) -> Task:
        return ScaldingWords(scala=self._source, more=["--fail"])

    def endless(self) -> Task:
        return ScaldingWords(scala=self._source, more=["--wait"])

    def is_running(self, task: Task) -> bool:
        return self._running(task.task_id)


def test_a_source_is_compiled_and_run(cluster: Cluster, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(cluster.folder / "libjars" / ".."))
    before = sorted(os.listdir(cluster.folder))
    ScaldingWords(scala=source).run()
    assert cluster.lines("/scalded") == ["--input /texts/a --both /texts/a /texts/b"]
    (call,) = cluster.calls("hadoop", "jar")
    assert call[:2] == [f"{cluster.folder}/home/lib/scalding-core-1.0.jar", "-libjars"]
    assert call[2].endswith(f"/Words.jar,{cluster.folder}/libjars/l1.jar,{cluster.folder}/libjars/l2.jar")
    assert call[3].startswith("-Dmapred.job.name=ScaldingWords(")
    assert call[4:8] == ["com.example.WordCount", "--hdfs", "--name", ScaldingWords(scala=source).task_id]
    assert set(os.listdir(cluster.folder)) - {*before, "jobs", "calls"} == set()


def test_a_jar_needs_its_class_named(cluster: Cluster, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    jar = str(cluster.folder / "libjars" / "l1.jar")
    monkeypatch.setattr(ScaldingWords, "source", lambda self: None)
    monkeypatch.setattr(ScaldingWords, "jar", lambda self: jar)
    monkeypatch.setattr(ScaldingWords, "extra_jars", lambda self: [str(cluster.folder / "provided" / "p.jar")])
    monkeypatch.setattr(ScaldingWords, "atomic_output", lambda self: False)
    with pytest.raises(ScaldingBuildError, match="does not say the class of its jar"):
        ScaldingWords(scala=source).run()
    monkeypatch.setattr(ScaldingWords, "job_class", lambda self: "com.example.WordCount")
    ScaldingWords(scala=source, more=["-x", "a b"]).run()
    (call,) = cluster.calls("hadoop", "jar")
    libjars = [jar, *(f"{cluster.folder}/{name}.jar" for name in ("libjars/l1", "libjars/l2", "provided/p"))]
    assert call[2] == ",".join(libjars)
    assert call[-4:] == ["--output", "/scalded", "-x", "a b"]


def test_what_the_compiler_says_is_in_the_error(cluster: Cluster, source: str) -> None:
    Path(source).write_text("SYNTAX")
    with pytest.raises(ScaldingBuildError, match=r"Words.scala cannot be made a jar: java says\nerror: not Scala$"):
        ScaldingWords(scala=source).run()


def test_outputs_may_have_names(cluster: Cluster, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScaldingWords, "output", lambda self: {"one": HdfsTarget("/1"), "two": HdfsTarget("/2")})
    args = ScaldingWords(scala=source).args()
    assert [getattr(word, "path", word) for word in args[-4:]] == ["--one", "/1", "--two", "/2"]


def test_a_task_with_neither_is_told_so(cluster: Cluster, source: str) -> None:
    with pytest.raises(ScaldingBuildError, match=r"Both source\(\) and jar\(\) undefined"):
        ScaldingJobTask().run()


def test_a_source_without_a_job_is_told_so(source: str) -> None:
    Path(source).write_text("class Other")
    with pytest.raises(ScaldingBuildError, match="has no class that takes Args"):
        ScaldingJobRunner().get_job_class(source)


def test_where_scalding_is_not_it_says_what_to_configure(
    source: str, configured: Callable[..., None], tmp_path: Path
) -> None:
    configured("scalding", scalding_home=str(tmp_path))
    with pytest.raises(ScaldingBuildError, match=f"there is no folder {tmp_path}/lib") as error:
        ScaldingJobRunner().get_scalding_core()
    assert error.value.hint == "set [scalding] scalding_home to where Scalding is"


def test_the_environment_says_where_things_are_unless_the_configuration_does(
    configured: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SCALA_HOME", "SCALDING_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert _places() == [
        "/usr/share/scala",
        *(f"/usr/share/scalding{inner}" for inner in ("", "/provided", "/libjars")),
    ]
    monkeypatch.setenv("SCALA_HOME", "/sc")
    monkeypatch.setenv("SCALDING_HOME", "/sd")
    assert _places() == ["/sc", "/sd", "/sd/provided", "/sd/libjars"]
    configured("scalding", scala_home="/1", scalding_home="/2", scalding_provided="/3", scalding_libjars="/4")
    assert _places() == ["/1", "/2", "/3", "/4"]


def _places() -> list[str]:
    runner = ScaldingJobRunner()
    return [runner.scala_home, runner.scalding_home, runner.provided_dir, runner.libjars_dir]


def test_paths_are_seen_from_a_file() -> None:
    assert ScaldingJobTask().relpath("/a/b/c.py", "../x/y.scala") == "/a/x/y.scala"


def test_a_job_that_fails_leaves_no_output(cluster: Cluster, source: str) -> None:
    with pytest.raises(HadoopJobError, match="the disk is full"):
        ScaldingWords(scala=source, more=["--fail"]).run()
    assert sorted(path.name for path in cluster.hdfs.iterdir()) == ["texts"]
