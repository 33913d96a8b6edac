"""MockTarget and MockFileSystem: the contract, and what tests of pipelines look at."""

from __future__ import annotations

import io
import pickle
from pathlib import Path

import pytest

from luigi.format import UTF8, Bzip2, Gzip, Nop
from luigi.mock import MockFileSystem, MockTarget
from luigi.target import FileAlreadyExists
from luigi.testing.contracts.targets import FileSystemContract, FileSystemTargetContract


@pytest.fixture(autouse=True)
def _empty():
    MockFileSystem().clear()
    yield
    MockFileSystem().clear()


class TestMockFileSystem(FileSystemContract):
    has_directories = False

    @pytest.fixture
    def fs(self):
        return MockFileSystem()

    @pytest.fixture
    def root(self):
        return "mock/root"

    def make_target(self, path, **keywords):
        return MockTarget(path, **keywords)


class TestMockTarget(FileSystemTargetContract):
    has_directories = False

    @pytest.fixture
    def root(self):
        return "mock/root"

    def make_target(self, path, **keywords):
        return MockTarget(path, **keywords)


fs = MockFileSystem()


def put(path, content="content"):
    with MockTarget(path).open("w") as stream:
        stream.write(content)


def test_what_was_written_can_be_inspected_as_bytes():
    put("a", "süß")
    assert fs.get_data("a") == "süß".encode()
    assert dict(fs.get_all_data()) == {"a": "süß".encode()}


def test_all_instances_share_their_files():
    put("a")
    assert MockFileSystem().exists("a")
    assert MockTarget("a").fs is MockTarget.fs
    MockFileSystem().clear()
    assert not MockTarget("a").exists()


def test_all_data_is_the_files_themselves():
    files = fs.get_all_data()
    put("a")
    assert "a" in files
    files["b"] = b"put there"
    with MockTarget("b").open() as stream:
        assert stream.read() == "put there"


def test_missing_data_is_a_key_error_naming_it():
    with pytest.raises(KeyError, match="missing"):
        fs.get_data("missing")
    with pytest.raises(KeyError, match="missing"):
        MockTarget("missing").open("r")


def test_bytes_in_and_out():
    with MockTarget("a", format=Nop).open("w") as stream:
        stream.write(b"\xff\x00")
    assert fs.get_data("a") == b"\xff\x00"
    with MockTarget("a", format=Nop).open("r") as stream:
        assert stream.read() == b"\xff\x00"


@pytest.mark.parametrize("format", [Gzip, Bzip2, UTF8 >> Gzip >> Bzip2])
def test_compression_needs_no_file(format):
    content = "text" if getattr(format, "input", None) == "unicode" else b"bytes"
    with MockTarget("a", format=format).open("w") as stream:
        stream.write(content)
    with MockTarget("a", format=format).open("r") as stream:
        assert stream.read() == content


@pytest.mark.parametrize("mode", ["r", "rb", "rt"])
def test_modes_that_read(mode):
    put("a")
    with MockTarget("a").open(mode) as stream:
        assert stream.read() == "content"


@pytest.mark.parametrize("mode", ["a", "x", "r+", ""])
def test_modes_that_are_refused(mode):
    put("a")
    with pytest.raises(ValueError, match="cannot be opened with mode"):
        MockTarget("a").open(mode)
    assert fs.get_data("a") == b"content"


def test_mirror_on_stderr(capsys):
    with MockTarget("a", mirror_on_stderr=True, format=Nop).open("w") as stream:
        stream.write(b"one\n")
        stream.writelines([b"two\n", b"\xff"])
    assert capsys.readouterr().err == "a: one\ntwo\n\N{REPLACEMENT CHARACTER}"
    assert fs.get_data("a") == b"one\ntwo\n\xff"


def test_no_mirror_unless_asked(capsys):
    put("a")
    assert capsys.readouterr().err == ""


def test_arguments_by_position_as_in_luigi():
    target = MockTarget("a", True, True, Nop)
    assert (target.path, target.format) == ("a", Nop)
    assert MockTarget(Path("a/b")).path == "a/b"


def test_targets_pickle():
    put("a")
    with pickle.loads(pickle.dumps(MockTarget("a"))).open() as stream:
        assert stream.read() == "content"


@pytest.mark.parametrize("path", ["folder", "folder/"])
def test_directories_are_what_lies_below(path):
    for name in ("folder/a", "folder/deeper/b", "folder2"):
        put(name)
    assert fs.isdir(path)
    assert list(fs.listdir(path)) == ["folder/a", "folder/deeper/b"]
    assert not fs.exists(path)


def test_listdir_of_everything_and_of_one_file():
    for name in ("/abs/a", "b", "s3://bucket/c"):
        put(name)
    assert list(fs.listdir("")) == ["/abs/a", "b", "s3://bucket/c"]
    assert list(fs.listdir("/")) == ["/abs/a"]
    assert list(fs.listdir("s3://bucket")) == ["s3://bucket/c"]
    assert list(fs.listdir("b")) == ["b"]


@pytest.mark.parametrize("verb", ["copy", "move"])
@pytest.mark.parametrize("error", [FileAlreadyExists, RuntimeError])
def test_copy_and_move_refuse_to_replace_when_asked_to(verb, error):
    put("a")
    put("taken", "of the other")
    with pytest.raises(error, match="taken exists already"):
        getattr(fs, verb)("a", "taken", raise_if_exists=True)
    assert fs.get_data("taken") == b"of the other"


@pytest.mark.parametrize("verb", ["copy", "move"])
def test_copy_and_move_of_directories_and_of_nothing(verb):
    put("old/a")
    put("old/deeper/b")
    getattr(fs, verb)("old", "new")
    assert list(fs.listdir("new")) == ["new/a", "new/deeper/b"]
    assert fs.isdir("old") == (verb == "copy")
    with pytest.raises(KeyError, match="missing"):
        getattr(fs, verb)("missing", "new")


@pytest.mark.parametrize("verb", ["move", "rename"])
def test_a_target_moves_but_keeps_its_path(verb):
    put("a")
    target = MockTarget("a")
    getattr(target, verb)("b")
    assert (target.path, target.exists(), fs.exists("b")) == ("a", False, True)


def test_removing_what_is_missing():
    fs.remove("missing")
    with pytest.raises(KeyError, match="missing"):
        fs.remove("missing", recursive=False)


def test_a_wildcard_is_a_name_like_any_other(caplog):
    put("a*")
    assert MockTarget("a*").exists()
    assert caplog.text == ""


def test_content_counts_only_once_closed():
    stream = MockTarget("a").open("w")
    stream.write("content")
    stream.flush()
    assert fs.get_all_data() == {}
    stream.close()
    assert fs.get_data("a") == b"content"
    assert isinstance(stream, io.TextIOWrapper)
