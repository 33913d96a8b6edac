"""Luggage: what every host of one run needs beside the tasks, and what it must have in common with home."""

from __future__ import annotations

import os
import pickle
import platform
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from luigi.errors import KernelError
from luigi.executors.frames import PROTOCOL
from luigi.executors.hosting.travel import MAIN, by_value, sources

if TYPE_CHECKING:
    from luigi.executors.child_main import Equipment
    from luigi.executors.config import processes
    from luigi.executors.setup import ExecutorSetup


class WrongMachine(KernelError):
    """A machine has another Python or another kernel than the one that the run was started on."""


class CannotPack(KernelError):
    """What plugins and programs put around tasks cannot be sent to another machine."""


class Luggage(NamedTuple):
    """What hosts are sent, once. All but `child` can be read without any module of the program."""

    worker_id: str
    kill_grace: float
    """Seconds, as `[processes]` has it."""
    recycle_after_tasks: int
    child: bytes
    """What each process that runs tasks needs: see `arrive`."""

    def arrive(self) -> Equipment:
        """Make this process one that runs tasks of the run: its configuration, folder and ways to modules."""
        return arrive(self.child)


def packed(setup: ExecutorSetup, config: processes) -> bytes:
    """The luggage for hosts of a run. Raises CannotPack."""
    from luigi.executors.child_main import Equipment
    from luigi.executors.surroundings import Surroundings

    equipment = Equipment(setup.rules, setup.is_complete, setup.run_task, config.recycle_above_mb)
    try:
        things = _pickled(Surroundings.here()), _pickled(equipment)
    except Exception as error:  # what plugins and programs put around steps may be anything
        raise CannotPack(
            f"what is put around steps cannot be sent to another machine: {error}",
            hint="give plugins that can be pickled",
        ) from error
    child = pickle.dumps((os.getcwd(), [*sources()], *things), PROTOCOL)
    inside = Luggage(setup.rules.worker_id, config.kill_grace, config.recycle_after_tasks, child)
    return pickle.dumps((_versions(), pickle.dumps(tuple(inside), PROTOCOL)), PROTOCOL)


def opened(luggage: bytes) -> Luggage:
    """The luggage, on the machine there. Raises WrongMachine."""
    wanted, inside = pickle.loads(luggage)
    here = _versions()
    for what, version in wanted.items():
        if here.get(what) != version:
            raise WrongMachine(
                f"{platform.node()} has {what} {here.get(what)}, and the run was started with {what} {version}",
                hint="tasks travel between machines that have the same: install the same there",
            )
    return Luggage(*pickle.loads(inside))


def arrive(child: bytes) -> Equipment:
    """Make this process one that runs tasks, of `Luggage.child`. Raises ImportError for what is not there."""
    folder, paths, surroundings, equipment = pickle.loads(child)
    if os.path.isdir(folder):
        os.chdir(folder)
    sys.path += [path for path in paths if os.path.isdir(path) and path not in sys.path]
    pickle.loads(surroundings).put_up()
    its: Equipment = pickle.loads(equipment)
    return its


def _versions() -> dict[str, str]:
    from luigi import __version__

    return {"Python": "{}.{}".format(*sys.version_info), "luigi-kernel": __version__}


def _pickled(what: Any) -> bytes:
    """By value what is of the program that was started, or has no importable name."""
    try:
        pickled = pickle.dumps(what, PROTOCOL)
    except Exception:
        return by_value(what, set())
    return by_value(what, set()) if MAIN in pickled else pickled
