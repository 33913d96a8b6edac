"""LocalTarget and LocalFileSystem: the contract every file system keeps, and what is local's own."""

from __future__ import annotations

import errno
import gc
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from luigi.errors import KernelError
from luigi.format import UTF8, Gzip
from luigi.local_target import LocalFileSystem, LocalTarget, atomic_file
from luigi.target import FileAlreadyExists, MissingParentDirectory, NotADirectory
from luigi.testing.contracts.targets import FileSystemContract, FileSystemTargetContract


class TestLocalFileSystem(FileSystemContract):
    tells_times = True

    @pytest.fixture
    def fs(self):
        return LocalFileSystem()

    @pytest.fixture
    def root(self, tmp_path):
        return str(tmp_path)

    def make_target(self, path, **keywords):
        return LocalTarget(path, **keywords)


class TestLocalTarget(FileSystemTargetContract):
    @pytest.fixture
    def root(self, tmp_path):
        return str(tmp_path)

    def make_target(self, path, **keywords):
        return LocalTarget(path, **keywords)


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def put(path, content="content"):
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


# --- the target -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["folder/file", Path("folder/file")])
def test_path_is_a_str(path):
    assert LocalTarget(path).path == "folder/file"
    assert str(LocalTarget(path=path)) == "folder/file"


def test_a_target_needs_a_path():
    with pytest.raises(KernelError, match="needs a path") as caught:
        LocalTarget()
    assert "is_tmp=True" in caught.value.hint


def test_fn_is_path_s_older_name():
    with pytest.warns(DeprecationWarning, match="use LocalTarget.path"):
        assert LocalTarget("file").fn == "file"


@pytest.mark.parametrize("mode", ["w", "wb", "bw", "wt"])
def test_modes_that_write(mode):
    with LocalTarget("file").open(mode) as stream:
        stream.write("text whatever the mode says")
    assert Path("file").read_text() == "text whatever the mode says"


@pytest.mark.parametrize("mode", ["r", "rb", "br"])
def test_modes_that_read(mode):
    put("file")
    with LocalTarget("file").open(mode) as stream:
        assert stream.read() == "content"


@pytest.mark.parametrize("mode", ["rt", "a", "ab", "x", "r+", "w+", "rw", "", "U"])
def test_modes_that_are_refused(mode):
    put("file")
    with pytest.raises(ValueError, match="file: cannot be opened with mode"):
        LocalTarget("file").open(mode)
    assert os.listdir() == ["file"]


def test_reading_is_the_default():
    put("file")
    with LocalTarget("file").open() as stream:
        assert stream.read() == "content"


def test_a_missing_file_is_named():
    with pytest.raises(FileNotFoundError, match="'missing'"):
        LocalTarget("missing").open()


def test_what_is_being_written_lies_beside_its_place():
    with LocalTarget("folder/file").open("w") as stream:
        assert os.listdir("folder") == [os.path.basename(stream.tmp_path)]
        assert os.path.dirname(stream.tmp_path) == "folder"
    assert os.listdir("folder") == ["file"]


def test_folders_are_made_and_kept_when_writing_fails():
    with pytest.raises(ZeroDivisionError), LocalTarget("some/folder/file").open("w"):
        raise ZeroDivisionError
    assert os.listdir("some/folder") == []


def test_a_link_is_replaced_not_followed():
    put("elsewhere")
    os.symlink("elsewhere", "file")
    with LocalTarget("file").open("w") as stream:
        stream.write("new")
    assert not os.path.islink("file")
    assert Path("elsewhere").read_text() == "content"


def test_a_directory_cannot_be_written_over():
    os.makedirs("folder")
    with pytest.raises(IsADirectoryError, match="folder"), LocalTarget("folder").open("w"):
        pass
    assert os.listdir() == ["folder"]


def test_atomic_file_takes_paths_and_can_be_subclassed():
    class Protected(atomic_file):
        def move_to_final_destination(self):
            os.chmod(self.tmp_path, 0o400)
            super().move_to_final_destination()

    with Protected(Path("file")) as stream:
        stream.write(b"content")
    assert os.stat("file").st_mode & 0o777 == 0o400
    assert os.listdir() == ["file"]


def test_makedirs_makes_the_folder_only():
    LocalTarget("some/folder/file").makedirs()
    LocalTarget("some/folder/file").makedirs()
    assert os.listdir("some/folder") == []
    LocalTarget("other/folder/").makedirs()
    assert os.listdir("other") == []
    LocalTarget("file").makedirs()
    assert sorted(os.listdir()) == ["other", "some"]


def test_remove_takes_directories_too():
    put("folder/deeper/file")
    LocalTarget("folder").remove()
    assert os.listdir() == []
    with pytest.raises(FileNotFoundError, match="'folder'"):
        LocalTarget("folder").remove()


def test_copy_and_move():
    put("file")
    target = LocalTarget("file")
    target.copy("folder/copy")
    target.move("folder/moved")
    assert target.path == "file"
    assert Path("folder/copy").read_text() == Path("folder/moved").read_text() == "content"
    assert os.listdir() == ["folder"]


@pytest.mark.parametrize("verb", ["copy", "move"])
@pytest.mark.parametrize("error", [FileAlreadyExists, RuntimeError])
def test_copy_and_move_refuse_to_replace_when_asked_to(verb, error):
    put("file")
    put("taken", "of the other")
    with pytest.raises(error, match="taken exists already"):
        getattr(LocalTarget("file"), verb)("taken", raise_if_exists=True)
    assert Path("taken").read_text() == "of the other"
    getattr(LocalTarget("file"), verb)("taken")
    assert Path("taken").read_text() == "content"


def test_move_dir():
    put("folder/file")
    put("taken/other")
    with pytest.raises(OSError, match="not empty"):
        LocalTarget("folder").move_dir("taken")
    LocalTarget("folder").move_dir("new/folder")
    assert os.listdir("new/folder") == ["file"]
    assert os.listdir("taken") == ["other"]


def test_pickle_keeps_path_and_format():
    target = pickle.loads(pickle.dumps(LocalTarget("file", format=UTF8 >> Gzip)))
    assert target.path == "file"
    with target.open("w") as stream:
        stream.write("süß")
    with target.open() as stream:
        assert stream.read() == "süß"


# --- temporary targets ------------------------------------------------------------------------------------------


def test_a_temporary_target_needs_no_path_and_goes_with_its_target():
    target = LocalTarget(is_tmp=True)
    path = target.path
    with target.open("w") as stream:
        stream.write("content")
    assert target.exists()
    del target
    gc.collect()
    assert not os.path.exists(path)


def test_a_temporary_target_may_be_named_and_may_be_a_directory():
    target = LocalTarget("folder", is_tmp=True)
    put("folder/file")
    del target
    gc.collect()
    assert os.listdir() == []


def test_a_temporary_target_survives_a_forked_child():
    target = LocalTarget("file", is_tmp=True)
    put("file")
    child = os.fork()
    if child == 0:
        del target
        gc.collect()
        os._exit(0)
    os.waitpid(child, 0)
    assert target.exists()


def test_a_temporary_target_goes_at_the_end_of_the_program():
    program = (
        "import luigi.local_target as l; t = l.LocalTarget('file', is_tmp=True); t.open('w').close(); print(t.exists())"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "True\n"
    assert os.listdir() == []


# --- the file system --------------------------------------------------------------------------------------------

fs = LocalFileSystem()


def test_mkdir_errors_say_what_is_in_the_way():
    put("file")
    with pytest.raises(NotADirectory, match="file is a file"):
        fs.mkdir("file")
    with pytest.raises(MissingParentDirectory, match=r"some/folder cannot be made: some does not exist"):
        fs.mkdir("some/folder", parents=False)
    with pytest.raises(FileAlreadyExists, match="file exists already"):
        fs.mkdir("file", raise_if_exists=True)
    fs.mkdir("folder", parents=False)
    assert fs.isdir("folder")


def test_a_link_to_nowhere_does_not_exist_and_can_be_removed():
    os.symlink("nowhere", "link")
    assert not fs.exists("link")
    fs.remove("link")
    assert os.listdir() == []


def test_removing_a_link_to_a_directory_keeps_the_directory():
    put("folder/file")
    os.symlink("folder", "link")
    fs.remove("link")
    assert os.listdir("folder") == ["file"]
    assert os.listdir() == ["folder"]


def test_copy_keeps_permissions_and_goes_into_directories():
    put("file")
    os.chmod("file", 0o750)
    os.makedirs("folder")
    fs.copy("file", "folder")
    assert os.stat("folder/file").st_mode & 0o777 == 0o750


def test_a_copy_that_fails_leaves_nothing():
    os.makedirs("folder")
    with pytest.raises(IsADirectoryError):
        fs.copy("folder", "copy")
    with pytest.raises(FileNotFoundError, match="'missing'"):
        fs.copy("missing", "copy")
    assert os.listdir() == ["folder"]


def test_listdir_begins_with_the_path_as_given():
    put("folder/file")
    assert list(fs.listdir("folder/")) == ["folder/file"]
    assert list(fs.listdir(".")) == ["./folder/file"]
    assert list(fs.listdir(Path("folder"))) == ["folder/file"]


@pytest.mark.parametrize("make", [os.makedirs, put], ids=["directory", "file"])
@pytest.mark.parametrize("taken", [os.makedirs, put], ids=["by a directory", "by a file"])
def test_rename_dont_move_never_goes_into_or_over(make, taken):
    make("old")
    taken("new")
    with pytest.raises(FileAlreadyExists, match="new exists already"):
        fs.rename_dont_move("old", "new")
    assert sorted(os.listdir()) == ["new", "old"]


def test_rename_dont_move_of_what_is_missing():
    with pytest.raises(FileNotFoundError, match="'old'"):
        fs.rename_dont_move("old", "new")


def test_rename_dont_move_refuses_a_file_that_appears_at_the_last_moment(monkeypatch):
    put("old")
    put("new", "of the other")
    monkeypatch.setattr(os.path, "lexists", lambda path: False)  # the look finds nothing: the other writer is later
    with pytest.raises(FileAlreadyExists, match="new exists already"):
        fs.rename_dont_move("old", "new")
    assert Path("new").read_text() == "of the other"
    assert Path("old").read_text() == "content"


def test_rename_dont_move_where_there_are_no_links(monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    put("old")
    fs.rename_dont_move("old", "new")
    assert os.listdir() == ["new"]


@pytest.mark.skipif(not os.path.isdir("/dev/shm"), reason="needs a second disk")
@pytest.mark.parametrize("raise_if_exists", [False, True])
def test_moving_to_another_disk(tmp_path_factory, raise_if_exists):
    place = Path("/dev/shm") / f"luigi-{os.getpid()}"
    if os.stat("/dev/shm").st_dev == os.stat(".").st_dev:
        pytest.skip("needs a second disk")
    try:
        put("folder/deeper/file")
        put("file", "other")
        fs.move("folder", str(place / "folder"), raise_if_exists=raise_if_exists)
        fs.move("file", str(place / "file"), raise_if_exists=raise_if_exists)
        assert (place / "folder/deeper/file").read_text() == "content"
        assert (place / "file").read_text() == "other"
        assert sorted(os.listdir(place)) == ["file", "folder"]
        assert os.listdir() == []
    finally:
        fs.remove(str(place))


def test_importing_targets_loads_nothing_heavy():
    heavy = ["tempfile", "subprocess", "bz2", "gzip", "shutil", "random", "logging"]
    program = (
        f"import sys; before = set(sys.modules); import luigi.errors, luigi.target, luigi.local_target\n"
        f"print([m for m in {heavy} if m in set(sys.modules) - before])"
    )
    without_package = [
        "-c",
        f"import sys, types; p = types.ModuleType('luigi'); p.__path__ = [{str(CORE)!r}]\n"
        f"sys.modules['luigi'] = p\n{program}",
    ]
    result = subprocess.run([sys.executable, "-S", *without_package], capture_output=True, text=True)
    assert (result.stdout, result.stderr) == ("[]\n", "")


CORE = Path(sys.modules["luigi.target"].__file__).parent
