"""What a worker tells of its run as it begins: who runs which command where, of which version of the program."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from luigi.code_version import code_version
from luigi.masking import masked
from luigi.task import Task
from luigi.telling import MOST_ROOTS, RunBegan
from luigi.worker.identity import worker_facts

_NOT_THE_PROGRAM_S = {"site-packages", "dist-packages"}


def run_began(run_id: str, roots: Sequence[Task], at: float, words: Sequence[str] | None = None) -> RunBegan:
    """The beginning, at `at` seconds since the epoch, of a run of `roots` by the worker `run_id` of this process.

    `words`: the command line; the process's own unless given.
    """
    own, told = dict(worker_facts(0)), roots[:MOST_ROOTS]
    return RunBegan(
        run_id,
        at,
        host=str(own["host"]),
        user=str(own["username"]),
        command=masked(sys.argv if words is None else words, told),
        code_version=code_version(_folder(roots)),
        roots=tuple(root.task_id for root in told),
    )


def _folder(roots: Sequence[Task]) -> str | None:
    """Where the program lies: the module of the first task; None for one that was installed as a package."""
    for root in roots[:1]:
        file = getattr(sys.modules.get(type(root).__module__), "__file__", None)
        if file:
            path = Path(file).absolute()
            return None if _NOT_THE_PROGRAM_S & set(path.parts) else str(path.parent)
    return os.getcwd()
