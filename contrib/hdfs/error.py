"""What goes wrong with the `hadoop` command."""

from __future__ import annotations

from collections.abc import Sequence

from luigi.format.command import command_line
from luigi.target import FileSystemException

MISSING = "No such file or directory"
"""How every version of Hadoop says that there is nothing at a path."""


class HDFSCliError(FileSystemException):
    """A `hadoop fs` command ended with another status than 0."""

    def __init__(self, command: Sequence[str], returncode: int, stdout: str, stderr: str) -> None:
        said = [line for line in stderr.splitlines() if line.strip()]
        why = f": {said[-1]}" if said else ""
        super().__init__(f"{command_line(command)} ended with status {returncode}{why}")
        self.command, self.returncode, self.stdout, self.stderr = command, returncode, stdout, stderr

    def says(self, message: str, by: str) -> bool:
        """Whether the verb `by` (`stat` for `-stat`) says `message`: a wrapper script may complain of other things."""
        return any(line.startswith(f"{by}: ") and message in line for line in self.stderr.splitlines())


class HadoopNotFound(FileSystemException, FileNotFoundError):
    """The `hadoop` command is not there to be started."""

    def __init__(self, program: str) -> None:
        super().__init__(f"there is no program {program!r}, so HDFS cannot be reached by command")
        self.hint = "set [hadoopcli] command to where it is, or [hdfs] client = webhdfs to do without"


class UnknownClient(FileSystemException):
    """`[hdfs] client` or `[hadoop] version` names nothing there is."""


class ColonInName(FileSystemException, ValueError):
    """HDFS has no file names with a colon."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path}: HDFS allows no colon in the name of a file")
        self.hint = "a date with time can be written as %Y-%m-%dT%H%M"
