"""What every file system must do, as a pytest class to subclass.

    class TestMyFileSystem(FileSystemContract):
        @pytest.fixture
        def fs(self):
            return MyFileSystem()

        @pytest.fixture
        def root(self):
            return "my://bucket/some-empty-place"

        def make_target(self, path, **keywords):
            return MyTarget(path, **keywords)

The attributes say what a kind of storage cannot have by its nature, not what an implementation has yet to learn.
"""

from __future__ import annotations

from typing import Any

import pytest

from luigi.clock import SYSTEM
from luigi.format import Nop
from luigi.target import FileAlreadyExists, FileSystem, FileSystemTarget
from luigi.testing.contracts.contract import Contract, only_where

DAY = 86_400
"""Seconds that the clock of a storage may differ from ours: enough for one that is in another zone."""


class PathContract(Contract):
    """A place with paths, and targets at them."""

    has_directories = True  # False where a directory is only how names begin: mkdir may make nothing

    @pytest.fixture
    def root(self) -> str:
        """A path below which there is nothing, with no slash at its end."""
        raise NotImplementedError("give a `root` fixture")

    def make_target(self, path: str, **keywords: Any) -> FileSystemTarget:
        """A target at `path`; `keywords` may hold `format`."""
        raise NotImplementedError("give make_target()")

    def write(self, path: str, content: bytes) -> None:
        """Put a file at `path`."""
        with self.make_target(path, format=Nop).open("w") as stream:
            stream.write(content)

    def read(self, path: str) -> bytes:
        """The bytes of the file at `path`."""
        with self.make_target(path, format=Nop).open("r") as stream:
            return bytes(stream.read())


class FileSystemContract(PathContract):
    """The verbs of a FileSystem."""

    tells_times = False  # True where `modified_at` knows when files were written

    @pytest.fixture
    def fs(self) -> FileSystem:
        """The file system to test."""
        raise NotImplementedError("give an `fs` fixture")

    def test_a_file_exists_once_written_and_until_removed(self, fs: FileSystem, root: str) -> None:
        path = f"{root}/file"
        assert not fs.exists(path)
        self.write(path, b"content")
        assert fs.exists(path)
        fs.remove(path)
        assert not fs.exists(path)

    def test_exists_many_answers_as_exists_does(self, fs: FileSystem, root: str) -> None:
        paths = [f"{root}/folder/{number}" for number in range(40)]
        for path in paths[::3]:
            self.write(path, b"content")
        asked = [*paths, f"{root}/folder", f"{root}/other/0", f"{root}/nothing", paths[0]]
        assert fs.exists_many(asked) == {path for path in asked if fs.exists(path)}
        assert set(paths[::3]) <= fs.exists_many(iter(asked))
        assert fs.exists_many([]) == set()

    def test_it_tells_when_something_was_written_or_nothing(self, fs: FileSystem, root: str) -> None:
        self.write(f"{root}/folder/file", b"content")
        for path in (f"{root}/folder/file", f"{root}/folder"):
            at = fs.modified_at(path)
            assert at is None or abs(SYSTEM.now() - at) < DAY
        assert fs.modified_at(f"{root}/nothing") is None

    @only_where(tells_times=True)
    def test_it_tells_when_files_were_written(self, fs: FileSystem, root: str) -> None:
        for name in ("one", "two/deeper/file", "two/with space"):
            self.write(f"{root}/{name}", b"content")
        for path in ("one", "two/with space", "two", "two/deeper", "two/"):
            at = fs.modified_at(f"{root}/{path}")
            assert at is not None, path
            assert abs(SYSTEM.now() - at) < DAY, path
        times = [fs.modified_at(f"{root}/two/{name}") or 0 for name in ("deeper/file", "with space")]
        assert (fs.modified_at(f"{root}/two") or 0) >= max(times), "of a directory, the newest in it"
        for path in ("on", "one/file", "tw", "two/file"):
            assert fs.modified_at(f"{root}/{path}") is None, path

    def test_nothing_stands_against_removing_what_can_be_removed(self, fs: FileSystem, root: str) -> None:
        for path in (f"{root}/folder/file", f"{root}/other"):
            self.write(path, b"content")
            assert fs.why_not_remove(path) is None
            assert fs.exists(path), "asking removes nothing"
        assert fs.why_not_remove(f"{root}/folder") is None

    def test_a_file_is_no_directory(self, fs: FileSystem, root: str) -> None:
        self.write(f"{root}/folder/file", b"content")
        assert fs.isdir(f"{root}/folder")
        assert not fs.isdir(f"{root}/folder/file")
        assert not fs.isdir(f"{root}/nothing")

    def test_listdir_names_the_files_below_at_any_depth(self, fs: FileSystem, root: str) -> None:
        paths = [f"{root}/folder/a", f"{root}/folder/deeper/b"]
        for path in [*paths, f"{root}/folder-2/c", f"{root}/d"]:
            self.write(path, b"content")
        assert sorted(fs.listdir(f"{root}/folder")) == paths

    def test_listdir_of_nothing_is_empty(self, fs: FileSystem, root: str) -> None:
        assert list(fs.listdir(f"{root}/nothing")) == []

    def test_remove_takes_all_below_and_nothing_beside(self, fs: FileSystem, root: str) -> None:
        for name in ("folder/a", "folder/deeper/b", "folder-2/c"):
            self.write(f"{root}/{name}", b"content")
        fs.remove(f"{root}/folder", recursive=True)
        assert not fs.exists(f"{root}/folder")
        assert not fs.exists(f"{root}/folder/a")
        assert fs.exists(f"{root}/folder-2/c")

    def test_remove_without_recursive_keeps_a_full_directory(self, fs: FileSystem, root: str) -> None:
        self.write(f"{root}/folder/a", b"content")
        with pytest.raises(Exception):  # noqa: B017 - every storage has its own
            fs.remove(f"{root}/folder", recursive=False)
        assert fs.exists(f"{root}/folder/a")

    def test_move_gives_a_file_another_name(self, fs: FileSystem, root: str) -> None:
        self.write(f"{root}/old", b"content")
        fs.move(f"{root}/old", f"{root}/folder/new")
        assert not fs.exists(f"{root}/old")
        assert self.read(f"{root}/folder/new") == b"content"

    def test_rename_is_move(self, fs: FileSystem, root: str) -> None:
        self.write(f"{root}/old", b"content")
        fs.rename(f"{root}/old", f"{root}/new")
        assert self.read(f"{root}/new") == b"content"

    def test_copy_leaves_the_original(self, fs: FileSystem, root: str) -> None:
        self.write(f"{root}/old", b"content")
        fs.copy(f"{root}/old", f"{root}/folder/new")
        assert self.read(f"{root}/old") == self.read(f"{root}/folder/new") == b"content"

    def test_rename_dont_move_renames(self, fs: FileSystem, root: str) -> None:
        self.write(f"{root}/old", b"content")
        fs.rename_dont_move(f"{root}/old", f"{root}/new")
        assert not fs.exists(f"{root}/old")
        assert self.read(f"{root}/new") == b"content"

    def test_rename_dont_move_never_replaces(self, fs: FileSystem, root: str) -> None:
        self.write(f"{root}/old", b"of old")
        self.write(f"{root}/new", b"of new")
        with pytest.raises(FileAlreadyExists):
            fs.rename_dont_move(f"{root}/old", f"{root}/new")
        assert self.read(f"{root}/old") == b"of old"
        assert self.read(f"{root}/new") == b"of new"

    def test_mkdir_of_what_exists(self, fs: FileSystem, root: str) -> None:
        self.write(f"{root}/folder/file", b"content")
        fs.mkdir(f"{root}/folder")
        with pytest.raises(FileAlreadyExists):
            fs.mkdir(f"{root}/folder", raise_if_exists=True)
        assert fs.exists(f"{root}/folder/file")

    @only_where(has_directories=True)
    def test_mkdir_makes_a_directory_and_its_parents(self, fs: FileSystem, root: str) -> None:
        fs.mkdir(f"{root}/some/folder")
        assert fs.exists(f"{root}/some/folder")
        assert fs.isdir(f"{root}/some/folder")

    def test_directories_are_renamed_whole(self, fs: FileSystem, root: str) -> None:
        self.write(f"{root}/old/a", b"1")
        self.write(f"{root}/old/deeper/b", b"2")
        fs.rename_dont_move(f"{root}/old", f"{root}/new")
        assert sorted(fs.listdir(f"{root}/new")) == [f"{root}/new/a", f"{root}/new/deeper/b"]
        assert list(fs.listdir(f"{root}/old")) == []
