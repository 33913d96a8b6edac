"""The section [hadoop], and what of [core] is about its jobs."""

from __future__ import annotations

import luigi
from luigi.configuration import get_config
from luigi.errors import KernelError


class hadoop(luigi.Config):
    """How jobs get to Hadoop."""

    command = luigi.Parameter(default="hadoop", description="the program, with options for all it does")
    pool = luigi.OptionalParameter(default=None, description="the pool, or queue, that jobs run in")
    python_executable = luigi.Parameter(default="python", description="the Python of the cluster's machines")
    scheduler = luigi.ChoiceParameter(
        default="fair", choices=["fair", "capacity"], description="which of Hadoop's own schedulers the pool is one of"
    )
    streaming_jar = luigi.OptionalParameter(default=None, description="the path of Hadoop's streaming jar")
    version = luigi.Parameter(
        default="cdh4", description="of the commands: cdh4 for Hadoop 2 and later, cdh3 or apache1"
    )


class NoStreamingJar(KernelError):
    """A streaming job is to run, and nobody says where the jar is that does it."""

    def __init__(self) -> None:
        super().__init__("[hadoop] streaming_jar is not set: it is needed to run Python mappers and reducers on Hadoop")
        self.hint = "set it to the path of hadoop-streaming-….jar, below share/hadoop/tools/lib of a Hadoop"


def streaming_jar() -> str:
    """Where it is. Raises NoStreamingJar."""
    jar = hadoop().streaming_jar
    if not jar:
        raise NoStreamingJar
    return jar


def history_filename() -> str:
    """`[core] history_filename`: what a file with the job's id is called in its output; empty for no such file."""
    return str(get_config().get("core", "history-filename", ""))
