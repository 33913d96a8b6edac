"""The arguments of a jar's program: of targets their paths, and of outputs one beside it, from which they are moved."""

from __future__ import annotations

from typing import Any

from luigi.contrib._hadoop.outputs import Move, beside
from luigi.contrib.hdfs import HdfsTarget


def fix_paths(job: Any) -> tuple[list[Move], list[str]]:
    """What is to be moved once `job` has ended well, and its arguments as texts.

    An argument that is a target of HDFS, and does not exist, is one that the job makes.
    """
    moves: list[Move] = []
    words: list[str] = []
    for argument in job.args():
        if isinstance(argument, HdfsTarget) and not argument.exists():
            moves.append(beside(argument))
            words.append(moves[-1].written.path)
        else:
            words.append(word(argument))
    return moves, words


def as_they_are(job: Any) -> tuple[list[Move], list[str]]:
    """The same for a job that writes to its outputs itself: nothing is to be moved."""
    return [], [word(argument) for argument in job.args()]


def word(argument: Any) -> str:
    """An argument as a text: of a target, its path."""
    path = getattr(argument, "path", argument)
    return str(path)
