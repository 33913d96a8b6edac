"""Fingerprints beside the outputs: `.luigi-fingerprints/TASK_ID.json` in the folder of a task's first local output."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from luigi.errors import KernelError
from luigi.local_file_system import LocalFileSystem
from luigi.local_target import LocalTarget
from luigi.redo.fingerprints import Record, read, written
from luigi.structure import flatten
from luigi.target import folder_of

if TYPE_CHECKING:
    from luigi.task import Task

FOLDER: Final = ".luigi-fingerprints"
LONGEST: Final = 200
"""Characters of a task's id that a file is named after: its last ones, which hold the hash."""


class NowhereToNote(KernelError):
    """A task has a policy that remembers, and outputs, of which none is local, to put that beside."""

    def __init__(self, task: Task) -> None:
        super().__init__(f"{task}: its freshness policy needs a place to remember, and it has no local output")
        self.hint = "say where: [freshness] store = sqlite:///fingerprints.db"


class BesideOutputs:
    """A file for each task."""

    def of(self, task: Task) -> Record:
        """The task's record; empty without one. Raises NowhereToNote."""
        path = _path(task)
        if path is None:
            return {}
        try:
            with open(path, encoding="utf-8") as file:
                return read(file.read(), path)
        except FileNotFoundError:
            return {}

    def keep(self, task: Task, record: Record) -> None:
        """Write the task's record, whole or not at all. Raises NowhereToNote, and OSError where that fails."""
        path = _path(task)
        if path is not None:
            with LocalTarget(path).open("w") as file:
                file.write(written(task.task_id, record))

    def close(self) -> None:
        """Nothing is held."""


def _path(task: Task) -> str | None:
    """Where the task's fingerprint is; None for one without outputs, which has nothing to make anew."""
    outputs = flatten(task.output())
    for target in outputs:
        if isinstance(getattr(target, "fs", None), LocalFileSystem):
            return os.path.join(folder_of(target.path), FOLDER, f"{task.task_id[-LONGEST:]}.json")
    if outputs:
        raise NowhereToNote(task)
    return None
