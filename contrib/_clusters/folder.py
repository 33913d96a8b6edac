"""The shared folder of one job: its task and code, the script that starts it, what it printed, how it ended."""

from __future__ import annotations

import logging
import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from luigi.contrib._clusters.errors import NoSharedFolder
from luigi.contrib._travel import luggage, parcel

if TYPE_CHECKING:
    from luigi.contrib._clusters.task import ClusterTask

logger = logging.getLogger("luigi-interface")

SCRIPT: Final = "job.sh"
OUT: Final = "job.out"
ERR: Final = "job.err"
ENDED: Final = "ended"
KEPT: Final = 65536
"""Bytes of what a job printed that are shown: the last ones."""


class JobFolder:
    """A new folder below `shared`, for this user alone. Raises NoSharedFolder."""

    def __init__(self, shared: str, name: str) -> None:
        place = os.path.abspath(os.path.expanduser(shared))
        try:
            os.makedirs(place, exist_ok=True)
            self.path = Path(tempfile.mkdtemp(prefix=f"{name[:100]}-", dir=place))
        except OSError as error:
            raise NoSharedFolder(shared, error) from error
        # They are there before the job is, so that network file systems ask for what is in them: that one is not there
        # is what these remember for a while.
        for file in (OUT, ERR, ENDED):
            (self.path / file).touch()

    def pack(self, task: ClusterTask, module: str, *, with_code: bool = True, first: Sequence[str] = ()) -> None:
        """Write what has `module.main([parcel, digest])` called by the job, in this process's working directory.

        Without its code, that is imported from where it was imported here. `first` are lines that the job's shell reads
        before. Raises TaskStays, ModuleStays.
        """
        if with_code:
            command = luggage.pack(task, self.path, task.extra_modules()).command(sys.executable, module)
        else:
            paths = os.pathsep.join(os.path.abspath(path) for path in sys.path)
            command = ["env", f"PYTHONPATH={paths}", sys.executable, "-m", module, *parcel.write(task, self.path)]
        lines = _script(command, first, self.path)
        (self.path / SCRIPT).write_text("".join(f"{line}\n" for line in lines))

    def exit_code(self) -> int | None:
        """What the job's script ended with; None until then, and for ever when it was ended."""
        said = self._tail(ENDED)
        return int(said) if said.endswith("\n") else None

    def printed(self) -> str:
        """The last that the job printed, on its standard output and then on its standard error."""
        return self._tail(OUT) + self._tail(ERR)

    def keep(self) -> None:
        """Say where it is."""
        logger.info("what the job needed and printed is in %s", self.path)

    def remove(self) -> None:
        """Remove it with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self.path.exists():  # somebody's file is in it, or the job is about to end and still writes
            logger.warning("%s, which a job has left, cannot be removed", self.path)

    def _tail(self, name: str) -> str:
        with (self.path / name).open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - KEPT))
            text = file.read().decode("utf-8", "replace")
        return text if size <= KEPT else f"[{size - KEPT} bytes before this are left out]\n{text}"


def _script(command: Sequence[str], first: Sequence[str], folder: Path) -> list[str]:
    here, quoted = shlex.quote(os.getcwd()), shlex.quote(str(folder))
    return [
        "#!/bin/sh",
        *first,
        f"cd -- {here} 2>/dev/null || cd -- {quoted}",
        shlex.join(command),
        "code=$?",
        f'echo "$code" >{quoted}/{ENDED}',
        'exit "$code"',
    ]
