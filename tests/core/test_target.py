"""The abstract target and file system, and AtomicLocalFile as plugin authors subclass it."""

from __future__ import annotations

import io
import os
import pickle
import tempfile
from pathlib import Path

import pytest

from luigi.errors import KernelError
from luigi.target import (
    AtomicLocalFile,
    FileAlreadyExists,
    FileSystem,
    FileSystemException,
    FileSystemTarget,
    MissingParentDirectory,
    NotADirectory,
    Target,
    folder_of,
    temporary_name,
)


class NotingFileSystem(FileSystem):
    """Has only what must be written, plus mkdir and move, and notes what it was asked."""

    def __init__(self, present=()):
        self.present = set(present)
        self.asked = []

    def exists(self, path):
        return path in self.present

    def remove(self, path, recursive=True, skip_trash=True):
        self.asked.append(("remove", path, recursive, skip_trash))

    def mkdir(self, path, parents=True, raise_if_exists=False):
        self.asked.append(("mkdir", path, parents, raise_if_exists))

    def move(self, path, dest):
        self.asked.append(("move", path, dest))


class NotingTarget(FileSystemTarget):
    fs = None

    def __init__(self, path, present=()):
        super().__init__(path)
        self.fs = NotingFileSystem(present)

    def open(self, mode):
        return io.StringIO()


def test_what_must_be_written():
    assert Target.__abstractmethods__ == {"exists"}
    assert FileSystem.__abstractmethods__ == {"exists", "remove"}
    assert FileSystemTarget.__abstractmethods__ == {"fs", "open"}


@pytest.mark.parametrize("verb", ["mkdir", "isdir", "listdir"])
def test_a_verb_a_file_system_does_not_have_says_so(verb):
    class Least(FileSystem):
        exists = remove = lambda *_: True

    with pytest.raises(NotImplementedError, match=rf"Least has no {verb}\(\)"):
        getattr(Least(), verb)("path")
    with pytest.raises(NotImplementedError, match=r"Least has no move\(\)"):
        Least().rename("a", "b")
    with pytest.raises(NotImplementedError, match=r"Least has no copy\(\)"):
        Least().copy("a", "b")


def test_rename_dont_move_of_the_base_looks_then_moves_and_warns():
    fs = NotingFileSystem(present=["taken"])
    with pytest.warns(UserWarning, match="NotingFileSystem looks before it renames"):
        fs.rename_dont_move("a", "b")
    assert fs.asked == [("move", "a", "b")]
    with pytest.warns(UserWarning), pytest.raises(FileAlreadyExists, match="taken exists already"):
        fs.rename_dont_move("a", "taken")


@pytest.mark.parametrize("error", [FileAlreadyExists, MissingParentDirectory, NotADirectory])
def test_errors_take_a_sentence_or_nothing(error):
    assert error("a sentence").args == ("a sentence",)
    assert isinstance(error(), FileSystemException)
    assert isinstance(error(), KernelError)
    assert str(pickle.loads(pickle.dumps(error("a sentence")))) == "a sentence"


def test_a_target_is_its_path():
    assert NotingTarget(Path("folder/file")).path == "folder/file"
    assert str(NotingTarget("folder/file")) == "folder/file"


def test_remove_leaves_the_rest_to_the_file_system():
    target = NotingTarget("path")
    target.remove()
    assert target.fs.asked == [("remove", "path", True, True)]


@pytest.mark.parametrize("path", ["a*", "a?", "a[0]", "a{b,c}"])
def test_wildcards_are_warned_about(path, caplog):
    assert not NotingTarget(path).exists()
    assert [(record.name, record.levelname) for record in caplog.records] == [("luigi-interface", "WARNING")]
    assert path in caplog.text


def test_a_plain_path_is_not_warned_about(caplog):
    assert NotingTarget("a]b}c", present=["a]b}c"]).exists()
    assert caplog.text == ""


@pytest.mark.filterwarnings("ignore:.*looks before it renames")
@pytest.mark.parametrize(
    ("path", "folder"),
    [("a/b/c", "a/b"), ("a/b/c/", "a/b"), ("s3://bucket/key", "s3://bucket"), ("/file", "/"), ("file", None)],
)
def test_temporary_path_makes_the_folder_and_renames(path, folder):
    target = NotingTarget(path)
    with target.temporary_path() as temporary:
        made = [("mkdir", folder, True, False)] if folder else []
        assert target.fs.asked == made
    assert target.fs.asked == [*made, ("move", temporary, path)]


@pytest.mark.parametrize("path", ["a/b", "a/b/", "b", "s3://bucket/b"])
def test_temporary_names_stay_in_the_folder_and_keep_the_slash(path):
    name = temporary_name(path)
    assert folder_of(name) == folder_of(path)
    assert name.endswith("/") == path.endswith("/")
    assert name.startswith(path.rstrip("/") + "-luigi-tmp-")


def test_temporary_names_differ():
    assert len({temporary_name("a") for _ in range(1000)}) == 1000


def test_temporary_names_differ_in_a_forked_child():
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write_end, temporary_name("a").encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(read_end, 100).decode() != temporary_name("a")


def test_a_failing_block_tries_to_clean_up_and_raises_its_own_error(caplog):
    class Unreachable(NotingFileSystem):
        def exists(self, path):
            raise ConnectionError("gone")

    target = NotingTarget("path")
    target.fs = Unreachable()
    with pytest.raises(ZeroDivisionError), target.temporary_path() as temporary:
        raise ZeroDivisionError
    assert f"{temporary} could not be removed: gone" in caplog.text


def test_an_occupied_place_says_where_the_content_is():
    target = NotingTarget("taken", present=["taken"])
    with (
        pytest.warns(UserWarning),
        pytest.raises(FileAlreadyExists) as caught,
        target.temporary_path() as temporary,
    ):
        pass
    assert caught.value.__notes__ == [f"what was written is at {temporary}"]


# --- AtomicLocalFile --------------------------------------------------------------------------------------------


class Upload(AtomicLocalFile):
    """What a plugin writes: the content goes elsewhere when closed."""

    uploaded: list

    def __init__(self, path, fails=False):
        self.uploaded = []
        self.fails = fails
        super().__init__(path)

    def move_to_final_destination(self):
        if self.fails:
            raise ConnectionError("gone")
        self.uploaded.append((self.path, Path(self.tmp_path).read_bytes()))


def test_closing_moves_once_with_all_written_and_removes_the_temporary_file():
    upload = Upload("s3://bucket/key")
    upload.write(b"content")
    upload.close()
    upload.close()
    assert upload.uploaded == [("s3://bucket/key", b"content")]
    assert not os.path.exists(upload.tmp_path)


def test_the_temporary_file_is_the_machine_s_own():
    with Upload("s3://bucket/" + "long" * 200) as upload:
        assert os.path.exists(upload.tmp_path)
        assert os.path.dirname(upload.tmp_path) == tempfile.gettempdir()
        assert upload.name == upload.tmp_path


def test_a_failed_move_raises_and_removes_the_temporary_file():
    upload = Upload("key", fails=True)
    with pytest.raises(ConnectionError):
        upload.close()
    assert upload.closed
    assert not os.path.exists(upload.tmp_path)


@pytest.mark.parametrize("giving_up", ["exception", "abort", "forgetting"])
def test_giving_up_moves_nothing(giving_up):
    upload = Upload("key")
    uploaded, temporary = upload.uploaded, upload.tmp_path
    upload.write(b"content")
    if giving_up == "exception":
        with pytest.raises(ZeroDivisionError), upload:
            raise ZeroDivisionError
    elif giving_up == "abort":
        upload.abort()
    else:
        del upload
    assert uploaded == []
    assert not os.path.exists(temporary)


def test_the_place_to_write_can_be_chosen(tmp_path):
    class Beside(Upload):
        def generate_tmp_path(self, path):
            return f"{path}.part"

    beside = Beside(str(tmp_path / "file"))
    assert os.listdir(tmp_path) == ["file.part"]
    beside.abort()
    assert os.listdir(tmp_path) == []


def test_the_base_class_has_no_destination():
    unfinished = AtomicLocalFile("key")
    with pytest.raises(NotImplementedError, match="move_to_final_destination"):
        unfinished.close()


def test_a_failing_write_moves_nothing():
    upload = Upload("key")
    upload.write(b"content")  # still in the buffer
    os.close(upload.fileno())
    with pytest.raises(OSError, match="Bad file descriptor"):
        upload.close()
    assert upload.uploaded == []


def test_a_forked_child_that_drops_the_file_leaves_it_to_its_parent():
    upload = Upload("key")
    upload.write(b"content")
    child = os.fork()
    if child == 0:
        upload.abort()
        os._exit(0)
    os.waitpid(child, 0)
    upload.close()
    assert upload.uploaded == [("key", b"content")]
