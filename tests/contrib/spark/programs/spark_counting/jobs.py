"""Jobs whose main runs in a driver of Spark's."""

from __future__ import annotations

import os
import time
from operator import add
from pathlib import Path
from typing import Any

import luigi
from luigi.contrib.spark import PySparkTask
from spark_counting.words import words


class SparkWordCount(PySparkTask):
    """Counts words, with a context or a session."""

    text = luigi.Parameter()
    counts = luigi.Parameter()
    master = luigi.Parameter(default="local[1]", significant=False)
    py_packages = ["spark_cleaning"]

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(self.counts)

    def setup(self, conf: Any) -> None:
        conf.set("spark.test.setup", "done")

    def setup_remote(self, sc: Any) -> None:
        self.version = sc.version

    def app_options(self) -> list[Any]:
        return ["a b", 1]

    def main(self, sc: Any, *args: str) -> None:
        context = getattr(sc, "sparkContext", sc)
        pairs = context.textFile(self.text).flatMap(words).map(lambda word: (word, 1))
        with self.output().open("w") as file:
            for word, count in sorted(pairs.reduceByKey(add).collect()):
                file.write(f"{word} {count}\n")
        setting = context.getConf().get("spark.test.setup")
        Path(self.counts + ".called").write_text(f"{type(sc).__name__} {args} {setting} {self.version}")


class SparkNeverBegun(PySparkTask):
    """Fails before there is a context; or, with a place for its pid, goes on for ten minutes."""

    master = "local[1]"
    pid = luigi.Parameter(default="")

    def setup(self, conf: Any) -> None:
        if not self.pid:
            raise OSError("the disk is full")
        Path(self.pid).write_text(str(os.getpid()))
        time.sleep(600)

    def complete(self) -> bool:
        return False
