"""Targets with a path that do one thing wrong, each with the tests of the suite that must find it out."""

from __future__ import annotations

import contextlib
import gzip
import os

import pytest

import luigi
from luigi.target import FileAlreadyExists
from luigi.testing.contracts import FileSystemTargetContract

SUITE = FileSystemTargetContract


class TestSound(FileSystemTargetContract):
    kind = luigi.LocalTarget
    caught_by = set()

    @pytest.fixture
    def root(self, tmp_path):
        return str(tmp_path / "root")

    def make_target(self, path, **keywords):
        return self.kind(path, **keywords)


class TestWritesInPlace(TestSound):
    caught_by = {
        "test_is_there_once_closed",
        "test_an_exception_leaves_nothing",
        "test_a_stream_forgotten_leaves_nothing",
        "test_an_exception_leaves_what_was_there",
        "test_other_modes_are_refused",
        "test_formats_read_what_they_wrote",
        "test_a_writer_that_is_killed_leaves_nothing_in_place",
        "test_a_writer_that_is_killed_leaves_what_was_there",
    }

    class kind(luigi.LocalTarget):
        def open(self, mode="r"):
            os.makedirs(os.path.dirname(self.path), exist_ok=True)
            return open(self.path, mode)


class TestEmptyIsNothing(TestSound):
    caught_by = {"test_an_empty_file_exists", "test_removed_is_gone"}

    class kind(luigi.LocalTarget):
        def exists(self):
            return super().exists() and os.path.getsize(self.path) > 0

        def remove(self):
            if self.exists():
                super().remove()
            else:
                raise FileNotFoundError(self.path)


class TestClosesTwice(TestSound):
    caught_by = {"test_closing_twice_is_closing_once"}

    class kind(luigi.LocalTarget):
        def open(self, mode="r"):
            return Twice(self.path) if mode == "w" else open(self.path, mode)


class Twice:
    """A stream that puts its file there whenever it is closed."""

    def __init__(self, path):
        self.path = path
        self.content = []
        self.write = self.content.append
        self.writelines = self.content.extend

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()

    def flush(self):
        pass

    def close(self):
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        with open(self.path, "w") as out:
            out.writelines(self.content)


class TestReadsAllAsOneLine(TestSound):
    caught_by = {"test_reads_line_by_line"}

    class kind(luigi.LocalTarget):
        def open(self, mode="r"):
            return super().open(mode) if mode == "w" else contextlib.nullcontext(["one\ntwo\nthree"])


class TestNeverReplaces(TestSound):
    caught_by = {"test_writing_again_replaces"}

    class kind(luigi.LocalTarget):
        def open(self, mode="r"):
            if mode == "w" and self.exists():
                raise FileAlreadyExists(self.path)
            return super().open(mode)


class TestNamesNothing(TestSound):
    caught_by = {"test_reading_what_is_missing_names_it"}

    class kind(luigi.LocalTarget):
        def open(self, mode="r"):
            if mode == "r" and not self.exists():
                raise OSError("no such file")
            return super().open(mode)


class TestKeepsOneFormat(TestSound):
    caught_by = {"test_formats_read_what_they_wrote"}

    class kind(luigi.LocalTarget):
        def open(self, mode="r"):
            return gzip.open(self.path) if mode == "r" and self.path.endswith("file") else super().open(mode)


class TestTemporaryIsThePath(TestSound):
    caught_by = {
        "test_temporary_path_becomes_the_file",
        "test_temporary_path_becomes_the_directory",
        "test_an_exception_removes_the_temporary_path",
        "test_temporary_path_never_replaces",
    }

    class kind(luigi.LocalTarget):
        @contextlib.contextmanager
        def temporary_path(self):
            self.makedirs()
            if self.path.endswith("/folder"):
                os.makedirs(self.path, exist_ok=True)
            yield self.path
