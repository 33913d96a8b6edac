"""Outputs of jobs: written beside their place, and moved there once the job has ended well."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from luigi.contrib._hadoop.errors import UnfitTarget
from luigi.contrib.hdfs import HdfsTarget
from luigi.structure import flatten
from luigi.target import temporary_name

logger = logging.getLogger("luigi-interface")


def only_output(job: Any) -> Any:
    """The output of a job of mappers and reducers. Raises UnfitTarget when it has none, or several."""
    outputs = flatten(job.output())
    if len(outputs) != 1:
        raise UnfitTarget(f"{job} has {len(outputs)} outputs: a job of mappers and reducers has one")
    return outputs[0]


class Move(NamedTuple):
    """Something of HDFS, and the path that it is to have."""

    written: HdfsTarget
    path: str


def beside(target: HdfsTarget) -> Move:
    """Where what is to be at `target` can be written first."""
    path = target.path.rstrip("/") or "/"
    return Move(HdfsTarget(temporary_name(path), fs=target.fs), path)


@contextmanager
def moved_when_whole(moves: Sequence[Move]) -> Iterator[None]:
    """Carry these out when what is inside ends well, else remove what was written.

    Raises FileAlreadyExists where there is something already.
    """
    try:
        yield
        for written, path in moves:
            written.move_dir(path)
    except Exception:
        for written, _ in moves:
            _remove(written)
        raise


def _remove(target: HdfsTarget) -> None:
    try:
        if target.exists():
            target.remove(skip_trash=True)
    except Exception:  # the job's own error is on its way
        logger.exception("%s could not be removed", target.path)
