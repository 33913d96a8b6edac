"""All that goes to another machine with a task, in one folder: the task, its code, and what starts it there."""

from __future__ import annotations

import os
from collections.abc import Iterable
from types import ModuleType
from typing import TYPE_CHECKING, Final, NamedTuple

from luigi.contrib._travel import archive, parcel, runner
from luigi.contrib._travel.needs import needs
from luigi.contrib._travel.sealed import Sealed, seal

if TYPE_CHECKING:
    from luigi.task import Task

RUNNER: Final = "luigi_runner.py"


class Luggage(NamedTuple):
    """Three files."""

    runner: str
    archive: Sealed
    parcel: Sealed

    def files(self) -> list[str]:
        """Their paths."""
        return [self.runner, self.archive.path, self.parcel.path]

    def command(self, python: str, module: str, *arguments: str, folder: str | None = None) -> list[str]:
        """The command line that has `module.main([parcel, its digest, *arguments])` called there.

        `python` is the interpreter there; `folder` where the files are then, by default where they are here: "" is the
        folder that the command is run in.
        """
        runner, archive, parcel = self.files() if folder is None else [_moved(path, folder) for path in self.files()]
        return [python, runner, archive, self.archive.digest, module, parcel, self.parcel.digest, *arguments]


def pack(
    task: Task,
    folder: str | os.PathLike[str],
    modules: Iterable[ModuleType | str] = (),
    protocol: int | None = None,
) -> Luggage:
    """Write the three into `folder`, which should be this user's alone, as one of tempfile.mkdtemp is.

    `modules` are those that the task needs besides its own, or their names; `protocol` is pickle's.
    Raises TaskStays, NoScript, ModuleStays, FileExistsError.
    """
    folder = os.path.abspath(folder)  # where the command will be run is another
    packed = parcel.pack(task, protocol)
    with open(runner.__file__, "rb") as file:
        started = seal(os.path.join(folder, RUNNER), file.read())
    code = archive.write(needs(task, packed.modules, modules), folder)
    return Luggage(started.path, code, packed.write(folder))


def _moved(path: str, folder: str) -> str:
    return os.path.join(folder, os.path.basename(path))
