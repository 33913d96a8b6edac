"""Formats that end in HDFS: a path goes in where other formats take a stream.

`UTF8 >> Plain` writes a file, `UTF8 >> PlainDir` a directory with one file in it, as Hadoop jobs read and write them.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from luigi.contrib.hdfs.clients import get_autoconfig_client
from luigi.contrib.hdfs.config import tmppath
from luigi.contrib.hdfs.error import HDFSCliError
from luigi.contrib.hdfs.hadoop_command import fs
from luigi.contrib.hdfs.hadoopcli_clients import create_hadoopcli_client
from luigi.format import Format, InputPipeProcessWrapper, OutputPipeProcessWrapper
from luigi.target import folder_of

COPYING = "._COPYING_"
"""What ends the name of a file that `hadoop fs -put` is writing."""


class PathOn(str):
    """A path that knows which client it is to be opened by."""

    fs: Any

    @classmethod
    def of(cls, path: str, fs: Any) -> PathOn:
        """`path` on the file system `fs`."""
        made = cls(path)
        made.fs = fs
        return made


def client_of(path: str) -> Any:
    """The client that `path` is to be opened by: its own, else the configured one."""
    return path.fs if isinstance(path, PathOn) else get_autoconfig_client()


class HdfsAtomicWriteError(IOError):
    """Writing did not end well."""


class HdfsReadPipe(InputPipeProcessWrapper):
    """The bytes of a file, by `hadoop fs -cat`; of many where `path` is a pattern."""

    def __init__(self, path: str) -> None:
        super().__init__(fs("-cat", str(path)))


class HdfsAtomicWritePipe(OutputPipeProcessWrapper):
    """What is written goes to a temporary file of HDFS, by `hadoop fs -put`, that is renamed to `path` when closed."""

    def __init__(self, path: str) -> None:
        self.path = str(path)
        self.tmppath = tmppath(self.path)
        self.client = create_hadoopcli_client()
        self.client.mkdir(folder_of(self._file()))
        super().__init__(fs("-put", "-", self._file()))

    def _file(self) -> str:
        return self.tmppath

    def close(self) -> None:
        """Wait until all is written, and rename it to `path` in place of what is there."""
        if self.closed:
            return
        try:
            super().close()
            self.client.replace(self.tmppath, self.path)
        except BaseException:
            self._remove_temporary()
            raise

    def abort(self) -> None:
        """Stop writing and leave `path` as it was."""
        if self.closed:
            return
        super().abort()
        self._remove_temporary()

    def _remove_temporary(self) -> None:
        with suppress(HDFSCliError):  # one of them, or both, is not there; what asks for this is on its way as an error
            self.client.remove_all([self.tmppath, self.tmppath + COPYING])


class HdfsAtomicWriteDirPipe(HdfsAtomicWritePipe):
    """Like HdfsAtomicWritePipe, but `path` becomes a directory with the file `data` in it, and `data_extension`."""

    def __init__(self, path: str, data_extension: str = "") -> None:
        self._name = f"data{data_extension}"
        super().__init__(path)

    def _file(self) -> str:
        return f"{self.tmppath}/{self._name}"


class _OfPaths(Format):
    """A format that takes a path and gives bytes; by Luigi's other names too."""

    input = "bytes"
    output = "hdfs"

    def hdfs_writer(self, path: str) -> Any:
        """A stream for what is to be at `path`."""
        return self.pipe_writer(path)

    def hdfs_reader(self, path: str) -> Any:
        """What is at `path`."""
        return self.pipe_reader(path)


class PlainFormat(_OfPaths):
    """A file with the bytes as they are."""

    def pipe_reader(self, path: str) -> Any:
        """What is at `path`."""
        return client_of(path).open_read(str(path))

    def pipe_writer(self, output_pipe: str) -> Any:
        """A stream for what is to be at the path `output_pipe`."""
        return client_of(output_pipe).open_write(str(output_pipe))


class PlainDirFormat(_OfPaths):
    """A directory: read all of its files one after the other, write one."""

    def pipe_reader(self, path: str) -> Any:
        """What is in the directory `path`."""
        return client_of(path).open_read_directory(str(path))

    def pipe_writer(self, path: str) -> Any:
        """A stream for what is to be in the directory `path`."""
        return client_of(path).open_write_directory(str(path))


class CompatibleHdfsFormat(Format):
    """A format made of two functions that each take a path and give a stream."""

    output = "hdfs"

    def __init__(self, writer: Callable[[Any], Any], reader: Callable[[Any], Any], input: str | None = None) -> None:
        self.writer, self.reader = writer, reader
        if input is not None:
            self.input = input

    def pipe_writer(self, output: Any) -> Any:
        """A stream for what is to be at the path `output`."""
        return self.writer(output)

    def pipe_reader(self, input: Any) -> Any:
        """What is at the path `input`."""
        return self.reader(input)

    def hdfs_writer(self, output: Any) -> Any:
        """Another name of `pipe_writer`."""
        return self.pipe_writer(output)

    def hdfs_reader(self, input: Any) -> Any:
        """Another name of `pipe_reader`."""
        return self.pipe_reader(input)


Plain = PlainFormat()
PlainDir = PlainDirFormat()
