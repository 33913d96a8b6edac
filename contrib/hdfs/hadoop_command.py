"""Running `hadoop fs`."""

from __future__ import annotations

from collections.abc import Sequence

from luigi.contrib.hdfs.config import load_hadoop_cmd
from luigi.contrib.hdfs.error import HadoopNotFound, HDFSCliError


def fs(*arguments: str) -> list[str]:
    """The command line for `hadoop fs` with these arguments."""
    return [*load_hadoop_cmd(), "fs", *arguments]


def call(command: Sequence[str]) -> str:
    """What the command writes to its standard output.

    Raises HDFSCliError when it ends with another status than 0, HadoopNotFound when there is no such program.
    """
    import subprocess

    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise HadoopNotFound(command[0]) from error
    stdout, stderr = (text.decode("utf-8", "surrogateescape") for text in (done.stdout, done.stderr))
    if done.returncode:
        raise HDFSCliError(command, done.returncode, stdout, stderr)
    return stdout
