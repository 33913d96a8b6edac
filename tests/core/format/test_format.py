"""Chains of formats, and formats of one's own."""

from __future__ import annotations

import bz2
import gzip
import io
import os
import pickle
from pathlib import Path

import pytest

import luigi.format
from luigi.format import (
    UTF8,
    BaseWrapper,
    Bzip2,
    ChainFormat,
    FileWrapper,
    Format,
    Gzip,
    GzipFormat,
    MixedUnicodeBytes,
    Nop,
    Text,
    WrappedFormat,
)
from luigi.local_target import LocalTarget


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def write(format, content, path="file"):
    with LocalTarget(path, format=format).open("w") as stream:
        stream.write(content)


def read(format, path="file"):
    with LocalTarget(path, format=format).open("r") as stream:
        return stream.read()


def read_from(format, content):
    """What a format makes of bytes."""
    with format.pipe_reader(io.BytesIO(content)) as stream:
        return stream.read()


# --- chains ------------------------------------------------------------------------------------------------------


def test_chains_write_from_left_to_right():
    write(UTF8 >> Gzip >> Bzip2, "süß")
    assert gzip.decompress(bz2.decompress(Path("file").read_bytes())).decode() == "süß"
    assert read(UTF8 >> Gzip >> Bzip2) == "süß"


def test_a_chain_takes_what_its_first_takes_and_gives_what_its_last_gives():
    assert ((UTF8 >> Gzip).input, (UTF8 >> Gzip).output) == ("unicode", "bytes")
    assert not hasattr(Nop >> Gzip, "input")


@pytest.mark.parametrize(("first", "second"), [(Gzip, UTF8), (UTF8, Text), (MixedUnicodeBytes, UTF8)])
def test_formats_that_do_not_fit_are_refused(first, second):
    names = type(first).__name__, type(second).__name__
    with pytest.raises(TypeError, match=f"{names[0]} gives bytes, {names[1]} takes unicode"):
        first >> second
    ChainFormat(first, second, check_consistency=False)


@pytest.mark.parametrize("format", [Nop, Nop >> UTF8, UTF8 >> Nop, Gzip >> MixedUnicodeBytes])
def test_what_does_not_say_what_it_takes_fits_anything(format):
    assert isinstance(format, Format)


def test_formats_pickle():
    assert read_from(pickle.loads(pickle.dumps(UTF8 >> GzipFormat(3))), gzip.compress(b"a")) == "a"


# --- a format of one's own ---------------------------------------------------------------------------------------


class Rows(BaseWrapper):
    """Writes lists as lines, as a program might."""

    def __init__(self, stream, separator=","):
        super().__init__(stream)
        self.separator = separator

    def write(self, row):
        self._stream.write(self.separator.join(row) + "\n")


class RowFormat(WrappedFormat):
    input, output = "rows", "unicode"
    wrapper_cls = Rows


def test_a_wrapped_format_passes_its_arguments_on():
    write(RowFormat(separator=";") >> UTF8 >> Gzip, ["a", "b"])
    assert gzip.decompress(Path("file").read_bytes()) == b"a;b\n"


def test_a_wrapped_format_that_is_given_up_leaves_nothing():
    rows = LocalTarget("file", format=RowFormat() >> UTF8).open("w")
    rows.write(["a"])
    with pytest.raises(ZeroDivisionError), rows:
        raise ZeroDivisionError
    assert os.listdir() == []


@pytest.mark.parametrize("wrapper", [BaseWrapper, FileWrapper])
def test_wrappers_do_as_the_stream_does(wrapper):
    with wrapper(io.BytesIO(b"a\nb")) as stream:
        assert isinstance(stream, wrapper)
        assert stream.read(1) == b"a"
        assert list(stream) == [b"\n", b"b"]
    assert stream.closed
    with pytest.raises(AttributeError, match="nonesuch"):
        _ = stream.nonesuch


def test_a_format_without_its_methods_says_so():
    with pytest.raises(NotImplementedError, match=r"Format has no pipe_reader\(\)"):
        Format().pipe_reader(io.BytesIO())
    with pytest.raises(NotImplementedError, match=r"Format has no pipe_writer\(\)"):
        Format().pipe_writer(io.BytesIO())


def test_every_name_is_public():
    assert all(hasattr(luigi.format, name) for name in luigi.format.__all__)
