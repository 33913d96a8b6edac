"""LocalJobRunner: mapper, combiner and reducer in this process, for tests and what is small."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from luigi.contrib._hadoop.outputs import only_output
from luigi.contrib._hadoop.runner import JobRunner
from luigi.structure import flatten


class LocalJobRunner(JobRunner):
    """Reads the inputs of a JobTask by their targets, and writes its output by its own. All is in memory."""

    def __init__(self, samplelines: int | None = None) -> None:
        """`samplelines` is how many lines of each input are read; by default all."""
        self.samplelines = samplelines

    def sample(self, input_stream: TextIO, n: int, output: TextIO) -> None:
        """Copy the first `n` lines."""
        output.writelines(_whole(itertools.islice(input_stream, n)))

    def group(self, input_stream: TextIO) -> io.StringIO:
        """The lines, with those of one key together: what is before the first tab."""
        return io.StringIO("".join(sorted(_whole(input_stream), key=lambda line: line.rstrip("\n").partition("\t")[0])))

    def run_job(self, job: Any) -> None:
        """Run the JobTask to its end. Raises what its methods raise."""
        output = only_output(job)
        between = self._step(self._inputs(job), job.run_mapper)
        if job.reducer is NotImplemented:  # what was mapped is the output, and no combiner runs
            with output.open("w") as stream:
                stream.writelines(between)
            return
        if job.combiner is not NotImplemented:
            between = self._step(self.group(between), job.run_combiner)
        grouped = self.group(between)
        with output.open("w") as stream:
            job.run_reducer(grouped, stream)

    def _inputs(self, job: Any) -> TextIO:
        lines = io.StringIO()
        for target in flatten(job.input_hadoop()):
            with target.open("r") as stream:
                self.sample(stream, self.samplelines, lines) if self.samplelines else lines.writelines(_whole(stream))
        lines.seek(0)
        return lines

    def _step(self, stdin: TextIO, run: Any) -> io.StringIO:
        stdout = io.StringIO()
        run(stdin, stdout)
        stdout.seek(0)
        return stdout


def _whole(lines: Iterable[str]) -> Iterator[str]:
    """The lines, each with its end: the last of a file may have none, and the next file begins another all the same."""
    return (line if line.endswith("\n") else f"{line}\n" for line in lines)
