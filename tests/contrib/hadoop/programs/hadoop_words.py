"""Jobs that count words, as a pipeline has them in a module."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from typing import Any

import luigi
from luigi.contrib.hadoop import JobTask
from luigi.contrib.hdfs import HdfsTarget

JOB_NAME = "mapred_job_name"
"""Hadoop gives each process of a job its settings, with small letters."""


class HadoopText(luigi.ExternalTask):
    """A text, or a folder of them."""

    path = luigi.Parameter()

    def output(self) -> HdfsTarget:
        return HdfsTarget(self.path)


class HadoopWords(JobTask):
    """Counts words. It also counts lines, by a counter."""

    text = luigi.Parameter(default="/texts/a")
    counts = luigi.Parameter(default="/counts")
    n_reduce_tasks = 1

    def requires(self) -> Any:
        return HadoopText(path=self.text)

    def output(self) -> Any:
        return HdfsTarget(self.counts)

    def mapper(self, line: str) -> Iterator[tuple[str, int]]:
        self.incr_counter("words", "lines", 1)
        for word in line.split():
            yield word, 1

    def reducer(self, word: str, counts: Iterable[int]) -> Iterator[tuple[str, int]]:
        yield word, sum(counts)


class HadoopCombined(HadoopWords):
    """The same, with a combiner, as JSON in between, and last words of each."""

    text = luigi.Parameter(default="/texts")
    n_reduce_tasks = 2
    data_interchange_format = "json"
    batch_counter_default = 100

    def combiner(self, word: str, counts: Iterable[int]) -> Iterator[tuple[str, int]]:
        self.incr_counter("combined", 1)
        yield word, sum(counts)

    def init_hadoop(self) -> None:
        self.incr_counter("began", 1)

    def final_mapper(self) -> Iterator[tuple[str, int]]:
        yield "(mappers)", 1

    def final_reducer(self) -> Iterator[tuple[str, int]]:
        yield "(reducers)", 1


class HadoopLocal(HadoopCombined):
    """The same in this process."""

    text = luigi.Parameter()
    counts = luigi.Parameter()

    def requires(self) -> Any:
        return HadoopLocalText(path=self.text)

    def output(self) -> Any:
        return luigi.LocalTarget(self.counts)


class HadoopLocalText(luigi.ExternalTask):
    """A text of this machine."""

    path = luigi.Parameter()

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(self.path)


class HadoopLines(HadoopWords):
    """A mapper alone."""

    reducer = NotImplemented

    def mapper(self, line: str) -> Iterator[Any]:
        yield line.rstrip("\n"), len(line)


class HadoopBroken(HadoopWords):
    """A mapper that fails."""

    counts = luigi.Parameter(default="/broken")

    def mapper(self, line: str) -> Iterator[Any]:
        raise OSError("the disk is full")


class HadoopEndless(HadoopWords):
    """A mapper that does not end."""

    counts = luigi.Parameter(default="/endless")

    def mapper(self, line: str) -> Iterator[Any]:
        time.sleep(600)
        yield line


class HadoopFiles(HadoopWords):
    """A mapper that reads files that came along."""

    files = luigi.ListParameter()
    names = luigi.ListParameter()
    reducer = NotImplemented

    def extra_files(self) -> list[Any]:
        return [one if isinstance(one, str) else tuple(one) for one in self.files]

    def mapper(self, line: str) -> Iterator[Any]:
        for name in self.names:
            with open(name) as file:
                yield name, file.read().strip(), os.environ[JOB_NAME]


class HadoopShouting(HadoopWords):
    """A mapper that imports a module that the job asks for."""

    counts = luigi.Parameter(default="/shouted")
    reducer = NotImplemented

    def extra_modules(self) -> list[str]:
        return ["hadoop_extra_module"]

    def mapper(self, line: str) -> Iterator[Any]:
        import hadoop_extra_module

        yield hadoop_extra_module.SHOUT(line.strip())
