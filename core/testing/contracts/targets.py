"""What every target must do, as pytest classes to subclass; FileSystemTargetContract is for those with a path.

    class TestMyTarget(TargetContract):
        def make_target(self, name):
            return MyTarget(table=name)

        def put(self, target):
            target.touch()

    class TestMyFile(FileSystemTargetContract):
        @pytest.fixture
        def root(self):
            return "my://bucket/some-empty-place"

        def make_target(self, path, **keywords):
            return MyFile(path, **keywords)

The attributes say what a kind of storage cannot have by its nature, not what an implementation has yet to learn.
"""

from __future__ import annotations

from typing import Any

import pytest

import luigi
from luigi.format import UTF8, Gzip, Nop
from luigi.target import FileAlreadyExists, FileSystemTarget, Target
from luigi.testing.contracts.contract import Contract, only_where
from luigi.testing.contracts.file_systems import FileSystemContract
from luigi.testing.contracts.hard_files import HardFilesContract
from luigi.testing.run import run_task

__all__ = ["FileSystemContract", "FileSystemTargetContract", "TargetContract"]


class TargetContract(Contract):
    """Being there or not: what a task is complete by. Each test finds nothing there."""

    can_be_away = True  # False where no service is asked

    def make_target(self, name: str) -> Target:
        """A target of that name: another object each time, and the same thing for the same name."""
        raise NotImplementedError("give make_target()")

    def put(self, target: Any) -> None:
        """Have it be there, as a task would do in its `run()`."""
        raise NotImplementedError("give put()")

    def unreachable(self) -> Target:
        """A target at a service that does not answer."""
        raise NotImplementedError("give unreachable()")

    def test_it_is_there_once_put(self) -> None:
        target = self.make_target("one")
        assert target.exists() is False
        self.put(target)
        assert target.exists() is True

    def test_asking_changes_nothing(self) -> None:
        target = self.make_target("one")
        assert [target.exists() for _ in range(3)] == [False] * 3
        self.put(target)
        assert [target.exists() for _ in range(3)] == [True] * 3

    def test_another_object_is_the_same_thing(self) -> None:
        early = self.make_target("one")
        assert not early.exists()
        self.put(self.make_target("one"))
        assert early.exists(), "it must not remember that it was not there"
        assert self.make_target("one").exists()

    def test_others_are_not_there_for_that(self) -> None:
        self.put(self.make_target("one"))
        assert not self.make_target("one-more").exists()
        assert not self.make_target("on").exists()

    def test_what_is_there_may_be_put_again(self) -> None:
        for _ in range(2):
            self.put(self.make_target("one"))
        assert self.make_target("one").exists()

    def test_the_task_that_makes_it_runs_once(self) -> None:
        contract, runs = self, []

        class Makes(luigi.Task):
            _visible_in_registry = False

            def output(self) -> Target:
                return contract.make_target("one")

            def run(self) -> None:
                runs.append(self)
                contract.put(self.output())

        assert not Makes().complete()
        for _ in range(2):
            assert run_task(Makes()).complete()
        assert len(runs) == 1

    @only_where(can_be_away=True)
    def test_not_to_know_is_not_to_be_missing(self) -> None:
        target = self.unreachable()
        with pytest.raises(Exception):  # noqa: B017 - every service has its own
            target.exists()


class FileSystemTargetContract(HardFilesContract):
    """Opening, writing whole or not at all, formats, and temporary paths of a FileSystemTarget."""

    takes_formats = True  # False where content has a form of its own

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

    @only_where(takes_formats=True)
    @pytest.mark.parametrize(
        ("format", "content"),
        [(Nop, bytes(range(256))), (UTF8, "süß\n"), (Gzip, b"\x00\xff" * 9000), (UTF8 >> Gzip, "süß\n" * 9000)],
        ids=["Nop", "UTF8", "Gzip", "UTF8 >> Gzip"],
    )
    def test_formats_read_what_they_wrote(self, root: str, format: Any, content: Any) -> None:
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
