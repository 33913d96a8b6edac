"""One way of counting words, carried out in five places: here, on Hadoop, on Spark, on Slurm and in a container.

luigi --module words_everywhere Here --text ../LICENSE --counts words.tsv --local-scheduler

`OnHadoop` also runs here, as its files are local: give it HdfsTargets, and it runs on the cluster of `[hadoop]`.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import luigi
from luigi.contrib.docker_runner import DockerTask
from luigi.contrib.hadoop import JobTask
from luigi.contrib.slurm import SlurmJobTask
from luigi.contrib.spark import PySparkTask


class Text(luigi.ExternalTask):
    """What is counted."""

    path = luigi.Parameter()

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(self.path)


class Counting(luigi.Task):
    """How words are counted, wherever that is; `counts` has a word and its number in each line."""

    text = luigi.Parameter()
    counts = luigi.Parameter()

    def requires(self) -> Text:
        return Text(self.text)

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(self.counts)

    def mapper(self, item: str) -> Iterator[tuple[str, int]]:
        for word in re.findall("[a-z]+", item.lower()):
            yield word, 1

    def reducer(self, word: str, ones: Iterable[int]) -> Iterator[tuple[str, int]]:
        yield word, sum(ones)

    def count_here(self) -> None:
        """The whole of it in one process."""
        with self.input().open() as lines:
            pairs = sorted(pair for line in lines for pair in self.mapper(line))
        self.write(counted for word, same in groupby(pairs, itemgetter(0)) for counted in self.reduced(word, same))

    def reduced(self, word: str, pairs: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int]]:
        return self.reducer(word, (one for _, one in pairs))

    def write(self, counted: Iterable[tuple[str, int]]) -> None:
        with self.output().open("w") as file:
            file.writelines(f"{word}\t{count}\n" for word, count in counted)


class Here(Counting):
    """In this process."""

    def run(self) -> None:
        self.count_here()


class OnHadoop(Counting, JobTask):
    """By Hadoop's streaming: JobTask calls mapper and reducer."""

    n_reduce_tasks = 2


class OnSpark(Counting, PySparkTask):
    """By Spark, of the section `[spark]`."""

    def main(self, sc: Any, *args: str) -> None:
        words = sc.textFile(self.text).flatMap(self.mapper).groupByKey()
        self.write(words.flatMap(lambda found: self.reducer(*found)).collect())


class OnSlurm(Counting, SlurmJobTask):
    """As a job of Slurm, whose machines share the folders of text and counts."""

    def work(self) -> None:
        self.count_here()


class InContainer(Counting, DockerTask):
    """In an image that has no Python: the same, by what every Unix has."""

    folder = luigi.Parameter(description="what the container sees of this machine: both files are in it")

    @property
    def image(self) -> str:
        return "busybox"

    @property
    def network_mode(self) -> str:
        return "none"

    @property
    def binds(self) -> list[str]:
        return [f"{self.folder}:{self.folder}"]

    @property
    def command(self) -> list[str]:
        lines = (
            "set -e; tr -cs A-Za-z '\\n' < \"$0\" | tr A-Z a-z | grep . | LC_ALL=C sort | uniq -c |"
            ' awk \'{ print $2 "\\t" $1 }\' > "$1.part"; mv "$1.part" "$1"'
        )
        return ["sh", "-c", lines, self.text, self.counts]
