"""JobTask: a job whose mapper and reducer are methods."""

from __future__ import annotations

import itertools
import logging
import sys
from collections.abc import Iterable, Iterator, Sequence
from types import ModuleType
from typing import Any, TextIO

from luigi.contrib._hadoop.base_task import BaseHadoopJobTask
from luigi.contrib._hadoop.counters import Counters
from luigi.contrib._hadoop.files import make_links
from luigi.contrib._hadoop.interchange import columns, interchange
from luigi.contrib._travel import parcel
from luigi.contrib._travel.sealed import Sealed
from luigi.structure import flatten

logger = logging.getLogger("luigi-interface")


class JobTask(BaseHadoopJobTask):
    """Maps each line of its input to keys with values, and reduces all values of a key to lines of its output.

        class Words(JobTask):
            def mapper(self, line):
                for word in line.split():
                    yield word, 1

            def reducer(self, word, counts):
                yield word, sum(counts)

    It runs on Hadoop when its output is an HdfsTarget, else in this process. Without a reducer the output is what the
    mapper yields.
    """

    n_reduce_tasks: int = 25
    """How many reducers run, each with an output file of its own."""
    jobconf_truncate: int = 20000
    """Characters of each setting of the job that its processes are given in their environment; -1 for all."""
    reducer: Any = NotImplemented
    """A method that takes a key and an iterator of values, and gives outputs."""
    combiner: Any = NotImplemented
    """Like the reducer, and run where a mapper has: what it gives goes on to the reducer."""

    def mapper(self, item: Any) -> Iterable[Any]:
        """Give a key and a value, or more, for a record of the input, or none."""
        yield None, item

    def init_mapper(self) -> None:
        """Called before the first record of a mapper."""

    def init_combiner(self) -> None:
        """Called before the first key of a combiner."""

    def init_reducer(self) -> None:
        """Called before the first key of a reducer."""

    # --- what it takes along ------------------------------------------------------------------------------------

    def extra_modules(self) -> Sequence[ModuleType | str]:
        """Modules or packages that it needs besides its own, or their names."""
        return []

    def extra_files(self) -> Sequence[str | tuple[str, str]]:
        """Files and folders for each process of the job: paths, or paths and where they are to be there."""
        return []

    def extra_archives(self) -> Sequence[str]:
        """Archives that are unpacked for each process of the job: path#folder."""
        return []

    def extra_streaming_arguments(self) -> Sequence[str | tuple[str, str]]:
        """More options for Hadoop's streaming: words, or names with their values."""
        return []

    def add_link(self, src: str, dst: str) -> None:
        """Have `src`, a file that each process of the job finds in its folder, linked as `dst` there."""
        links = self.__dict__.setdefault("_links", [])
        if (src, dst) not in links:
            links.append((src, dst))

    def dump(self, directory: str = "") -> Sealed:
        """Write the task to the file job-instance.pickle in `directory`, from which a runner reads it."""
        return parcel.write(self, directory or ".")

    # --- how it is run ------------------------------------------------------------------------------------------

    def jobconfs(self) -> list[str]:
        """Hadoop's own settings for this job, each as name=value."""
        reducers = 0 if self.reducer is NotImplemented else self.n_reduce_tasks
        return [
            *super().jobconfs(),
            f"mapred.reduce.tasks={reducers}",
            f"stream.jobconf.truncate.limit={self.jobconf_truncate}",
        ]

    def job_runner(self) -> Any:
        """The configured Hadoop when all outputs are in HDFS, else this process."""
        from luigi.contrib._hadoop.local_runner import LocalJobRunner
        from luigi.contrib._hadoop.streaming_runner import DefaultHadoopJobRunner
        from luigi.contrib.hdfs import HdfsTarget

        elsewhere = [target for target in flatten(self.output()) if not isinstance(target, HdfsTarget)]
        if elsewhere:
            logger.warning("%s runs in this process: its output %s is no HdfsTarget", self, elsewhere[0])
            return LocalJobRunner()
        return DefaultHadoopJobRunner()

    def run_mapper(self, stdin: TextIO | None = None, stdout: TextIO | None = None) -> None:
        """Map all lines of `stdin` to `stdout`, by default this process's."""
        self.init_hadoop()
        self.init_mapper()
        outputs = self._mapped(sys.stdin if stdin is None else stdin)
        self._write(outputs, stdout, between=self.reducer is not NotImplemented)

    def run_combiner(self, stdin: TextIO | None = None, stdout: TextIO | None = None) -> None:
        """Combine the values of each key; those of one have to be together."""
        self.init_hadoop()
        self.init_combiner()
        self._write(self._reduced(stdin, self.combiner, self.final_combiner), stdout, between=True)

    def run_reducer(self, stdin: TextIO | None = None, stdout: TextIO | None = None) -> None:
        """Reduce the values of each key; those of one have to be together."""
        self.init_hadoop()
        self.init_reducer()
        self._write(self._reduced(stdin, self.reducer, self.final_reducer), stdout, between=False)

    def _mapped(self, stdin: TextIO) -> Iterator[Any]:
        for record in self.reader(stdin):
            yield from self.mapper(*record) or ()
        if self.final_mapper is not NotImplemented:
            yield from self.final_mapper() or ()

    def _reduced(self, stdin: TextIO | None, reduce: Any, final: Any) -> Iterator[Any]:
        read = self.internal_reader(sys.stdin if stdin is None else stdin)
        for _, together in itertools.groupby(read, key=lambda columns: repr(columns[0])):
            first = next(together)
            yield from reduce(first[0], (columns[1] for columns in itertools.chain([first], together))) or ()
        if final is not NotImplemented:
            yield from final() or ()

    def _write(self, outputs: Iterable[Any], stdout: TextIO | None, *, between: bool) -> None:
        write = self.internal_writer if between else self.writer
        write(outputs, sys.stdout if stdout is None else stdout)
        self._counters().tell_all()

    # --- how lines are read and written -------------------------------------------------------------------------

    def reader(self, input_stream: TextIO) -> Iterable[tuple[Any, ...]]:
        """The records of a mapper's input: what `mapper` is called with, by default each line."""
        for line in input_stream:
            yield (line,)

    def writer(self, outputs: Iterable[Any], stdout: TextIO, stderr: TextIO | None = None) -> None:
        """Write the outputs of the job: of each a line, with tabs between its parts."""
        for output in outputs:
            print(*columns(output, self.data_interchange_format), sep="\t", file=stdout)

    def internal_reader(self, input_stream: TextIO) -> Iterator[list[Any]]:
        """Read what `internal_writer` has written: key and value of each line."""
        read = interchange(self.data_interchange_format)["deserialize"]
        for line in input_stream:
            yield [read(text) for text in line.rstrip("\n").split("\t")]

    def internal_writer(self, outputs: Iterable[Any], stdout: TextIO) -> None:
        """Write keys and values that mapper and reducer exchange."""
        write = interchange(self.data_interchange_format)["internal_serialize"]
        for output in outputs:
            print(*map(write, output), sep="\t", file=stdout)

    # --- counters -----------------------------------------------------------------------------------------------

    def incr_counter(self, *args: Any, **kwargs: Any) -> None:
        """Count: `incr_counter(group, name, count)`, or `incr_counter(name, count)`. Hadoop shows the sums.

        With `batch_counter` it is told when it comes to that, instead of to `batch_counter_default`.
        """
        *name, count = args
        at_least = kwargs.get("batch_counter", self.batch_counter_default)
        self._counters().add(tuple(map(str, name)), count, at_least)

    def _counters(self) -> Counters:
        counters: Counters = self.__dict__.setdefault("_counter_dict", Counters())
        return counters

    def _make_links(self) -> None:
        make_links(self.__dict__.get("_links", []))
