"""HdfsTarget by the real `hadoop` command, its formats, and flags."""

from __future__ import annotations

import gc
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.contrib.hdfs import HdfsFlagTarget, HdfsTarget, PlainDir, WebHdfsClient
from luigi.contrib.hdfs.error import ColonInName
from luigi.contrib.hdfs.target import FlagNeedsDirectory
from luigi.format import UTF8, CommandFailed, Gzip, Nop
from luigi.target import FileAlreadyExists, FileSystemException

pytestmark = pytest.mark.service("hdfs")


@pytest.fixture(autouse=True)
def command(hdfs_service: Any, configured: Callable[..., None], root: str) -> None:
    configured("hadoopcli", command=hdfs_service.command)
    configured("hdfs", tmp_dir=f"{root}-tmp")


@pytest.fixture
def there(webhdfs: WebHdfsClient, root: str) -> Callable[[], list[str]]:
    """What is in the folder of the test, its temporary files with it."""
    webhdfs.mkdir(root)
    webhdfs.mkdir(f"{root}-tmp")

    def files() -> list[str]:
        return [
            name
            for folder in (root, f"{root}-tmp")
            for name, kind in webhdfs.listdir(folder, include_type=True, recursive=True)
            if kind == "-"
        ]

    return files


def content(webhdfs: WebHdfsClient, path: str) -> bytes:
    return b"".join(webhdfs.read(path))


def test_is_there_once_closed_in_place_of_what_was(root: str, there: Any, webhdfs: WebHdfsClient) -> None:
    target = HdfsTarget(f"{root}/folder/file")
    for text in ("a longer first\n", "süß\n"):
        with target.open("w") as stream:
            stream.write(text)
            stream.flush()
            assert webhdfs.exists(f"{root}/folder/file") == (text == "süß\n")
        assert target.exists()
        assert content(webhdfs, f"{root}/folder/file") == text.encode()
    with target.open() as stream:
        assert list(stream) == ["süß\n"]
    assert there() == ["folder/file"]


def test_a_failure_or_a_stream_forgotten_leaves_nothing(root: str, there: Any) -> None:
    target = HdfsTarget(f"{root}/file")
    with pytest.raises(ZeroDivisionError), target.open("w") as stream:
        stream.write("content" * 10_000)
        raise ZeroDivisionError
    stream = target.open("w")
    stream.write("content" * 10_000)
    del stream
    gc.collect()
    assert there() == []


def test_a_directory_where_the_file_belongs_is_replaced(root: str, there: Any, webhdfs: WebHdfsClient) -> None:
    webhdfs.mkdir(f"{root}/file/inner")
    with HdfsTarget(f"{root}/file", format=Nop).open("w") as stream:
        stream.write(b"content")
    assert content(webhdfs, f"{root}/file") == b"content"


def test_a_file_that_cannot_be_written_is_an_error(
    root: str, there: Any, webhdfs: WebHdfsClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhdfs.chmod(f"{root}-tmp", "777")
    monkeypatch.setenv("HADOOP_USER_NAME", "nobody")
    stream = HdfsTarget(f"{root}/file").open("w")
    stream.write("content")
    with pytest.raises(FileSystemException, match="Permission denied"):
        stream.close()
    assert there() == []


def test_reading_what_is_missing_names_it(root: str) -> None:
    with pytest.raises(CommandFailed, match=f"{root}/missing"), HdfsTarget(f"{root}/missing").open() as stream:
        stream.read()


@pytest.mark.parametrize("client", ["hadoopcli", "webhdfs"])
def test_a_directory_is_written_as_one_file_and_read_as_all(
    client: str, root: str, there: Any, webhdfs: WebHdfsClient
) -> None:
    fs = webhdfs if client == "webhdfs" else None
    target = HdfsTarget(f"{root}/folder", format=UTF8 >> PlainDir, fs=fs)
    for text in ("first\n", "süß\n"):
        with target.open("w") as stream:
            stream.write(text)
        assert there() == ["folder/data"]
    for name, text in (("more", "more\n"), ("_SUCCESS", "not this\n")):
        webhdfs.client.write(f"{root}/folder/{name}", text.encode())
    with target.open() as stream:
        assert stream.read() == "süß\nmore\n"


def test_formats(root: str) -> None:
    target = HdfsTarget(f"{root}/file", format=UTF8 >> Gzip)
    with target.open("w") as stream:
        stream.write("süß\n" * 9000)
    with target.open() as stream:
        assert stream.read() == "süß\n" * 9000


def test_moving_renaming_copying_removing(root: str, there: Any, webhdfs: WebHdfsClient) -> None:
    webhdfs.client.write(f"{root}/a", b"1")
    target, other = HdfsTarget(f"{root}/a"), HdfsTarget(f"{root}/folder/b")
    target.copy(other.path)
    with pytest.raises(FileAlreadyExists):
        target.rename(other, raise_if_exists=True)
    with pytest.raises(FileAlreadyExists):
        target.move_dir(f"{root}/folder")
    other.remove(skip_trash=True)
    target.move(other, raise_if_exists=True)
    assert there() == ["folder/b"]
    other.remove()
    assert there() == []


@pytest.mark.parametrize("client", ["hadoopcli", "webhdfs"])
def test_counting_what_matches(client: str, root: str, webhdfs: WebHdfsClient) -> None:
    fs = webhdfs if client == "webhdfs" else None
    for name in ("part-0", "part-1", "_SUCCESS"):
        webhdfs.client.write(f"{root}/{name}", b"")
    assert HdfsTarget(f"{root}/part-*", fs=fs).glob_exists(2)
    assert not HdfsTarget(root, fs=fs).glob_exists(2)


def test_a_temporary_one_goes_with_its_target(root: str, there: Any) -> None:
    target = HdfsTarget(is_tmp=True)
    with target.open("w") as stream:
        stream.write("content")
    assert len(there()) == 1
    assert target.path.startswith(f"{root}-tmp/")
    del target, stream
    gc.collect()
    assert there() == []


def test_a_flag_says_that_the_directory_is_whole(root: str, webhdfs: WebHdfsClient) -> None:
    webhdfs.client.write(f"{root}/done/part-0", b"")
    target = HdfsFlagTarget(f"{root}/done/", client=webhdfs)
    assert target.fs is webhdfs
    assert not target.exists()
    webhdfs.client.write(f"{root}/done/_SUCCESS", b"")
    assert target.exists()
    assert not HdfsFlagTarget(f"{root}/done/", client=webhdfs, flag="_DONE").exists()


def test_names_that_cannot_be() -> None:
    with pytest.raises(ColonInName, match="colon"):
        HdfsTarget("hdfs://namenode:8020/12:30")
    with pytest.raises(FlagNeedsDirectory, match="slash"):
        HdfsFlagTarget("/done")
    with pytest.raises(FileSystemException, match="path"):
        HdfsTarget()
    with pytest.raises(ValueError, match="'a'"):
        HdfsTarget("/a").open("a")


def test_targets_travel(root: str, webhdfs: WebHdfsClient) -> None:
    webhdfs.client.write(f"{root}/a", b"")
    assert pickle.loads(pickle.dumps(HdfsTarget(f"{root}/a", fs=webhdfs))).exists()


class AsksForMany(luigi.Task):
    root = luigi.Parameter()
    done = False

    def requires(self) -> list[luigi.Task]:
        return [GivenInHdfs(f"{self.root}/{number}") for number in range(30)]

    def complete(self) -> bool:
        return self.done

    def run(self) -> None:
        self.done = True


class GivenInHdfs(luigi.ExternalTask):
    path = luigi.Parameter()

    def output(self) -> HdfsTarget:
        return HdfsTarget(self.path)


def test_many_outputs_are_looked_for_by_one_command(
    root: str, webhdfs: WebHdfsClient, hdfs_service: Any, configured: Callable[..., None], tmp_path: Path
) -> None:
    for number in range(30):
        webhdfs.client.write(f"{root}/{number}", b"")
    counting = tmp_path / "hadoop"
    counting.write_text(f'#!/bin/sh\necho "$2" >> {tmp_path}/asked\nexec {hdfs_service.command} "$@"\n')
    counting.chmod(0o755)
    configured("hadoopcli", command=str(counting))
    configured("worker", check_unfulfilled_deps="false")  # it asks for each again, just before the task that needs it
    assert luigi.build([AsksForMany(root=root)], local_scheduler=True)
    assert (tmp_path / "asked").read_text().split() == ["-ls"]
