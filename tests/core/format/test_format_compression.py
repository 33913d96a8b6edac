"""Gzip and bzip2: what the commands read and write, whole or not at all."""

from __future__ import annotations

import bz2
import gc
import gzip
import io
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luigi.errors import KernelError
from luigi.format import (
    UTF8,
    Bzip2,
    Gzip,
    GzipFormat,
    NewlineFormat,
)
from luigi.local_target import LocalTarget
from luigi.mock import MockTarget


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def write(format, content, path="file"):
    with LocalTarget(path, format=format).open("w") as stream:
        stream.write(content)


def read(format, path="file"):
    with LocalTarget(path, format=format).open("r") as stream:
        return stream.read()


def written(format, *contents):
    """The bytes a format makes of `contents`."""
    with MockTarget("written", format=format).open("w") as stream:
        for content in contents:
            stream.write(content)
    return MockTarget.fs.get_data("written")


def read_from(format, content):
    """What a format makes of bytes."""
    with format.pipe_reader(io.BytesIO(content)) as stream:
        return stream.read()


COMPRESSED = [(Gzip, gzip, "gzip"), (Bzip2, bz2, "bzip2")]


@pytest.mark.parametrize(("format", "module", "name"), COMPRESSED)
@given(st.lists(st.binary()))
def test_compression_is_what_python_s_modules_read_and_write(format, module, name, parts):
    content = b"".join(parts)
    compressed = written(format, *parts)
    assert module.decompress(compressed) == content
    assert read_from(format, module.compress(content)) == content


@pytest.mark.parametrize(("format", "module", "name"), COMPRESSED)
def test_compression_is_what_the_commands_read_and_write(format, module, name):
    if not shutil.which(name):
        pytest.skip(f"no {name} command here")
    content = os.urandom(300_000) + b"0" * 300_000
    write(format, content)
    with open("file", "rb") as stream:
        assert subprocess.run([name, "-dc"], stdin=stream, capture_output=True, check=True).stdout == content
    packed = subprocess.run([name, "-c"], input=content, capture_output=True, check=True).stdout
    assert read_from(format, packed) == content


@pytest.mark.parametrize(("format", "module", "name"), COMPRESSED)
def test_several_compressed_files_in_a_row_are_read_as_one(format, module, name):
    assert read_from(format, module.compress(b"a") + module.compress(b"b")) == b"ab"


@pytest.mark.parametrize(("format", "module", "name"), COMPRESSED)
@pytest.mark.parametrize("damage", ["cut", "other"])
def test_corrupt_files_are_named(format, module, name, damage):
    Path("file").write_bytes(module.compress(os.urandom(100_000))[:50_000] if damage == "cut" else b"not compressed")
    with pytest.raises(KernelError, match=f"file is not whole {name} data") as caught:
        read(format)
    assert isinstance(caught.value, OSError)
    assert caught.value.hint


def test_an_empty_gzip_target_is_an_empty_gzip_file():
    write(Gzip, b"")
    assert gzip.decompress(Path("file").read_bytes()) == b""
    assert read(Gzip) == b""


def test_the_same_content_gives_the_same_gzip_file():
    write(Gzip, b"content", "a")
    write(Gzip, b"content", "b")
    assert Path("a").read_bytes() == Path("b").read_bytes()


@pytest.mark.parametrize("level", [None, 1, 9, 99])
def test_gzip_levels(level):
    content = os.urandom(1000).hex().encode() * 50
    assert gzip.decompress(written(GzipFormat(level), content)) == content
    assert GzipFormat(compression_level=level).compression_level == level


def test_a_higher_gzip_level_is_smaller():
    content = "".join(str(n * n) for n in range(30_000)).encode()
    assert (
        len(written(GzipFormat(9), content))
        < len(written(GzipFormat(), content))
        < len(written(GzipFormat(1), content))
    )


@pytest.mark.parametrize("format", [Gzip, Bzip2])
def test_compressed_files_have_the_methods_of_files(format):
    write(format, b"one\ntwo\nthree\n")
    with LocalTarget("file", format=format).open("r") as stream:
        assert (next(stream), stream.read(2), stream.readline(), stream.readlines()) == (
            b"one\n",
            b"tw",
            b"o\n",
            [b"three\n"],
        )
        assert stream.name == "file"
    with LocalTarget("file", format=format).open("w") as stream:
        assert stream.writable()
        assert not stream.readable()
        assert stream.name == stream.tmp_path


@pytest.mark.parametrize("format", [Gzip, Bzip2, UTF8 >> Gzip, UTF8 >> Gzip >> Bzip2])
@pytest.mark.parametrize("giving_up", ["exception", "forgetting", "forgetting in a cycle", "abort"])
def test_compression_that_is_given_up_leaves_nothing(format, giving_up):
    stream = LocalTarget("file", format=format).open("w")
    stream.write("content" if format.input == "unicode" else b"content")
    if giving_up == "exception":
        with pytest.raises(ZeroDivisionError), stream:
            raise ZeroDivisionError
    elif giving_up == "abort":
        stream.abort()
    elif giving_up == "forgetting in a cycle":
        stream.itself = stream
    del stream
    gc.collect()
    assert os.listdir() == []


class FullDisk(io.BytesIO):
    """Where nothing can be written; notes how it was ended."""

    ended = "not"

    def write(self, content):
        raise OSError("disk full")

    def close(self):
        self.ended = "as if whole"
        super().close()

    def abort(self):
        self.ended = "given up"
        super().close()


@pytest.mark.parametrize(
    "format", [UTF8, Gzip, Bzip2, UTF8 >> Gzip, UTF8 >> Gzip >> Bzip2, UTF8 >> NewlineFormat("\n")]
)
def test_what_fails_on_its_way_to_the_file_is_given_up(format):
    disk = FullDisk()
    stream = format.pipe_writer(disk)
    stream.write("content\r" if format.input == "unicode" else b"content")  # held back until closed
    with pytest.raises(OSError, match="disk full"):
        stream.close()
    assert disk.ended == "given up"
