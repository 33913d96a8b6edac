"""A task that writes a log file of Sparkey, Spotify's store of keys and values in files: SparkeyExportTask.

`pip install "luigi-kernel[sparkey]"` brings the package; the C library libsparkey has to be there already.
"""

from __future__ import annotations

from contextlib import closing
from types import ModuleType
from typing import IO, Any

from luigi.contrib._stores.errors import StoreError
from luigi.extras import need
from luigi.local_target import LocalTarget
from luigi.task import Task


class NoLibrary(StoreError, ImportError):
    """The package is there, and the C library that it is for is not."""

    def __init__(self) -> None:
        super().__init__("luigi.contrib.sparkey needs the C library libsparkey, which is not installed")
        self.hint = "build it from github.com/spotify/sparkey, and run ldconfig"


class WrongFiles(StoreError, TypeError):
    """There is not one input to read, or the output is no file of this machine."""


class NoSeparator(StoreError, ValueError):
    """A line of the input has no separator between a key and a value."""

    def __init__(self, number: int, separator: str) -> None:
        super().__init__(f"line {number} of the input has no {separator!r}, so it has no key and value")
        self.hint = "see separator, which is a tab unless the task says another"


class SparkeyExportTask(Task):
    """Writes the lines of its one input, each a key and a value with `separator` between them, to a log of Sparkey.

    `output()` must be a LocalTarget. The file appears whole. Raises WrongFiles, NoSeparator, NoLibrary, MissingExtra.
    """

    separator = "\t"

    def run(self) -> None:
        """Write the file."""
        target, source = self.output(), self.input()
        if not isinstance(target, LocalTarget):
            raise WrongFiles(f"{self}: output must be a LocalTarget, and is {target!r}")
        if not hasattr(source, "open"):
            raise WrongFiles(f"{self}: there must be one input, and there is {source!r}", hint="see requires()")
        with target.temporary_path() as path, source.open("r") as lines, closing(_sparkey().LogWriter(path)) as log:
            self._write(lines, log)

    def _write(self, lines: IO[Any], log: Any) -> None:
        for number, line in enumerate(lines, 1):
            text = line.decode() if isinstance(line, bytes) else line
            key, found, value = text.rstrip("\r\n").partition(self.separator)
            if not found:
                raise NoSeparator(number, self.separator)
            log[key] = value


def _sparkey() -> ModuleType:
    try:
        return need("sparkey", "sparkey", "luigi.contrib.sparkey")
    except (AttributeError, OSError) as error:  # it looks the library's functions up as it is imported
        raise NoLibrary from error
