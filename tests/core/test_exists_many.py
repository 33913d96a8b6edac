"""`exists_many` gives the answers of `exists`, with fewer questions."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.local_listing import ENTRIES_A_PATH, MANY
from luigi.local_target import LocalFileSystem
from luigi.mock import MockFileSystem, MockTarget
from luigi.target import FileSystem

NAMES = [f"name{number}" for number in range(MANY * 2)]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that were asked for one by one, and `list:` and the folder for each listing."""
    calls: list[str] = []
    access, scandir = os.access, os.scandir

    def counted_access(path: Any, mode: int) -> bool:
        calls.append(os.fspath(path))
        return access(path, mode)

    def counted_scandir(path: Any) -> Any:
        calls.append(f"list:{path}")
        return scandir(path)

    monkeypatch.setattr(os, "access", counted_access)
    monkeypatch.setattr(os, "scandir", counted_scandir)
    return calls


def agree(paths: list[str]) -> set[str]:
    fs = LocalFileSystem()
    found = fs.exists_many(paths)
    assert found == {path for path in paths if fs.exists(path)}
    return found


def test_a_folder_is_listed_once(tmp_path: Path, asked: list[str]) -> None:
    paths = [f"{tmp_path}/{name}" for name in NAMES]
    for path in paths[::2]:
        Path(path).touch()
    assert LocalFileSystem().exists_many(paths) == set(paths[::2])
    assert [call for call in asked if call.startswith("list:")] == [f"list:{tmp_path}/"]
    assert not set(asked) & set(paths)


def test_few_paths_in_a_folder_are_asked_one_by_one(tmp_path: Path, asked: list[str]) -> None:
    paths = [f"{tmp_path}/{folder}/{name}" for folder in "abc" for name in NAMES[: MANY - 1]]
    assert LocalFileSystem().exists_many(paths) == set()
    assert asked == paths


def test_a_folder_that_holds_far_more_is_not_read_to_its_end(tmp_path: Path, asked: list[str]) -> None:
    for number in range(MANY * ENTRIES_A_PATH + 1):
        (tmp_path / f"other{number}").touch()
    paths = [f"{tmp_path}/{name}" for name in NAMES[:MANY]]
    Path(paths[3]).touch()
    assert LocalFileSystem().exists_many(paths) == {paths[3]}
    assert set(paths) <= set(asked)


def test_a_missing_folder_is_not_listed(tmp_path: Path, asked: list[str]) -> None:
    assert LocalFileSystem().exists_many([f"{tmp_path}/missing/{name}" for name in NAMES]) == set()
    assert asked == [f"{tmp_path}/missing/"]


def test_links_are_followed(tmp_path: Path) -> None:
    (tmp_path / "there").touch()
    (tmp_path / NAMES[0]).symlink_to("there")
    (tmp_path / NAMES[1]).symlink_to("nowhere")
    (tmp_path / NAMES[2]).mkdir()
    assert len(agree([f"{tmp_path}/{name}" for name in NAMES])) == 2


def test_a_folder_behind_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("nowhere")
    assert agree([f"{tmp_path}/link/{name}" for name in NAMES]) == set()


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert agree([f"{tmp_path}/file/{name}" for name in NAMES]) == set()


def test_names_no_listing_shows(tmp_path: Path) -> None:
    (tmp_path / "süß").touch()
    odd = [f"{tmp_path}/{name}" for name in ("", ".", "..", "süß", "süß 2", "x" * 300)]
    assert len(agree([*(f"{tmp_path}/{name}" for name in NAMES), *odd])) == 4


def test_paths_without_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(NAMES[5]).touch()
    os.mkdir("folder")
    Path(f"folder//{NAMES[1]}").touch()
    assert agree([*NAMES, *(f"folder//{name}" for name in NAMES)]) == {NAMES[5], f"folder//{NAMES[1]}"}


def test_the_root_folder() -> None:
    assert "/tmp" in agree(["/tmp", *(f"/{name}" for name in NAMES), *NAMES])


@pytest.mark.skipif(os.geteuid() == 0, reason="everything is open to root")
@pytest.mark.parametrize("mode", [0o400, 0o100, 0o000])
def test_a_folder_that_is_not_open_to_all(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / NAMES[0]).touch()
    folder.chmod(mode)
    try:
        agree([f"{folder}/{name}" for name in NAMES])
    finally:
        folder.chmod(0o700)


@pytest.mark.parametrize("answer", ["cannot be listed", "cannot be entered"])
def test_where_a_listing_does_not_tell_it_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    paths = [f"{tmp_path}/{name}" for name in NAMES]
    Path(paths[0]).touch()
    if answer == "cannot be listed":

        def refuse(path: object) -> Any:
            raise PermissionError(path)

        monkeypatch.setattr(os, "scandir", refuse)
        assert LocalFileSystem().exists_many(paths) == {paths[0]}
    else:
        monkeypatch.setattr(os, "access", lambda path, mode: path == f"{tmp_path}/" and mode == os.F_OK)
        assert LocalFileSystem().exists_many(paths) == set()


def test_where_case_means_nothing_it_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "NAME0").touch()
    access = os.access

    def caseless(path: str, mode: int) -> bool:
        folder, name = os.path.split(path)
        return access(path, mode) or access(f"{folder}/{name.upper()}", mode)

    monkeypatch.setattr(os, "access", caseless)
    paths = [f"{tmp_path}/{name}" for name in NAMES]
    assert LocalFileSystem().exists_many(paths) == {paths[0]}


def test_files_in_memory() -> None:
    fs = MockFileSystem()
    fs.clear()
    with MockTarget("a/b").open("w") as stream:
        stream.write("content")
    assert fs.exists_many(["a", "a/b", "c"]) == {"a/b"}
    fs.clear()


def test_any_other_file_system_asks_one_by_one() -> None:
    class Odd(FileSystem):
        def exists(self, path: str) -> bool:
            return len(path) % 2 == 1

        def remove(self, path: str, recursive: bool = True, skip_trash: bool = True) -> None:
            """There is nothing to remove."""

    assert Odd().exists_many(iter(["a", "bb", "ccc"])) == {"a", "ccc"}


def test_exists_many_is_public() -> None:
    assert luigi.LocalTarget.fs.exists_many([]) == set()
