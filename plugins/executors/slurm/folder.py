"""The folder that this machine and the cluster's share: what each job is to do, what it says, what it prints."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from luigi.contrib._clusters.errors import NoSharedFolder
from luigi.executors.hosting.batch_jobs import job_spec
from luigi.executors.hosting.batch_jobs.job_spec import JobSpec
from luigi.executors.hosting.batch_jobs.private_files import write_private
from luigi.executors.hosting.engine import Parcel

LUGGAGE: Final = "luggage"
NEWS: Final = "news"
OUT: Final = "out"
ERR: Final = "err"
SCRIPT: Final = "job.sh"


class SharedFolder:
    """A new folder below `shared`, for this user alone, with one in it for each array. Raises NoSharedFolder."""

    def __init__(self, shared: str, luggage: bytes) -> None:
        place = os.path.abspath(os.path.expanduser(shared))
        try:
            os.makedirs(place, exist_ok=True)
            self.path = Path(tempfile.mkdtemp(prefix="luigi-slurm-", dir=place))
            write_private(str(self.path / LUGGAGE), luggage)
        except OSError as error:
            raise NoSharedFolder(shared, error) from error
        self._arrays = 0

    def pack(self, parcels: list[Parcel], kernel: str) -> Path:
        """What the jobs of an array need, in a new folder: that of job N is N in it. Raises OSError."""
        self._arrays += 1
        array = self.path / f"array-{self._arrays}"
        array.mkdir(mode=0o700)
        for number, parcel in enumerate(parcels):
            self._pack(array / str(number), parcel)
        (array / SCRIPT).write_text(_script(array, kernel))
        return array

    def _pack(self, folder: Path, parcel: Parcel) -> None:
        folder.mkdir(mode=0o700)
        # They are there before the job is, so that network file systems ask for what is in them: that one is not there
        # is what these remember for a while.
        for name in (NEWS, OUT, ERR):
            write_private(str(folder / name), b"")
        spec = JobSpec(parcel, f"../../{LUGGAGE}", NEWS)
        write_private(str(folder / job_spec.NAME), job_spec.packed(spec))

    def remove(self) -> None:
        """Remove it with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)


def _script(array: Path, kernel: str) -> str:
    """Run by each job of the array."""
    there, program = shlex.quote(str(array)), shlex.quote(kernel or _kernel_here())
    return f'#!/bin/sh\nexec {program} execute-task {there}/"$SLURM_ARRAY_TASK_ID"/{job_spec.NAME}\n'


def _kernel_here() -> str:
    """The `kernel` program that is installed with this process's interpreter."""
    return os.path.join(os.path.dirname(sys.executable), "kernel")
