"""WebHdfsClient against a real HDFS."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import hdfs as package
import pytest

import luigi
from luigi.contrib.hdfs import HdfsTarget, WebHdfsClient
from luigi.contrib.hdfs.webhdfs_connection import NoKerberos, NoNamenode
from luigi.contrib.webhdfs import WebHdfsTarget
from luigi.target import FileAlreadyExists, MissingParentDirectory, NotADirectory
from luigi.testing.contracts import FileSystemContract, FileSystemTargetContract, TargetContract

pytestmark = pytest.mark.service("hdfs")


class ListingAll(WebHdfsClient):
    """As the contract has it; Luigi's clients of HDFS list one level, by names that begin below it."""

    def listdir(self, path: str) -> Iterable[str]:  # type: ignore[override]
        if not self.exists(path):
            return []
        return [f"{path}/{name}" for name in super().listdir(path, ignore_directories=True, recursive=True)]


class Over(FileSystemContract):
    tells_times = True

    @pytest.fixture(autouse=True)
    def fs(self, hdfs_service: Any) -> ListingAll:
        self.client = ListingAll(host="127.0.0.1", port=hdfs_service.port)
        return self.client

    @pytest.fixture
    def root(self, hdfs_service: Any) -> str:
        return str(hdfs_service.new_root())


class TestWebHdfsClientContract(Over):
    def make_target(self, path: str, **keywords: Any) -> WebHdfsTarget:
        return WebHdfsTarget(path, client=self.client, **keywords)


PERCENT = {"100%", "a%20b%2Fc"}
"""What the server of Hadoop 2.7 decodes once too often, so that it is another name, or none."""


class TestWebHdfsTargetContract(TestWebHdfsClientContract, FileSystemTargetContract):
    unfit_names = PERCENT


class TestHdfsTargetOverHttpContract(Over, FileSystemTargetContract):
    unfit_names = PERCENT

    def make_target(self, path: str, **keywords: Any) -> HdfsTarget:
        return HdfsTarget(path, fs=self.client, **keywords)


def test_a_b_in_the_mode_changes_nothing(webhdfs: WebHdfsClient, root: str) -> None:
    for target in (WebHdfsTarget(f"{root}/a", client=webhdfs), HdfsTarget(f"{root}/b", fs=webhdfs)):
        with target.open("wb") as stream:
            stream.write("content")
        with target.open("rb") as stream:
            assert stream.read() == "content"


class TestWebHdfsTargetIsATarget(TargetContract):
    @pytest.fixture(autouse=True)
    def client(self, webhdfs: WebHdfsClient, root: str) -> None:
        self.webhdfs, self.root = webhdfs, root

    def make_target(self, name: str) -> WebHdfsTarget:
        return WebHdfsTarget(f"{self.root}/{name}", client=self.webhdfs)

    def put(self, target: WebHdfsTarget) -> None:
        target.open("w").close()

    def unreachable(self) -> WebHdfsTarget:
        return WebHdfsTarget("/a", client=WebHdfsClient(host="127.0.0.1", port=1))


@pytest.fixture
def tree(webhdfs: WebHdfsClient, root: str) -> str:
    """a (3 bytes), b/c (empty)."""
    webhdfs.client.write(f"{root}/a", b"one")
    webhdfs.client.write(f"{root}/b/c", b"")
    return root


def test_listing_is_of_one_level_by_name(webhdfs: WebHdfsClient, tree: str) -> None:
    assert list(webhdfs.listdir(tree)) == ["a", "b"]
    assert list(webhdfs.listdir(tree, ignore_directories=True)) == ["a"]
    assert list(webhdfs.listdir(tree, ignore_files=True)) == ["b"]
    assert list(webhdfs.listdir(tree, recursive=True)) == ["a", "b", "b/c"]
    assert list(webhdfs.listdir(tree, include_size=True, include_type=True)) == [("a", 3, "-"), ("b", 0, "d")]


def test_listing_tells_when(webhdfs: WebHdfsClient, tree: str) -> None:
    ((_, changed),) = webhdfs.listdir(tree, ignore_directories=True, include_time=True)
    assert changed.timestamp() == webhdfs.client.status(f"{tree}/a")["modificationTime"] / 1000


def test_listing_what_is_not_there_is_refused_at_once(webhdfs: WebHdfsClient, root: str) -> None:
    with pytest.raises(package.HdfsError, match=root):
        webhdfs.listdir(root)


def test_many_in_one_folder_are_asked_for_together(webhdfs: WebHdfsClient, tree: str) -> None:
    odd = [f"{tree}/{name}" for name in ("b/", "./a", "b/../a")]
    asked = [f"{tree}/{name}" for name in ("a", "b", *map(str, range(20)))] + odd
    requests = 0

    def counted(*args: Any, **keywords: Any) -> None:
        nonlocal requests
        requests += 1

    alone = {path for path in asked if webhdfs.exists(path)}
    webhdfs.client._session.hooks["response"].append(counted)
    assert webhdfs.exists_many(asked) == alone == {f"{tree}/a", f"{tree}/b", *odd}
    assert requests < 10


def test_many_below_a_file_are_not_there(webhdfs: WebHdfsClient, tree: str) -> None:
    assert webhdfs.exists_many(f"{tree}/a/{number}" for number in range(20)) == set()


def test_a_server_that_knows_no_webhdfs_is_no_answer(datanode_like: int) -> None:
    with pytest.raises(package.HdfsError):
        WebHdfsClient(host="127.0.0.1", port=datanode_like).exists("/a")


def test_removing_says_whether_there_was_something(webhdfs: WebHdfsClient, tree: str) -> None:
    assert webhdfs.remove(f"{tree}/a") is True
    assert webhdfs.remove(f"{tree}/a") is False
    assert not webhdfs.exists(f"{tree}/a")


def test_directories_that_cannot_be_made(webhdfs: WebHdfsClient, tree: str) -> None:
    with pytest.raises(NotADirectory):
        webhdfs.mkdir(f"{tree}/a")
    with pytest.raises(MissingParentDirectory):
        webhdfs.mkdir(f"{tree}/x/y", parents=False)
    webhdfs.mkdir(f"{tree}/x", parents=False, mode=0o700)
    assert webhdfs.client.status(f"{tree}/x")["permission"] == "700"


def test_moving_many_into_a_directory(webhdfs: WebHdfsClient, tree: str) -> None:
    webhdfs.client.write(f"{tree}/d", b"")
    webhdfs.move((f"{tree}/a", f"{tree}/d"), f"{tree}/b")
    assert list(webhdfs.listdir(f"{tree}/b")) == ["a", "c", "d"]


def test_a_directory_is_never_renamed_into_one_that_came_first(webhdfs: WebHdfsClient, tree: str) -> None:
    webhdfs.mkdir(f"{tree}/new")
    with pytest.raises(FileAlreadyExists):
        webhdfs.rename_dont_move(f"{tree}/b", f"{tree}/new")
    assert list(webhdfs.listdir(f"{tree}/new")) == []


def test_renaming_nothing_is_refused_by_the_server(webhdfs: WebHdfsClient, root: str) -> None:
    with pytest.raises(package.HdfsError, match="not found"):
        webhdfs.rename_dont_move(f"{root}/none", f"{root}/new")


def test_a_file_never_replaces_a_directory(webhdfs: WebHdfsClient, tree: str) -> None:
    with pytest.raises(package.HdfsError):
        webhdfs.replace(f"{tree}/a", f"{tree}/b")
    assert webhdfs.exists(f"{tree}/b/c")


def test_copying_a_directory_and_into_one(webhdfs: WebHdfsClient, tree: str) -> None:
    webhdfs.copy(tree, f"{tree}-2")
    assert list(webhdfs.listdir(f"{tree}-2", recursive=True)) == ["a", "b", "b/c"]
    webhdfs.copy(f"{tree}/a", f"{tree}-2/b")
    assert b"".join(webhdfs.read(f"{tree}-2/b/a")) == b"one"
    with pytest.raises(FileAlreadyExists):
        webhdfs.copy(f"{tree}/a", f"{tree}-2/a")
    assert list(webhdfs.listdir(f"{tree}-2")) == ["a", "b"]


def test_counting(webhdfs: WebHdfsClient, tree: str) -> None:
    assert webhdfs.count(tree) == {"content_size": "3", "dir_count": "2", "file_count": "2"}


def test_rights_and_owners(webhdfs: WebHdfsClient, tree: str) -> None:
    webhdfs.chmod(tree, "750", recursive=True)
    webhdfs.chmod(f"{tree}/a", "640")
    webhdfs.chown(tree, "somebody", "some", recursive=True)
    webhdfs.chown(f"{tree}/a", None, "other")
    found = {name: webhdfs.client.status(f"{tree}/{name}") for name in ("a", "b/c")}
    assert [found[name]["permission"] for name in ("a", "b/c")] == ["640", "750"]
    assert [found[name]["owner"] for name in ("a", "b/c")] == ["somebody", "somebody"]
    assert [found[name]["group"] for name in ("a", "b/c")] == ["other", "some"]


def test_touching_makes_an_empty_file_and_spoils_none(webhdfs: WebHdfsClient, tree: str) -> None:
    for _ in range(2):
        webhdfs.touchz(f"{tree}/new")
    assert webhdfs.exists(f"{tree}/new")
    with pytest.raises(package.HdfsError):
        webhdfs.touchz(f"{tree}/a")
    assert b"".join(webhdfs.read(f"{tree}/a")) == b"one"


def test_files_of_this_machine(webhdfs: WebHdfsClient, root: str, tmp_path: Path) -> None:
    (tmp_path / "here").write_bytes(b"content")
    webhdfs.put(str(tmp_path / "here"), f"{root}/there")
    webhdfs.get(f"{root}/there", str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == b"content"
    assert webhdfs.upload(f"{root}/there", str(tmp_path / "here"), overwrite=True) == f"{root}/there"
    with pytest.raises(package.HdfsError):
        webhdfs.upload(f"{root}/there", str(tmp_path / "here"))


def test_reading_pieces(webhdfs: WebHdfsClient, root: str) -> None:
    webhdfs.client.write(f"{root}/a", b"one\ntwo\nthree")
    assert list(webhdfs.read(f"{root}/a", chunk_size=4)) == [b"one\n", b"two\n", b"thre", b"e"]
    assert list(webhdfs.read(f"{root}/a", offset=4, length=3)) == [b"two"]
    assert list(webhdfs.read(f"{root}/a", buffer_char="\n")) == [b"one", b"two", b"three"]


def test_walking(webhdfs: WebHdfsClient, tree: str) -> None:
    assert list(webhdfs.walk(tree)) == [(tree, ["b"], ["a"])]
    assert list(webhdfs.walk(tree, depth=2)) == [(tree, ["b"], ["a"]), (f"{tree}/b", [], ["c"])]


def test_lines_that_end_in_something_else(webhdfs: WebHdfsClient, root: str) -> None:
    webhdfs.client.write(f"{root}/a", b"1;2;3")
    assert webhdfs.open_read(f"{root}/a").readlines(";") == [b"1;", b"2;", b"3"]
    assert webhdfs.open_read(f"{root}/a").readlines() == [b"1;2;3"]


def test_an_upload_that_fails_leaves_nothing(webhdfs: WebHdfsClient, tree: str) -> None:
    stream = webhdfs.open_write(f"{tree}/b")
    stream.write(b"a file in place of a directory")
    with pytest.raises(package.HdfsError):
        stream.close()
    assert list(webhdfs.listdir(tree, recursive=True)) == ["a", "b", "b/c"]


def test_an_error_is_not_hidden_by_one_of_tidying_up(
    webhdfs: WebHdfsClient, tree: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def gone(*args: Any, **keywords: Any) -> None:
        raise ConnectionError("gone")

    monkeypatch.setattr(webhdfs.client, "delete", gone)
    with pytest.raises(FileAlreadyExists):
        webhdfs.copy(f"{tree}/a", f"{tree}/a")
    assert "could not be removed: gone" in caplog.text


def test_whole_urls_name_the_same(webhdfs: WebHdfsClient, tree: str) -> None:
    assert webhdfs.exists(f"hdfs://127.0.0.1:19000{tree}/a")
    assert webhdfs.exists("hdfs://127.0.0.1:19000")
    assert webhdfs.exists_many([f"hdfs://h{tree}/a", f"{tree}/no"]) == {f"hdfs://h{tree}/a"}


def test_a_pickled_client_connects_anew(webhdfs: WebHdfsClient, tree: str) -> None:
    webhdfs.exists(tree)
    assert pickle.loads(pickle.dumps(webhdfs)).exists(tree)


def test_a_forked_child_connects_anew(webhdfs: WebHdfsClient, tree: str) -> None:
    parents = webhdfs.client
    child = os.fork()
    if not child:
        os._exit(0 if webhdfs.client is not parents and webhdfs.exists(tree) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert webhdfs.client is parents


def test_what_is_configured(configured: Any) -> None:
    configured("hdfs", namenode_host="a;https://b", user="somebody")
    configured("webhdfs", port="9870")
    client = WebHdfsClient()
    assert (client.url, client.user) == ("http://a:9870;https://b:9870", "somebody")
    assert WebHdfsClient(host="c", port=1, user="me").url == "http://c:1"


def test_without_a_namenode(configured: Any) -> None:
    with pytest.raises(NoNamenode) as caught:
        WebHdfsClient()
    assert "namenode_host" in caught.value.hint


def test_kerberos_needs_a_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "requests_kerberos", None)
    with pytest.raises(NoKerberos):
        WebHdfsClient(host="a", client_type="kerberos").client  # noqa: B018


def test_a_task_over_http(configured: Any, hdfs_service: Any, root: str) -> None:
    configured("hdfs", client="webhdfs", namenode_host="127.0.0.1")
    configured("webhdfs", port=str(hdfs_service.port))

    class WritesToHdfs(luigi.Task):
        def output(self) -> HdfsTarget:
            return HdfsTarget(f"{root}/words")

        def run(self) -> None:
            with self.output().open("w") as stream:
                stream.write("süß\n")

    assert luigi.build([WritesToHdfs()], local_scheduler=True)
    with WritesToHdfs().output().open() as stream:
        assert stream.read() == "süß\n"
