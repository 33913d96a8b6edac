"""Runs in a driver of Spark's: makes the context, and calls `main` of a PySparkTask that came along.

`[pyspark_runner] use_spark_session = true`, where the task is submitted, gives `main` a SparkSession.
"""

from __future__ import annotations

import os
import signal
import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final

from luigi.clock import SYSTEM
from luigi.contrib._travel import parcel
from luigi.extras import need

if TYPE_CHECKING:
    from luigi.contrib.spark import PySparkTask

LOOK_EVERY: Final = 1.0
"""Seconds between two looks at whether spark-submit is still there."""
GRACE: Final = 5.0
"""Seconds that `main` has to end once it is not."""


class EntryPoint(ABC):
    """Within `with`: what `main` is given, and the SparkContext."""

    def __init__(self, conf: Any) -> None:
        self.conf = conf

    def __enter__(self) -> tuple[Any, Any]:
        self._given, context = self.opened()
        return self._given, context

    def __exit__(self, *raised: Any) -> None:
        self._given.stop()

    @abstractmethod
    def opened(self) -> tuple[Any, Any]:
        """Both, new."""


class SparkContextEntryPoint(EntryPoint):
    """`main` is given the SparkContext."""

    def opened(self) -> tuple[Any, Any]:
        """The context, twice."""
        context = _pyspark().SparkContext(conf=self.conf)
        return context, context


class SparkSessionEntryPoint(EntryPoint):
    """`main` is given a SparkSession, with Hive's tables."""

    def opened(self) -> tuple[Any, Any]:
        """The session, and its context."""
        session = _pyspark("pyspark.sql").SparkSession.builder.config(conf=self.conf).enableHiveSupport().getOrCreate()
        return session, session.sparkContext


class AbstractPySparkRunner:
    """Runs `job`, a PySparkTask, with the words of its app_options."""

    entry_point: ClassVar[type[EntryPoint]]

    def __init__(self, job: PySparkTask, *args: str) -> None:
        self.job = job
        self.args = args

    def run(self) -> None:
        """Call its `setup`, `setup_remote` and `main`."""
        conf = _pyspark().SparkConf()
        self.job.setup(conf)
        with self.entry_point(conf) as (given, context):
            self.job.setup_remote(context)
            self.job.main(given, *self.args)


class PySparkRunner(AbstractPySparkRunner):
    """With a SparkContext."""

    entry_point = SparkContextEntryPoint


class PySparkSessionRunner(AbstractPySparkRunner):
    """With a SparkSession."""

    entry_point = SparkSessionEntryPoint


RUNNERS: Final = MappingProxyType({"context": PySparkRunner, "session": PySparkSessionRunner})


def main(arguments: Sequence[str]) -> None:
    """Run the task in the file of the first argument, which has the SHA-256 of the second."""
    path, digest, entry_point, *words = arguments
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    RUNNERS[entry_point](parcel.read(path, digest), *words).run()


def _end_with(parent: int) -> None:
    """What is not in a call of Spark's would not notice that spark-submit, whose child it is, was ended."""
    while os.getppid() == parent:
        SYSTEM.sleep(LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)
    SYSTEM.sleep(GRACE)
    os._exit(128 + signal.SIGTERM)


def _pyspark(module: str = "pyspark") -> Any:
    return need(module, "spark", "luigi.contrib.pyspark_runner")
