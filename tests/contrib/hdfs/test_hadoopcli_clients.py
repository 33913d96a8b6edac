"""The clients by command against the real `hadoop fs`, which takes a second for each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from luigi.contrib.hdfs import HdfsClient, HDFSCliError, HdfsTarget, WebHdfsClient
from luigi.contrib.hdfs.hadoopcli_clients import HdfsClientApache1
from luigi.target import FileAlreadyExists, MissingParentDirectory, NotADirectory
from luigi.testing.contracts import FileSystemContract

pytestmark = pytest.mark.service("hdfs")


@pytest.fixture(autouse=True)
def command(hdfs_service: Any, configured: Callable[..., None]) -> None:
    configured("hadoopcli", command=hdfs_service.command)


class ListingAll(HdfsClient):
    """As the contract has it; Luigi's clients of HDFS list one level, and refuse what is not there."""

    def listdir(self, path: str) -> Iterable[str]:  # type: ignore[override]
        try:
            return list(super().listdir(path, ignore_directories=True, recursive=True))
        except HDFSCliError:
            return []


class TestHdfsClientContract(FileSystemContract):
    @pytest.fixture(autouse=True)
    def fs(self, webhdfs: WebHdfsClient) -> ListingAll:
        self.webhdfs = webhdfs  # puts and reads what is not to be tested, in a hundredth of the time
        return ListingAll()

    @pytest.fixture
    def root(self, hdfs_service: Any) -> str:
        return str(hdfs_service.new_root())

    def make_target(self, path: str, **keywords: Any) -> HdfsTarget:
        return HdfsTarget(path, fs=self.webhdfs, **keywords)

    def test_exists_many_answers_as_exists_does(self, fs: Any, root: str) -> None:
        for name in ("folder/a", "folder/with space"):
            self.write(f"{root}/{name}", b"content")
        there = {f"{root}/folder", f"{root}/folder/", f"{root}/folder/a", f"{root}/folder/with space", f"{root}/fold*"}
        away = {f"{root}/other/0", f"{root}/folder/b", f"{root}/nothing*"}
        assert fs.exists_many([*there, *away]) == there
        assert fs.exists_many([]) == set()

    def test_it_tells_when_something_was_written_or_nothing(self, fs: Any, root: str) -> None:
        for name in ("folder/deeper/a", "folder/with space", "folder/b[1]"):
            self.write(f"{root}/{name}", b"content")
        times = {path: self.webhdfs.modified_at(path) for path in (f"{root}/folder/deeper/a", f"{root}/folder")}
        assert {path: fs.modified_at(path) for path in times} == times
        assert fs.modified_at(f"{root}/nothing") is None


@pytest.fixture
def client() -> HdfsClient:
    return HdfsClient()


@pytest.fixture
def tree(webhdfs: WebHdfsClient, root: str) -> str:
    """a (3 bytes), b/with space (empty)."""
    webhdfs.client.write(f"{root}/a", b"one")
    webhdfs.client.write(f"{root}/b/with space", b"")
    return root


def test_listing(client: HdfsClient, tree: str, webhdfs: WebHdfsClient) -> None:
    assert list(client.listdir(tree)) == [f"{tree}/a", f"{tree}/b"]
    found = list(client.listdir(tree, recursive=True, include_size=True, include_type=True, include_time=True))
    assert [entry[:3] for entry in found] == [
        (f"{tree}/a", 3, "-"),
        (f"{tree}/b", 0, "d"),
        (f"{tree}/b/with space", 0, "-"),
    ]
    changed = webhdfs.client.status(f"{tree}/a")["modificationTime"] / 1000
    assert 0 <= changed - found[0][3].timestamp() < 60


def test_a_server_that_does_not_answer_is_no_answer(client: HdfsClient) -> None:
    for asking in (client.exists, client.isdir, HdfsClientApache1().exists):
        with pytest.raises(HDFSCliError):
            asking("hdfs://127.0.0.1:1/a")
    with pytest.raises(HDFSCliError):
        client.exists_many(["hdfs://127.0.0.1:1/a", "/"])


def test_asking_by_test(tree: str) -> None:
    assert HdfsClientApache1().exists(f"{tree}/a")
    assert not HdfsClientApache1().exists(f"{tree}/none")


def test_directories_that_cannot_be_made(client: HdfsClient, tree: str) -> None:
    with pytest.raises(NotADirectory):
        client.mkdir(f"{tree}/a")
    with pytest.raises(NotADirectory):
        client.mkdir(f"{tree}/a/b")
    with pytest.raises(MissingParentDirectory):
        client.mkdir(f"{tree}/x/y", parents=False)
    with pytest.raises(FileAlreadyExists):
        client.mkdir(f"{tree}/b", parents=False, raise_if_exists=True)
    client.mkdir(f"{tree}/b", parents=False)


def test_moving_many_into_a_directory(client: HdfsClient, tree: str, webhdfs: WebHdfsClient) -> None:
    webhdfs.client.write(f"{tree}/c", b"")
    client.move((f"{tree}/a", f"{tree}/c"), f"{tree}/b")
    assert list(webhdfs.listdir(f"{tree}/b")) == ["a", "c", "with space"]


def test_what_is_refused_says_why(client: HdfsClient, root: str) -> None:
    with pytest.raises(
        HDFSCliError, match=f"hadoop fs -rm -r {root}/none ended with status 1: rm: .*No such file"
    ) as caught:
        client.remove(f"{root}/none")
    assert (caught.value.returncode, caught.value.stdout) == (1, "")


def test_counting_and_rights(client: HdfsClient, tree: str, webhdfs: WebHdfsClient) -> None:
    assert client.count(tree) == {"content_size": "3", "dir_count": "2", "file_count": "2"}
    client.chmod(tree, "750", recursive=True)
    client.chown(f"{tree}/a", "somebody", None)
    status = webhdfs.client.status(f"{tree}/a")
    assert (status["permission"], status["owner"], status["group"]) == ("750", "somebody", "supergroup")


def test_files_of_this_machine(client: HdfsClient, root: str, tmp_path: Path) -> None:
    (tmp_path / "here").write_bytes(b"content")
    client.mkdir(root)
    client.put(str(tmp_path / "here"), f"{root}/there")
    client.touchz(f"{root}/zero")
    client.get(f"{root}/there", str(tmp_path / "back"))
    client.getmerge(root, str(tmp_path / "all"), new_line=True)
    assert (tmp_path / "back").read_bytes() == b"content"
    assert (tmp_path / "all").read_bytes() == b"content\n\n"


def test_trash_is_up_to_the_server(client: HdfsClient, tree: str) -> None:
    client.remove(f"{tree}/a")
    client.remove(f"{tree}/b", skip_trash=True)
    assert list(client.listdir(tree)) == []


def test_a_folder_accepts_files_or_not(
    client: HdfsClient, tree: str, webhdfs: WebHdfsClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhdfs.chmod(f"{tree}/b", "755")
    assert HdfsTarget(f"{tree}/b/c/d", fs=client).is_writable()
    assert list(webhdfs.listdir(f"{tree}/b")) == ["with space"]
    monkeypatch.setenv("HADOOP_USER_NAME", "nobody")
    assert not HdfsTarget(f"{tree}/b/c/d", fs=client).is_writable()
    assert os.environ["HADOOP_USER_NAME"] == "nobody"
