"""RunAnywayTarget: the output of a task that is to run each time the program does."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import secrets
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

import luigi
from luigi.clock import SYSTEM
from luigi.task import Task

PROGRAM = "LUIGI_SIMULATED_PROGRAM"
"""The variable by which the processes that a program starts for its tasks know its name."""


@cache
def _program() -> str:
    """A name for this program and the processes of its tasks, made when it is first needed.

    The id of a process would not do: a container gives the same to every program.
    """
    # Before its main module is there again, a spawned process does not know that it is one.
    if multiprocessing.parent_process() is None or PROGRAM not in os.environ:
        os.environ[PROGRAM] = f"{os.getpid()}-{secrets.token_hex(8)}"
    return os.environ[PROGRAM]


class RunAnywayTarget(luigi.Target):
    """Exists once the task `task_obj` has called `done()` on it in this program, and never in the next one.

    The task's `output()` is `RunAnywayTarget(self)`, and its `run()` ends with `self.output().done()`. All processes of
    a run see it, on one machine. Nothing is kept of it for longer than `temp_time` seconds.
    """

    temp_dir = os.path.join(tempfile.gettempdir(), "luigi-simulate")
    temp_time = 24 * 3600

    def __init__(self, task_obj: Task) -> None:
        self.task_id: str = task_obj.task_id

    def __str__(self) -> str:
        return self.task_id

    @property
    def unique(self) -> str:
        """The name of the program, which is the same in all processes of a run."""
        return _program()

    def get_path(self) -> str:
        """The empty file that says it was done."""
        name = hashlib.sha256(self.task_id.encode()).hexdigest()[:32]
        return os.path.join(self.temp_dir, self.unique, name)

    def exists(self) -> bool:
        """Whether the task was done."""
        return os.path.exists(self.get_path())

    def done(self) -> None:
        """Say that the task was done. Raises OSError."""
        mark = Path(self.get_path())
        if not mark.parent.is_dir():
            self._begin(mark.parent)
        mark.touch()

    def _begin(self, folder: Path) -> None:
        """Make the folder of this program, and remove those of programs of long ago."""
        if not folder.parent.is_dir():
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.parent.chmod(0o1777)  # it is for everybody on this machine, as the folder it is in
        oldest = SYSTEM.now() - self.temp_time
        for other in os.scandir(folder.parent):
            with suppress(FileNotFoundError):  # another program that begins removes them, too
                if other.is_dir(follow_symlinks=False) and other.stat(follow_symlinks=False).st_mtime < oldest:
                    shutil.rmtree(other, ignore_errors=True)  # another user's is theirs to remove
        folder.mkdir(mode=0o700, exist_ok=True)
