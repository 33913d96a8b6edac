"""Luggage: what every host of one run needs beside the tasks, and what it must have in common with home."""

from __future__ import annotations

import logging
import os
import pickle
import platform
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from luigi.errors import KernelError
from luigi.executors.frames import PROTOCOL
from luigi.executors.hosting.travel import MAIN, by_value, is_own, sources

if TYPE_CHECKING:
    from luigi.executors.child_main import Equipment
    from luigi.executors.config import processes
    from luigi.executors.setup import ExecutorSetup

logger = logging.getLogger("luigi-interface")


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
    child = pickle.dumps((os.getcwd(), [*sources()], *things, [*_handlers()]), PROTOCOL)
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
    folder, paths, surroundings, equipment, handlers = pickle.loads(child)
    if os.path.isdir(folder):
        os.chdir(folder)
    sys.path += [path for path in paths if os.path.isdir(path) and path not in sys.path]
    pickle.loads(surroundings).put_up()
    its: Equipment = pickle.loads(equipment)
    for handler in handlers:
        _handle(handler)
    return its


def _handlers() -> Iterator[bytes]:
    """Each handler of events that the program itself has set: those of modules are set where these are imported."""
    from luigi.task import Task

    for cls, of_events in list(Task._event_callbacks.items()):
        if cls.__module__ != "__main__" and is_own(cls.__module__):
            continue
        for event, callback in [(event, callback) for event, those in of_events.items() for callback in those]:
            if getattr(callback, "__module__", "") == "__main__":
                try:
                    yield by_value((cls, event, callback), set())
                except Exception as error:  # it may hold anything
                    text = "the handler %r of %s is not called for tasks that run on other machines: %s"
                    logger.warning(text, callback, event, error)


def _handle(handler: bytes) -> None:
    """Set a handler of the program's here, too."""
    try:
        cls, event, callback = pickle.loads(handler)
    except (ImportError, AttributeError) as error:
        logger.warning("a handler of events is not called here: %s", error)
    else:
        cls.event_handler(event)(callback)


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
