"""Runs on Hadoop's machines: a mapper, combiner or reducer of a JobTask. What sends it there is contrib/hadoop.py."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import TextIO

from luigi.contrib._travel import parcel


def main(arguments: Sequence[str] | None = None, stdin: TextIO | None = None, stdout: TextIO | None = None) -> int:
    """Take the path of the task's file, its SHA-256, and what to run: map, combiner or reduce."""
    path, digest, step = sys.argv[1:] if arguments is None else arguments
    job = parcel.read(path, digest)
    job._make_links()
    run = {"map": job.run_mapper, "combiner": job.run_combiner, "reduce": job.run_reducer}[step]
    run(_as_it_is(sys.stdin) if stdin is None else stdin, _as_it_is(sys.stdout) if stdout is None else stdout)
    return 0


def _as_it_is(stream: TextIO) -> TextIO:
    """The same, whatever the locale: UTF-8, what is none of that unchanged, and lines that a line feed ends."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="surrogateescape", newline="\n")
    return stream


if __name__ == "__main__":
    sys.exit(main())
