"""External commands as formats: their output, their failures, and streams no process can inherit."""

from __future__ import annotations

import gc
import gzip
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from luigi.errors import KernelError
from luigi.format import (
    UTF8,
    Format,
    Gzip,
    InputPipeProcessWrapper,
    NewlineFormat,
    OutputPipeProcessWrapper,
)
from luigi.local_target import LocalTarget, atomic_file
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


class Through(Format):
    """A command's output, both ways, as users write such formats."""

    input = output = "bytes"

    def __init__(self, *command):
        self.command = command

    def pipe_reader(self, input_pipe):
        return InputPipeProcessWrapper(self.command, input_pipe)

    def pipe_writer(self, output_pipe):
        return OutputPipeProcessWrapper(self.command, output_pipe)


def test_a_command_both_ways():
    write(UTF8 >> Through("tr", "a-y", "b-z"), "abc\n")
    assert Path("file").read_text() == "bcd\n"
    assert read(UTF8 >> Through("tr", "b-z", "a-y")) == "abc\n"


@pytest.mark.parametrize("inner", [Gzip, NewlineFormat("\r\n"), Through("cat")])
def test_a_command_over_streams_of_its_own_process_and_of_others(inner):
    content = b"line\n" * 100_000
    write(Through("cat") >> inner, content)
    assert read(inner) == (content.replace(b"\n", b"\r\n") if isinstance(inner, NewlineFormat) else content)
    assert read(Through("tr", "-d", "\r") >> inner) == content


def test_a_command_over_memory():
    assert written(Through("cat"), b"content") == b"content"
    assert read_from(Through("cat"), b"content") == b"content"


def test_reading_a_command_s_output():
    assert InputPipeProcessWrapper(["echo", "content"]).read() == b"content\n"
    with InputPipeProcessWrapper(["printf", "1\\n2\\n3\\n4"]) as lines:
        assert (next(lines), lines.readline(), lines.read1(1), lines.readlines()) == (
            b"1\n",
            b"2\n",
            b"3",
            [b"\n", b"4"],
        )
        assert lines.readable()
        assert not lines.writable()
        assert not lines.seekable()
    assert lines.closed


def test_a_command_that_fails_while_read_says_so():
    with (
        pytest.raises(RuntimeError, match="sh -c 'echo a; exit 3' ended with status 3") as caught,
        InputPipeProcessWrapper(["sh", "-c", "echo a; exit 3"]) as stream,
    ):
        assert stream.read() == b"a\n"
    assert isinstance(caught.value, KernelError)


def test_reading_may_stop_early():
    with InputPipeProcessWrapper(["yes"]) as stream:
        assert stream.readline() == b"y\n"
    with InputPipeProcessWrapper(["sh", "-c", "yes; exit $?"]) as stream:
        assert stream.readline() == b"y\n"


def test_an_exception_while_reading_ends_the_command():
    with pytest.raises(ZeroDivisionError), InputPipeProcessWrapper(["sleep", "60"]) as stream:
        raise ZeroDivisionError
    assert stream._process.returncode != 0


def test_reading_closes_what_the_command_read():
    source = io.BytesIO(b"content")
    with InputPipeProcessWrapper(["cat"], source) as stream:
        assert stream.read() == b"content"
    assert source.closed


def test_a_source_that_fails_is_not_taken_for_its_end():
    Path("file").write_bytes(gzip.compress(os.urandom(100_000))[:50_000])
    with pytest.raises(KernelError, match="file is not whole gzip data"):
        read(Through("cat") >> Gzip)


def test_a_command_that_fails_while_written_leaves_nothing():
    with pytest.raises(RuntimeError, match="ended with status 4"):
        write(Through("sh", "-c", "cat; exit 4"), b"content")
    assert os.listdir() == []


def test_a_command_that_ends_before_it_has_read_everything_leaves_nothing():
    with pytest.raises(BrokenPipeError) as caught:
        write(Through("true"), b"content" * 100_000)
    assert caught.value.__notes__ == ["true ended before it had read everything"]
    assert os.listdir() == []


@pytest.mark.parametrize("giving_up", ["exception", "forgetting", "abort"])
def test_a_command_that_is_given_up_leaves_nothing(giving_up):
    stream = LocalTarget("file", format=Through("cat")).open("w")
    stream.write(b"content")
    if giving_up == "exception":
        with pytest.raises(ZeroDivisionError), stream:
            raise ZeroDivisionError
    elif giving_up == "abort":
        stream.abort()
        stream.close()
    del stream
    gc.collect()
    assert os.listdir() == []


def test_a_missing_command_is_named_and_leaves_nothing():
    with pytest.raises(FileNotFoundError, match="no-such-command"):
        LocalTarget("file", format=Through("no-such-command")).open("w")
    gc.collect()
    assert os.listdir() == []
    with pytest.raises(FileNotFoundError, match="no-such-command"):
        InputPipeProcessWrapper(["no-such-command"])


def test_writing_flushes_now_and_then(monkeypatch):
    monkeypatch.setattr(OutputPipeProcessWrapper, "WRITES_BEFORE_FLUSH", 3)
    read_end, write_end = os.pipe()
    with open(write_end, "wb") as sink, OutputPipeProcessWrapper(["cat"], sink) as stream:
        for letter in b"abc":
            stream.write(bytes([letter]))
        assert os.read(read_end, 10) == b"abc"
        stream.writeLine(b"d")
        stream.flush()
        assert os.read(read_end, 10) == b"d\n"
    os.close(read_end)


def test_writing_through_a_command_knows_the_file():
    with OutputPipeProcessWrapper(["cat"], atomic_file("file")) as stream:
        assert stream.tmp_path.startswith("file-luigi-tmp-")
        assert stream.writable()
        assert not stream.readable()
        assert not stream.seekable()
    assert stream.closed
    with pytest.raises(ValueError, match="closed"):
        stream.write(b"more")


def test_without_a_sink_the_command_writes_where_the_program_does():
    program = "from luigi.format import OutputPipeProcessWrapper as O\nwith O(['tr', 'a', 'b']) as s: s.write(b'a')"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout == b"b"


def test_a_subclass_may_start_the_command_elsewhere():
    class Elsewhere(InputPipeProcessWrapper):
        def create_subprocess(self, command):
            return super().create_subprocess(["echo", "elsewhere:", *command])

    with Elsewhere(["ls"]) as stream:
        assert stream.read() == b"elsewhere: ls\n"
