"""What every file system and every target with a path must do, as pytest classes to subclass.

    class TestMyFileSystem(FileSystemContract):
        @pytest.fixture
        def fs(self):
            return MyFileSystem()

        @pytest.fixture
        def root(self):
            return "my://bucket/some-empty-place"

        def make_target(self, path, **keywords):
            return MyTarget(path, **keywords)

    class TestMyTarget(FileSystemTargetContract):
        ...  # root and make_target, as above

The attributes say what a kind of storage cannot have by its nature, not what an implementation has yet to learn.
"""

from __future__ import annotations

from typing import Any

import pytest

from luigi.format import UTF8, Gzip, Nop
from luigi.target import FileAlreadyExists, FileSystem, FileSystemTarget


class _Contract:
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


class FileSystemContract(_Contract):
    """The verbs of a FileSystem."""

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

    def test_mkdir_makes_a_directory_and_its_parents(self, fs: FileSystem, root: str) -> None:
        if not self.has_directories:
            pytest.skip("has no directories of its own")
        fs.mkdir(f"{root}/some/folder")
        assert fs.exists(f"{root}/some/folder")
        assert fs.isdir(f"{root}/some/folder")

    def test_directories_are_renamed_whole(self, fs: FileSystem, root: str) -> None:
        self.write(f"{root}/old/a", b"1")
        self.write(f"{root}/old/deeper/b", b"2")
        fs.rename_dont_move(f"{root}/old", f"{root}/new")
        assert sorted(fs.listdir(f"{root}/new")) == [f"{root}/new/a", f"{root}/new/deeper/b"]
        assert list(fs.listdir(f"{root}/old")) == []


class FileSystemTargetContract(_Contract):
    """Opening, writing whole or not at all, formats, and temporary paths of a FileSystemTarget."""

    takes_formats = True  # False where content has a form of its own

    def names(self, root: str) -> list[str]:
        """Every file below `root`, to see that nothing is left lying about."""
        return sorted(self.make_target(root).fs.listdir(root))

    def write_and_fail(self, target: FileSystemTarget) -> None:
        """Raise ZeroDivisionError in the middle of writing, with some of it already on its way."""
        with target.open("w") as stream:
            stream.write("content" * 10_000)
            raise ZeroDivisionError

    def fill_and_fail(self, target: FileSystemTarget) -> None:
        """Raise ZeroDivisionError with something at the temporary path."""
        with target.temporary_path() as temporary:
            self.write(temporary, b"content")
            raise ZeroDivisionError

    def test_is_there_once_closed(self, root: str) -> None:
        target = self.make_target(f"{root}/folder/file")
        with target.open("w") as stream:
            stream.write("content\n")
            stream.flush()
            assert not target.exists()
        assert target.exists()
        with target.open("r") as stream:
            assert stream.read() == "content\n"

    def test_closing_twice_is_closing_once(self, root: str) -> None:
        target = self.make_target(f"{root}/file")
        stream = target.open("w")
        stream.write("content")
        stream.close()
        target.remove()
        stream.close()
        assert not target.exists()

    def test_reads_line_by_line(self, root: str) -> None:
        target = self.make_target(f"{root}/file")
        with target.open("w") as stream:
            stream.writelines(["one\n", "two\n", "three"])
        with target.open("r") as stream:
            assert list(stream) == ["one\n", "two\n", "three"]

    def test_an_exception_leaves_nothing(self, root: str) -> None:
        target = self.make_target(f"{root}/file")
        with pytest.raises(ZeroDivisionError):
            self.write_and_fail(target)
        assert not target.exists()
        assert self.names(root) == []

    def test_a_stream_forgotten_leaves_nothing(self, root: str) -> None:
        target = self.make_target(f"{root}/file")
        stream = target.open("w")
        stream.write("content" * 10_000)
        del stream
        assert not target.exists()
        assert self.names(root) == []

    def test_an_exception_leaves_what_was_there(self, root: str) -> None:
        target = self.make_target(f"{root}/file")
        with target.open("w") as stream:
            stream.write("first")
        with pytest.raises(ZeroDivisionError):
            self.write_and_fail(target)
        with target.open("r") as stream:
            assert stream.read() == "first"

    def test_writing_again_replaces(self, root: str) -> None:
        target = self.make_target(f"{root}/file")
        for content in ("a longer first", "second"):
            with target.open("w") as stream:
                stream.write(content)
        with target.open("r") as stream:
            assert stream.read() == "second"

    def test_an_empty_file_exists(self, root: str) -> None:
        target = self.make_target(f"{root}/file")
        target.open("w").close()
        assert target.exists()
        with target.open("r") as stream:
            assert stream.read() == ""

    def test_reading_what_is_missing_names_it(self, root: str) -> None:
        with pytest.raises(Exception, match="missing"):
            self.make_target(f"{root}/missing").open("r").read()

    def test_other_modes_are_refused(self, root: str) -> None:
        with pytest.raises(Exception):  # noqa: B017 - Luigi's own targets raise different ones
            self.make_target(f"{root}/file").open("a")

    def test_removed_is_gone(self, root: str) -> None:
        target = self.make_target(f"{root}/file")
        target.open("w").close()
        target.remove()
        assert not target.exists()

    @pytest.mark.parametrize(
        ("format", "content"),
        [(Nop, bytes(range(256))), (UTF8, "süß\n"), (Gzip, b"\x00\xff" * 9000), (UTF8 >> Gzip, "süß\n" * 9000)],
        ids=["Nop", "UTF8", "Gzip", "UTF8 >> Gzip"],
    )
    def test_formats_read_what_they_wrote(self, root: str, format: Any, content: Any) -> None:
        if not self.takes_formats:
            pytest.skip("takes no formats")
        with self.make_target(f"{root}/file", format=format).open("w") as stream:
            stream.write(content)
        with self.make_target(f"{root}/file", format=format).open("r") as stream:
            assert stream.read() == content

    def test_temporary_path_becomes_the_file(self, root: str) -> None:
        target = self.make_target(f"{root}/folder/file")
        with target.temporary_path() as temporary:
            self.write(temporary, b"content")
            assert not target.exists()
        assert target.exists()
        assert self.names(root) == [f"{root}/folder/file"]

    def test_temporary_path_becomes_the_directory(self, root: str) -> None:
        target = self.make_target(f"{root}/folder")
        with target.temporary_path() as temporary:
            self.write(f"{temporary}/a", b"1")
            self.write(f"{temporary}/b", b"2")
            assert not target.exists()
        assert self.names(root) == [f"{root}/folder/a", f"{root}/folder/b"]

    def test_an_exception_removes_the_temporary_path(self, root: str) -> None:
        target = self.make_target(f"{root}/file")
        with pytest.raises(ZeroDivisionError):
            self.fill_and_fail(target)
        assert not target.exists()
        assert self.names(root) == []

    def test_temporary_path_never_replaces(self, root: str) -> None:
        target = self.make_target(f"{root}/file")
        self.write(f"{root}/file", b"first")
        with pytest.raises(FileAlreadyExists), target.temporary_path() as temporary:
            self.write(temporary, b"second")
        assert self.read(f"{root}/file") == b"first"
        assert self.read(temporary) == b"second"
