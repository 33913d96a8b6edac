"""File systems that do one thing wrong, each with the tests of the suite that must find it out."""

from __future__ import annotations

import os

import pytest

import luigi
from luigi.local_file_system import LocalFileSystem
from luigi.target import FileAlreadyExists
from luigi.testing.contracts import FileSystemContract

SUITE = FileSystemContract


class TestSound(FileSystemContract):
    kind = LocalFileSystem
    tells_times = True
    caught_by = set()

    @pytest.fixture
    def fs(self):
        return self.kind()

    @pytest.fixture
    def root(self, tmp_path):
        return str(tmp_path / "root")

    def make_target(self, path, **keywords):
        return luigi.LocalTarget(path, **keywords)


class TestNeverThere(TestSound):
    caught_by = {"test_a_file_exists_once_written_and_until_removed"}

    class kind(LocalFileSystem):
        def exists(self, path):
            return False


class TestKnowsFilesAlone(TestSound):
    caught_by = {"test_mkdir_makes_a_directory_and_its_parents"}

    class kind(LocalFileSystem):
        def exists(self, path):
            return os.path.isfile(path)


class TestAnswersForTheFirst(TestSound):
    caught_by = {"test_exists_many_answers_as_exists_does"}

    class kind(LocalFileSystem):
        def exists_many(self, paths):
            return set(super().exists_many(list(paths)[:1]))


class TestTellsMilliseconds(TestSound):
    caught_by = {"test_it_tells_when_something_was_written_or_nothing", "test_it_tells_when_files_were_written"}

    class kind(LocalFileSystem):
        def modified_at(self, path):
            return (super().modified_at(path) or 0) * 1000


class TestTellsNothing(TestSound):
    caught_by = {"test_it_tells_when_files_were_written"}

    class kind(LocalFileSystem):
        def modified_at(self, path):
            return None


class TestTellsOfFoldersAlone(TestSound):
    caught_by = {"test_it_tells_when_files_were_written"}

    class kind(LocalFileSystem):
        def modified_at(self, path):
            return super().modified_at(path) if os.path.isdir(path) else None


class TestAskingRemoves(TestSound):
    caught_by = {"test_nothing_stands_against_removing_what_can_be_removed"}

    class kind(LocalFileSystem):
        def why_not_remove(self, path):
            self.remove(path)


class TestAllAreDirectories(TestSound):
    caught_by = {"test_a_file_is_no_directory"}

    class kind(LocalFileSystem):
        def isdir(self, path):
            return self.exists(path)


class TestListsOneLevel(TestSound):
    caught_by = {"test_listdir_names_the_files_below_at_any_depth"}

    class kind(LocalFileSystem):
        def listdir(self, path):
            return [f"{path}/{name}" for name in os.listdir(path)]


class TestListsWhatIsNotThere(TestSound):
    caught_by = {"test_listdir_of_nothing_is_empty"}

    class kind(LocalFileSystem):
        def listdir(self, path):
            return list(super().listdir(path)) or [path]


class TestRemovesNeighbours(TestSound):
    caught_by = {"test_remove_takes_all_below_and_nothing_beside"}

    class kind(LocalFileSystem):
        def remove(self, path, recursive=True, skip_trash=True):
            super().remove(path, recursive)
            if self.exists(f"{path}-2"):
                super().remove(f"{path}-2")


class TestAlwaysRecursive(TestSound):
    caught_by = {"test_remove_without_recursive_keeps_a_full_directory"}

    class kind(LocalFileSystem):
        def remove(self, path, recursive=True, skip_trash=True):
            super().remove(path, True)


class TestCopiesInsteadOfMoving(TestSound):
    caught_by = {"test_move_gives_a_file_another_name"}

    class kind(LocalFileSystem):
        def move(self, path, dest, raise_if_exists=False):
            self.copy(path, dest)


class TestRenamesNothing(TestSound):
    caught_by = {"test_rename_is_move"}

    class kind(LocalFileSystem):
        def rename(self, path, dest):
            return None


class TestMovesInsteadOfCopying(TestSound):
    caught_by = {"test_copy_leaves_the_original"}

    class kind(LocalFileSystem):
        def copy(self, path, dest, raise_if_exists=False):
            self.move(path, dest)


class TestNeverRenames(TestSound):
    caught_by = {"test_rename_dont_move_renames", "test_directories_are_renamed_whole"}

    class kind(LocalFileSystem):
        def rename_dont_move(self, path, dest):
            raise FileAlreadyExists(dest)


class TestReplaces(TestSound):
    caught_by = {"test_rename_dont_move_never_replaces"}

    class kind(LocalFileSystem):
        def rename_dont_move(self, path, dest):
            os.rename(path, dest)


class TestNeverMindsWhatIsThere(TestSound):
    caught_by = {"test_mkdir_of_what_exists"}

    class kind(LocalFileSystem):
        def mkdir(self, path, parents=True, raise_if_exists=False):
            super().mkdir(path, parents, False)
