"""The commands for versions of Hadoop that are no longer to be had, recorded by a program in the place of `hadoop`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from luigi.contrib import hdfs
from luigi.contrib.hdfs import HdfsClient, HdfsClientApache1, HdfsClientCdh3, HDFSCliError
from luigi.contrib.hdfs.error import HadoopNotFound
from luigi.contrib.hdfs.format import CompatibleHdfsFormat
from luigi.target import FileAlreadyExists

RECORDER = """#!/bin/sh
# stands in for hadoop: notes what it is asked, and answers as the versions of it did
echo "$*" >> {folder}/asked
case "$*" in
  *-mv*raced*) echo "mv: \\`/raced': File exists" >&2; exit 1;;
  *raced*|*missing*) echo "$2: cannot stat \\`/missing': No such file or directory" | sed s/^-// >&2; exit 1;;
  *broken*) echo "/etc/hadoop/conf: No such file or directory" >&2; exit 1;;
esac
case "$2" in
  -ls*) printf 'Found 1 items\\n-rw-r--r--   1 me us  12 2026-01-02 03:04 /d/a b\\n';;
esac
"""


@pytest.fixture
def asked(tmp_path: Path, configured: Callable[..., None]) -> Callable[[], list[str]]:
    program = tmp_path / "hadoop"
    program.write_text(RECORDER.format(folder=tmp_path))
    program.chmod(0o755)
    configured("hadoopcli", command=str(program))
    log = tmp_path / "asked"

    def since_last() -> list[str]:
        lines = log.read_text().splitlines()
        log.unlink()
        return [line.removeprefix("fs ") for line in lines]

    return since_last


@pytest.mark.parametrize(
    ("kind", "act", "expected"),
    [
        (HdfsClientCdh3, lambda fs: fs.mkdir("/d", parents=True), ["-mkdir /d"]),
        (HdfsClientCdh3, lambda fs: fs.remove("/d"), ["-rmr /d"]),
        (HdfsClientCdh3, lambda fs: fs.remove("/d", skip_trash=True), ["-rmr -skipTrash /d"]),
        (HdfsClientCdh3, lambda fs: fs.remove("/d", recursive=False), ["-rm /d"]),
        (HdfsClientCdh3, lambda fs: fs.exists("/d"), ["-stat /d"]),
        (HdfsClientApache1, lambda fs: fs.exists("/d"), ["-test -e /d"]),
        (HdfsClientApache1, lambda fs: list(fs.listdir("/d", recursive=True)), ["-lsr /d"]),
        (HdfsClient, lambda fs: list(fs.listdir("/d", recursive=True)), ["-ls -R /d"]),
        (HdfsClient, lambda fs: fs.remove("/d"), ["-rm -r /d"]),
        (HdfsClient, lambda fs: fs.mkdir("/d"), ["-mkdir -p /d"]),
        (HdfsClient, lambda fs: fs.move(["/a", "/b"], "/d/c"), ["-mv /a /b /d/c"]),
        (HdfsClient, lambda fs: fs.chown("/d", "me", None, recursive=True), ["-chown -R me: /d"]),
        (HdfsClient, lambda fs: fs.chown("/d", None, "us"), ["-chown :us /d"]),
    ],
)
def test_each_version_has_its_verbs(
    kind: type[HdfsClient], act: Callable[[Any], None], expected: list[str], asked: Callable[[], list[str]]
) -> None:
    act(kind())
    assert asked() == expected


@pytest.mark.parametrize("kind", [HdfsClient, HdfsClientCdh3, HdfsClientApache1])
def test_nothing_there_is_told_from_not_to_know(kind: type[HdfsClient], asked: Any) -> None:
    assert kind().exists("/missing") is False
    if kind is not HdfsClientApache1:  # its -test says nothing either way
        with pytest.raises(HDFSCliError, match="/etc/hadoop/conf"):
            kind().exists("/broken")


def test_a_file_that_came_at_the_same_moment_is_not_replaced(asked: Any) -> None:
    with pytest.raises(FileAlreadyExists, match="/raced"):
        HdfsClient().rename_dont_move("/a", "/raced")


def test_names_may_have_spaces(asked: Any) -> None:
    assert list(HdfsClient().listdir("/d", include_size=True)) == [("/d/a b", 12)]


def test_functions_ask_the_configured_client(asked: Callable[[], list[str]]) -> None:
    assert hdfs.exists("/a")
    hdfs.mkdir("/a")
    hdfs.remove("/a", skip_trash=True)
    hdfs.rename("/a", "/b")
    assert list(hdfs.listdir("/d")) == ["/d/a b"]
    assert asked() == ["-stat /a", "-mkdir -p /a", "-rm -r -skipTrash /a", "-mv /a /b", "-ls /d"]


def test_a_missing_program_is_named(configured: Callable[..., None], tmp_path: Path) -> None:
    configured("hadoopcli", command=f"{tmp_path}/none")
    with pytest.raises(HadoopNotFound, match=f"{tmp_path}/none") as caught:
        HdfsClient().exists("/a")
    assert "webhdfs" in caught.value.hint


def test_a_format_of_two_functions() -> None:
    made = CompatibleHdfsFormat(lambda path: ("to", path), lambda path: ("from", path), "bytes")
    assert (made.pipe_writer("/a"), made.hdfs_reader("/a"), made.input) == (("to", "/a"), ("from", "/a"), "bytes")
    target = hdfs.HdfsTarget("/a", format=made)
    assert (target.open("w"), target.open()) == (("to", "/a"), ("from", "/a"))
