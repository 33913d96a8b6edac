"""Jobs on a real HDFS: a jar by the real `hadoop jar`; mappers and reducers by a stand-in for streaming."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import luigi
from luigi.contrib.hadoop import HadoopJobError
from luigi.contrib.hadoop_jar import HadoopJarJobTask
from luigi.contrib.hdfs import HdfsTarget, WebHdfsClient

if TYPE_CHECKING:
    from conftest import Hdfs

pytestmark = pytest.mark.service("hdfs")

PROGRAMS = Path(__file__).parents[1] / "hadoop" / "programs"


class HdfsShellJob(HadoopJarJobTask):
    """A jar of Hadoop itself, of which a class copies files."""

    root = luigi.Parameter()
    source = luigi.Parameter(default="in")
    hadoop = luigi.Parameter()

    def jar(self) -> str:
        return self.hadoop

    def main(self) -> str:
        return "org.apache.hadoop.fs.FsShell"

    def args(self) -> Sequence[Any]:
        return ["-cp", f"{self.root}/{self.source}", self.output()]

    def output(self) -> HdfsTarget:
        return HdfsTarget(f"{self.root}/out")


@pytest.fixture
def hadoop(hdfs_service: Hdfs, configured: Callable[..., None], tmp_path: Path) -> Callable[[str], None]:
    """`hadoop(command)` has jobs run by that, and files looked for over HTTP."""

    def configure(command: str) -> None:
        configured("hadoop", command=command, streaming_jar="/opt/streaming.jar", python_executable=sys.executable)
        configured("hdfs", client="webhdfs", namenode_host="127.0.0.1")
        configured("webhdfs", port=str(hdfs_service.port))

    return configure


@pytest.fixture
def jar(hdfs_service: Hdfs, hadoop: Callable[[str], None], tmp_path: Path) -> str:
    """A jar of the Hadoop that is configured; its command runs jars, too."""
    script = Path(hdfs_service.command).read_text()
    command = tmp_path / "hadoop"
    command.write_text(script.replace("  fs) ", "  jar) class=org.apache.hadoop.util.RunJar;;\n  fs) "))
    command.chmod(0o755)
    hadoop(str(command))
    lib = next(word for word in script.replace("'", " ").replace(":", " ").split() if word.endswith("/lib/*"))
    (found,) = Path(lib).parent.glob("hadoop-common-*.jar")
    return str(found)


def test_a_jar_writes_beside_its_output_which_is_moved(webhdfs: WebHdfsClient, root: str, jar: str) -> None:
    webhdfs.client.write(f"{root}/in", b"one")
    HdfsShellJob(root=root, hadoop=jar).run()
    assert sorted(webhdfs.client.list(root)) == ["in", "out"]
    with HdfsTarget(f"{root}/out", fs=webhdfs).open("r") as file:
        assert file.read() == "one"


def test_a_jar_that_fails_leaves_nothing_and_says_why(webhdfs: WebHdfsClient, root: str, jar: str) -> None:
    webhdfs.mkdir(root)
    with pytest.raises(HadoopJobError, match=f"`{root}/nowhere': No such file or directory"):
        HdfsShellJob(root=root, source="nowhere", hadoop=jar).run()
    assert webhdfs.client.list(root) == []


def test_words_are_counted(
    hdfs_service: Hdfs,
    hadoop: Callable[[str], None],
    webhdfs: WebHdfsClient,
    root: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "hadoop").write_text(f'#!/bin/sh\nexec {sys.executable} {PROGRAMS}/stand_in_hadoop.py hadoop "$@"\n')
    (tmp_path / "hadoop").chmod(0o755)
    (tmp_path / "hdfs").mkdir()
    monkeypatch.setenv("STAND_IN", str(tmp_path))
    monkeypatch.setenv("STAND_IN_FS", hdfs_service.command)
    monkeypatch.syspath_prepend(PROGRAMS)
    hadoop(str(tmp_path / "hadoop"))
    webhdfs.client.write(f"{root}/text", b"to be or not to be\n")
    task = importlib.import_module("hadoop_words").HadoopWords(text=f"{root}/text", counts=f"{root}/counts")
    task.run()
    assert task.complete()
    with webhdfs.client.read(f"{root}/counts/part-00000") as file:
        assert file.read() == b"be\t2\nnot\t1\nor\t1\nto\t2\n"
    assert sorted(webhdfs.client.list(root)) == ["counts", "text"]
