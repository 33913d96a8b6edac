"""Jobs for Spark that are a method of their task, which is called in the driver."""

from __future__ import annotations

import pickle
import shutil
import tempfile
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from luigi.configuration import get_config
from luigi.contrib._jobs.ending import ending
from luigi.contrib._spark.configured import split, words
from luigi.contrib._spark.handed_over import is_in_cluster
from luigi.contrib._spark.submit import SparkSubmitTask
from luigi.contrib._travel import luggage

RUNNER: Final = "luigi.contrib.pyspark_runner"


class PySparkTask(SparkSubmitTask):
    """Runs its `main` in a driver of Spark's.

        class CountWords(PySparkTask):
            def main(self, sc, *args):
                lines = sc.textFile(self.input().path)
                lines.flatMap(str.split).map(lambda word: (word, 1)).reduceByKey(add).saveAsTextFile(self.output().path)

    The task, the package that its class is in, and Luigi go along: neither driver nor executors need to have them.
    With `[pyspark_runner] use_spark_session = true`, `main` is given a SparkSession, not a SparkContext.
    """

    py_packages = words("py_packages", "Names of more packages and modules to send along.")
    _luggage: luggage.Luggage | None = None

    @property
    def name(self) -> str:  # type: ignore[override]
        """What Spark shows it as: the name of its class."""
        return type(self).__name__

    @property
    def pickle_protocol(self) -> int:
        """Of the file in which the task travels."""
        return int(get_config().getint(self.spark_version, "pickle_protocol", pickle.DEFAULT_PROTOCOL))

    @property
    def app(self) -> str:
        """What calls `main` in the driver."""
        return self._packed().runner

    def setup(self, conf: Any) -> None:
        """Called in the driver with the SparkConf, before there is a context."""

    def setup_remote(self, sc: Any) -> None:
        """Called in the driver with the SparkContext, before `main`."""

    def main(self, sc: Any, *args: Any) -> None:
        """The job, called in the driver with a SparkContext or SparkSession, and the words of `app_options`."""
        raise NotImplementedError(f"{type(self).__name__} does not say what is run: write its main(sc, *args)")

    def app_command(self) -> list[str]:
        """The runner, and what it needs to call `main`; the files are beside it in cluster mode."""
        folder = "" if is_in_cluster(self) else None
        given = (_entry_point(), *map(str, self.app_options()))
        return [self.app, *self._packed().command("", RUNNER, *given, folder=folder)[2:]]

    def run(self) -> None:
        """Pack it, submit it, and wait for its end. Raises ExternalProgramRunError, ProgramMissing, TaskStays."""
        folder = tempfile.mkdtemp(prefix="luigi-spark-")
        remove = partial(shutil.rmtree, folder)
        with ending(remove):
            self._run_from(folder)
        remove()

    def _run_from(self, folder: str) -> None:
        self._luggage = luggage.pack(self, folder, self.py_packages or (), self.pickle_protocol)
        try:
            super().run()
        finally:
            del self._luggage  # what belongs to one try is not to travel with the next

    def _given(self) -> dict[str, Any]:
        given, packed = super()._given(), self._packed()
        given["py_files"] = [*_listed(given["py_files"]), packed.archive.path]
        if is_in_cluster(self):
            given["files"] = [*_listed(given["files"]), packed.parcel.path]
        return given

    def _packed(self) -> luggage.Luggage:
        if self._luggage is None:
            raise RuntimeError(f"the command line of {self} is known while it runs: its code is packed then")
        return self._luggage


def _listed(value: Sequence[str] | str | None) -> list[str]:
    return split(value) if isinstance(value, str) else list(value or ())


def _entry_point() -> str:
    session = get_config().getboolean("pyspark_runner", "use_spark_session", False)
    return "session" if session else "context"
