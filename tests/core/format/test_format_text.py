"""Text, line endings, and streams that take either text or bytes."""

from __future__ import annotations

import gc
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luigi.format import (
    UTF8,
    MixedUnicodeBytes,
    NewlineFormat,
    SysNewLine,
    Text,
    TextFormat,
    get_default_format,
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


# --- text --------------------------------------------------------------------------------------------------------


def test_the_default_is_text_in_the_locale_s_encoding():
    assert get_default_format() is Text
    with LocalTarget("file").open("w") as stream:
        assert stream.write("content") == 7
        assert stream.encoding.upper() in {"UTF-8", "ANSI_X3.4-1968", "US-ASCII"}


def test_text_reads_any_line_ending_as_newline():
    assert read_from(UTF8, "é\r\nb\rc\n".encode()) == "é\nb\nc\n"


def test_text_takes_what_textiowrapper_takes():
    assert written(TextFormat("latin1", newline="\r\n"), "é\n") == b"\xe9\r\n"
    assert written(TextFormat(encoding="ascii", errors="replace"), "é") == b"?"
    assert read_from(TextFormat(encoding="latin1", newline=""), b"\xe9\r\n") == "é\r\n"


def test_text_is_not_bytes():
    with pytest.raises(TypeError), LocalTarget("file").open("w") as stream:
        stream.write(b"bytes")
    assert os.listdir() == []


def test_what_cannot_be_encoded_leaves_nothing_and_is_located():
    with pytest.raises(UnicodeEncodeError) as caught:
        write(TextFormat(encoding="ascii"), "é")
    assert "was open as ascii" in caught.value.__notes__[0]
    assert os.listdir() == []


def test_what_cannot_be_decoded_is_located():
    Path("file").write_bytes(b"\xff")
    with pytest.raises(UnicodeDecodeError) as caught:
        read(UTF8)
    assert caught.value.__notes__ == ["file was open as utf8"]


def test_an_unknown_encoding_leaves_nothing():
    with pytest.raises(LookupError, match="nonesuch"):
        LocalTarget("file", format=TextFormat(encoding="nonesuch")).open("w")
    gc.collect()
    assert os.listdir() == []


def test_a_forgotten_text_stream_in_a_cycle_leaves_nothing():
    stream = LocalTarget("file").open("w")
    stream.write("content")
    stream.itself = stream
    del stream
    gc.collect()
    assert os.listdir() == []


@given(st.text())
def test_utf8_reads_back(text):
    normal = text.replace("\r\n", "\n").replace("\r", "\n")
    assert read_from(UTF8, written(UTF8, text)) == normal


# --- mixed -------------------------------------------------------------------------------------------------------


def test_mixed_takes_both_and_warns_of_text():
    with pytest.warns(UserWarning, match="text written to a stream of bytes"):
        assert written(MixedUnicodeBytes, "é", b"\xff", bytearray(b"a"), memoryview(b"b")) == "é".encode() + b"\xffab"
    assert read_from(MixedUnicodeBytes, b"\xff") == b"\xff"


@pytest.mark.filterwarnings("ignore:text written")
def test_mixed_writes_lines():
    with LocalTarget("file", format=MixedUnicodeBytes).open("w") as stream:
        stream.writelines(["a", b"b"])
    assert Path("file").read_bytes() == b"ab"


# --- line endings ------------------------------------------------------------------------------------------------

ANY = b"a\r\nb\rc\nd"


@pytest.mark.parametrize(
    ("newline", "content"),
    [(None, ANY.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", os.linesep.encode())), ("", ANY)]
    + [(e, e.join("abcd").encode()) for e in ("\n", "\r", "\r\n")]
    + [(b"\r\n", b"a\r\nb\r\nc\r\nd")],
)
def test_newlines_written(newline, content):
    assert written(NewlineFormat(newline), ANY) == content
    for cut in range(len(ANY)):
        assert written(NewlineFormat(newline), ANY[:cut], ANY[cut:]) == content


def test_newlines_read():
    assert read_from(SysNewLine, ANY) == b"a\nb\nc\nd"
    for newline in ("", "\n", "\r", "\r\n"):
        assert read_from(NewlineFormat(newline), ANY) == ANY
    assert SysNewLine.pipe_reader(io.BytesIO(ANY)).readlines() == [b"a\n", b"b\n", b"c\n", b"d"]
    assert list(NewlineFormat("\r\n").pipe_reader(io.BytesIO(ANY))) == [b"a\r\n", b"b\rc\nd"]
    stream = SysNewLine.pipe_reader(io.BytesIO(ANY))
    assert (stream.read(2), stream.readline(), stream.read()) == (b"a\n", b"b\n", b"c\nd")


def test_a_final_carriage_return_is_written_on_closing():
    with LocalTarget("file", format=NewlineFormat("\n")).open("w") as stream:
        stream.writelines([b"a\r", b"b\r"])
    assert Path("file").read_bytes() == b"a\nb\n"


def test_an_unknown_newline_is_refused():
    with pytest.raises(ValueError, match="'x'"):
        written(NewlineFormat("x"), b"")


@given(st.binary(), st.sampled_from(["\n", "\r", "\r\n"]))
def test_newlines_read_back(content, newline):
    normal = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    assert read_from(SysNewLine, written(NewlineFormat(newline), content)) == normal
