"""DropboxClient and DropboxTarget beyond the suites: pages, parts, paths, who asks, patience, and errors."""

from __future__ import annotations

import pickle
import subprocess
import sys
import traceback
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from luigi.contrib._dropbox import transfers
from luigi.contrib._dropbox.settings import Settings
from luigi.contrib.dropbox import (
    AtomicWritableDropboxFile,
    CopyIntoItself,
    DropboxClient,
    DropboxTarget,
    FileNotFoundException,
    NoAddress,
    NoSpace,
    NotEmpty,
    NoToken,
    ReadableDropboxFile,
    Refused,
    Unreachable,
    accept_trailing_slash,
    accept_trailing_slash_in_existing_dirpaths,
)
from luigi.errors import ConfigurationError
from luigi.format import Nop
from luigi.target import FileAlreadyExists, MissingParentDirectory, NotADirectory

SECRET = "sl.do-not-show"


@pytest.fixture
def client(dropbox_com: Any) -> DropboxClient:
    return DropboxClient("the-token")


@pytest.fixture
def tree(client: DropboxClient, tmp_path: Path) -> DropboxClient:
    """/A/file, /A/Deeper/ä b%20, and /empty."""
    (tmp_path / "content").write_bytes(b"content")
    for path in ("/A/file", "/A/Deeper/ä b%20"):
        client.upload(str(tmp_path / "content"), path)
    client.mkdir("/empty")
    return client


# --- what is there ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "exists", "isdir"),
    [
        ("/A/file", True, False),
        ("/a/FILE", True, False),
        ("/A/file/", False, False),
        ("/A", True, True),
        ("/A/", True, True),
        ("/empty/", True, True),
        ("/", True, True),
        ("", True, True),
        ("/A/fil", False, False),
        ("/missing/", False, False),
    ],
)
def test_exists_and_isdir(tree: DropboxClient, path: str, exists: bool, isdir: bool) -> None:
    assert tree.exists(path) is exists
    assert tree.isdir(path) is isdir


def test_a_path_begins_with_a_slash(client: DropboxClient) -> None:
    for act in (client.exists, client.isdir, client.mkdir, client.remove, client.download_as_bytes):
        with pytest.raises(NoAddress, match="'file' is no address") as caught:
            act("file")
        assert "/folder/name" in caught.value.hint


@pytest.mark.parametrize("page", [1, 2, 2000])
def test_lists_files_as_the_path_was_given(tree: DropboxClient, dropbox_com: Any, page: int) -> None:
    dropbox_com.page = page
    assert sorted(tree.listdir("/A")) == ["/A/Deeper/ä b%20", "/A/file"]
    assert sorted(tree.listdir("/a/")) == ["/a/Deeper/ä b%20", "/a/file"]
    assert sorted(tree.listdir("/")) == sorted(tree.listdir("")) == ["/A/Deeper/ä b%20", "/A/file"]
    assert list(tree.listdir("/A", recursive=False)) == ["/A/file"]
    assert list(tree.listdir("/missing")) == []


def test_neighbours_cost_one_question(client: DropboxClient, dropbox_com: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    paths = [f"/Days/{number}/Part" for number in range(40)]
    for path in paths[::2]:
        client.upload(str(tmp_path / "file"), path)
    asked = [*paths, "/Days/0", "/days/2/", "/Days/1/"]
    dropbox_com.asked.clear()
    assert client.exists_many(paths) == set(paths[::2])
    assert dropbox_com.asked == ["files/list_folder"]
    assert client.exists_many(asked) == {path for path in asked if client.exists(path)}
    assert client.exists_many([f"/nowhere/{number}" for number in range(20)]) == set()
    assert client.exists_many([f"/Days/0/Part/{number}" for number in range(20)]) == set()


# --- changing what is there ------------------------------------------------------------------------------------------


def test_mkdir(tree: DropboxClient) -> None:
    tree.mkdir("/new/folder/")
    assert tree.isdir("/new/folder")
    tree.mkdir("/new/folder")
    for path in ("/new/folder", "/"):
        with pytest.raises(FileAlreadyExists):
            tree.mkdir(path, raise_if_exists=True)
    tree.mkdir("/new/other", parents=False)
    tree.mkdir("/top", parents=False)
    with pytest.raises(MissingParentDirectory, match="absent"):
        tree.mkdir("/absent/folder", parents=False)
    for path in ("/A/file", "/A/file/below"):
        with pytest.raises(NotADirectory, match="/A/file"):
            tree.mkdir(path)


def test_remove(tree: DropboxClient) -> None:
    assert tree.remove("/missing") is False
    with pytest.raises(NotEmpty, match="/A is a directory") as caught:
        tree.remove("/A", recursive=False)
    assert "recursive" in caught.value.hint
    assert tree.remove("/empty", recursive=False) is True
    assert tree.remove("/A/file", recursive=False, skip_trash=True) is True
    assert tree.remove("/A/") is True
    assert list(tree.listdir("/")) == []


def test_moves_and_copies_replace_nothing(tree: DropboxClient) -> None:
    tree.copy("/A", "/B/")
    assert sorted(tree.listdir("/B")) == ["/B/Deeper/ä b%20", "/B/file"]
    for act in (tree.copy, tree.move, tree.rename, tree.rename_dont_move):
        with pytest.raises(FileAlreadyExists, match="/B exists"):
            act("/A", "/B")
        with pytest.raises(FileNotFoundException, match="/missing"):
            act("/missing", "/C")
        with pytest.raises(CopyIntoItself):
            act("/A", "/A/Deeper/A")
    tree.move("/A/", "/C/D")
    assert tree.exists("/C/D/file")
    assert not tree.exists("/A")


# --- bringing and fetching -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 9, 10, 11, 20, 25, 30])
def test_large_files_go_in_parts(client: DropboxClient, tmp_path: Path, monkeypatch: Any, size: int) -> None:
    monkeypatch.setattr(transfers, "PART", 10)
    content = bytes(range(size))
    (tmp_path / "file").write_bytes(content)
    for path in ("/a", "/a", "/b/c"):
        client.upload(str(tmp_path / "file"), path)
        assert client.download_as_bytes(path) == content
    with pytest.raises(FileAlreadyExists, match="/a exists"):
        transfers.upload(client.conn, str(tmp_path / "file"), "/a", replace=False)


def test_what_is_sent_can_be_checked(client: DropboxClient, dropbox_com: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"content")
    client.upload(str(tmp_path / "file"), "/file")
    assert "content_hash" in dropbox_com.headers[-1]["dropbox-api-arg"]


def test_what_is_missing(tree: DropboxClient, tmp_path: Path) -> None:
    for path in ("/missing", "/A"):
        with pytest.raises(FileNotFoundException, match=path):
            tree.download_as_bytes(path)
    with pytest.raises(FileNotFoundError, match="absent"):
        tree.upload(str(tmp_path / "absent"), "/file")


# --- targets ---------------------------------------------------------------------------------------------------------


def test_files(tree: DropboxClient) -> None:
    with ReadableDropboxFile("/A/file", tree) as stream:
        assert (stream.readable(), stream.writable(), stream.path) == (True, False, "/A/file")
        assert stream.read() == b"content"
    stream = AtomicWritableDropboxFile("/A/new", tree)
    stream.write(b"content")
    stream.flush()
    assert not tree.exists("/A/new")
    stream.close()
    assert tree.download_as_bytes("/A/new") == b"content"
    assert not Path(stream.tmp_path).exists()


def test_a_target_is_what_was_given(dropbox_com: Any) -> None:
    target = DropboxTarget("/a", "the-token", Nop, "Mine", "123")
    assert (target.path, target.token, target.format, target.fs) == ("/a", "the-token", Nop, target.client)
    assert not target.exists()
    sent = dropbox_com.headers[-1]
    assert sent["user-agent"].startswith("Mine/")
    assert sent["dropbox-api-path-root"] == '{".tag": "root", "root": "123"}'


@pytest.mark.parametrize("path", ["/folder/file", "/folder/directory/"])
def test_a_temporary_path_is_of_this_machine(client: DropboxClient, path: str) -> None:
    target = DropboxTarget(path, "the-token")
    with target.temporary_path() as local:
        assert Path(local).parent.is_dir()
        if path.endswith("/"):
            Path(local, "deeper").mkdir(parents=True)
            Path(local, "deeper", "file").write_text("content")
        else:
            Path(local).write_text("content")
    assert [name.rpartition("/")[2] for name in client.listdir("/")] == ["file"]
    assert not Path(local).parent.exists()


def test_a_block_that_ends_badly_or_writes_nothing(client: DropboxClient) -> None:
    target = DropboxTarget("/folder/file", "the-token")
    with pytest.raises(FileAlreadyExists, match="mine"), target.temporary_path() as local:
        Path(local).write_text("content")
        raise FileAlreadyExists("mine")
    assert not Path(local).parent.exists()
    with pytest.raises(FileNotFoundException, match=r"luigi-dropbox"), target.temporary_path() as local:
        pass
    assert not Path(local).parent.exists()
    assert list(client.listdir("/")) == []


@pytest.mark.parametrize("directory", [False, True])
def test_what_cannot_be_uploaded_stays(client: DropboxClient, dropbox_com: Any, directory: bool) -> None:
    full = {
        "error_summary": "",
        "error": {".tag": "path", "reason": {".tag": "insufficient_space"}, "upload_session_id": ""},
    }
    with (
        pytest.raises(NoSpace, match="no space left") as caught,
        DropboxTarget("/folder", "the-token").temporary_path() as local,
    ):
        if directory:
            Path(local).mkdir()
            Path(local, "file").write_text("content")
            dropbox_com.fail("files/upload", 409, full)
        else:
            Path(local).write_text("content")
            dropbox_com.fail("files/upload", 409, full)
    assert local in caught.value.__notes__[0]
    assert Path(local).exists()
    assert list(dropbox_com.kept) == []


# --- slashes ---------------------------------------------------------------------------------------------------------


def test_slashes_at_the_end() -> None:
    class Some:
        def isdir(self, path: str) -> bool:
            return path == "/d/"

        @accept_trailing_slash
        def always(self, path: str, *others: str) -> tuple[str, ...]:
            """Doc."""
            return path, *others

        @accept_trailing_slash_in_existing_dirpaths
        def for_directories(self, path: str, *others: str) -> tuple[str, ...]:
            return path, *others

    assert [Some().always(path, "/b/") for path in ("/a", "/a/", "/", "")] == [
        ("/a", "/b/"),
        ("/a", "/b/"),
        ("/", "/b/"),
        ("", "/b/"),
    ]
    assert [Some().for_directories(path)[0] for path in ("/a/", "/d/", "/d", "/")] == ["/a/", "/d", "/d", "/"]
    assert Some.always.__doc__ == "Doc."


# --- who asks, patience and errors -----------------------------------------------------------------------------------


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Pauses are noted, not made."""
    import dropbox.dropbox_client

    pauses: list[float] = []
    monkeypatch.setattr(dropbox.dropbox_client, "time", SimpleNamespace(sleep=pauses.append))
    return pauses


def test_a_service_in_trouble_is_asked_again(tree: DropboxClient, dropbox_com: Any, hasty: list[float]) -> None:
    dropbox_com.fail("", 500, "oh")
    dropbox_com.fail(
        "", 429, {"error_summary": "", "error": {"reason": {".tag": "too_many_requests"}, "retry_after": 7}}
    )
    assert tree.exists("/A/file")
    assert hasty[1] == 7
    assert len(hasty) == 2


@pytest.mark.parametrize("status", [500, 429])
def test_a_service_that_stays_in_trouble(
    tree: DropboxClient, dropbox_com: Any, hasty: list[float], luigi_config: Any, status: int
) -> None:
    luigi_config("dropbox", retries=2)
    for _ in range(9):
        dropbox_com.fail("", status, "oh")
    with pytest.raises(Unreachable, match="/A/file") as caught:
        tree.exists("/A/file")
    assert "retries" in caught.value.hint
    assert len(hasty) == 2


def test_nobody_listens(client: DropboxClient, dropbox_com: Any, luigi_config: Any) -> None:
    luigi_config("dropbox", retries=0)
    dropbox_com.stop()
    with pytest.raises(Unreachable, match="/file: the service does not answer: ConnectionError"):
        client.exists("/file")


def test_a_wrong_token_is_told_and_not_shown(dropbox_com: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    client = DropboxClient(SECRET)
    with pytest.raises(Refused, match="/file: .*invalid_access_token") as caught:
        client.exists("/file")
    assert "refresh_token" in caught.value.hint
    assert SECRET not in "".join(traceback.format_exception(caught.value)) + caplog.text + repr(client)


def test_what_is_no_token_or_no_root_is_told(client: DropboxClient, dropbox_com: Any) -> None:
    dropbox_com.fail("", 400, "The given OAuth 2 access token is malformed.")
    with pytest.raises(Refused, match="malformed"):
        client.exists("/file")
    dropbox_com.fail("", 422, {"error_summary": "", "error": {".tag": "no_permission"}})
    with pytest.raises(Refused, match="no such root"):
        client.exists("/file")


def test_who_may_not_write_is_told(client: DropboxClient, dropbox_com: Any) -> None:
    dropbox_com.fail("", 409, {"error_summary": "", "error": {".tag": "path", "path": {".tag": "no_write_permission"}}})
    with pytest.raises(Refused, match="/folder"):
        client.mkdir("/folder")


def test_nobody_is_configured(luigi_config: Any) -> None:
    for act in (DropboxClient(None).exists, lambda path: DropboxTarget(path).exists()):
        with pytest.raises(NoToken, match="no token") as caught:
            act("/file")
        assert "[dropbox]" in caught.value.hint
        assert isinstance(caught.value, ValueError)


def test_the_section(dropbox_com: Any, luigi_config: Any) -> None:
    luigi_config("dropbox", token="the-token", root_namespace_id="456", timeout=7)
    client = DropboxClient()
    assert not client.exists("/file")
    assert '"456"' in dropbox_com.headers[-1]["dropbox-api-path-root"]
    assert client.conn._timeout == 7


def test_a_refresh_token(dropbox_com: Any, luigi_config: Any) -> None:
    luigi_config("dropbox", refresh_token="the-refresh-token", app_key="app")
    assert not DropboxClient().exists("/file")
    assert dropbox_com.asked == ["/oauth2/token", "files/get_metadata"]


def test_secrets_are_not_shown() -> None:
    shown = repr(Settings(token=SECRET, refresh_token=SECRET, app_key="who", app_secret=SECRET))
    assert "who" in shown
    assert SECRET not in shown


def test_a_wrong_option_is_named(luigi_config: Any) -> None:
    luigi_config("dropbox", tokn="x")
    with pytest.raises(ConfigurationError, match="has no option tokn"):
        DropboxClient().conn  # noqa: B018


def test_a_target_travels(tree: DropboxClient) -> None:
    target = DropboxTarget("/A/file", "the-token")
    assert target.exists()
    assert pickle.loads(pickle.dumps(target)).exists()


WITHOUT = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "dropbox":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
from luigi.contrib.dropbox import DropboxTarget
from luigi.errors import MissingExtra
for act in (DropboxTarget("/file", "token").exists, DropboxTarget("/file", "token").open):
    try:
        act()
    except MissingExtra as error:
        print(error, error.hint)
"""


def test_without_dropboxs_client_the_extra_is_named() -> None:
    said = subprocess.run([sys.executable, "-c", WITHOUT], text=True, capture_output=True, check=True).stdout
    sentence = 'luigi.contrib.dropbox needs a package that is not installed pip install "luigi-kernel[dropbox]"'
    assert said.splitlines() == [sentence, sentence]
