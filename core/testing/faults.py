"""Faults on purpose: tasks that fail, hang, or take their process with them, though nothing is wrong with their code.

run_task(Report(), plugins=[Faults().fail("Load", times=2)], keep_alive=True)
"""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
import threading
from collections.abc import Generator
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from luigi.errors import KernelError
from luigi.hookspecs import Ran, hookimpl

if TYPE_CHECKING:
    from luigi.task import Task

FOREVER = float("inf")


class InjectedFault(Exception):
    """What a task raises for a fault that says nothing else."""


class WouldEndTheTest(KernelError):
    """A task was to take its process with it, and runs in the process of the test."""


class _Fault(NamedTuple):
    number: int
    family: str
    times: float
    error: BaseException | None = None
    done_first: bool = False
    seconds: float = 0
    signal: int = 0
    in_check: bool = False


class Faults:
    """A plugin that makes tasks fail. Each method adds a fault, and gives the same object back.

    `family` is a task family or a pattern (`Load*`), or a task class. `times`: how often, counted over all tasks
    that it fits and all processes of this machine; after that they run as ever. A task with dynamic requirements runs
    in stretches, and each of them counts.
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None) -> None:
        """`folder`: an empty place for the counts; by default a temporary one, removed with this object."""
        self._own = tempfile.TemporaryDirectory(prefix="luigi-faults-") if folder is None else None
        self._folder = self._own.name if self._own else os.fspath(folder or "")
        self._faults: list[_Fault] = []
        self._home = os.getpid()

    def __getstate__(self) -> dict[str, Any]:
        """A copy in another process counts in the same folder, and does not remove it."""
        return {**self.__dict__, "_own": None}

    # --- what is to go wrong -----------------------------------------------------------------------------------

    def fail(
        self,
        family: str | type[Task],
        error: BaseException | None = None,
        *,
        times: float = 1,
        done_first: bool = False,
    ) -> Self:
        """Have the run raise `error`; with `done_first` only after `run()` has done its work."""
        return self._add(family, times, error=error or InjectedFault("a fault on purpose"), done_first=done_first)

    def hang(self, family: str | type[Task], seconds: float = 3600, *, times: float = 1) -> Self:
        """Have the run wait for so many seconds before it begins."""
        return self._add(family, times, seconds=seconds)

    def kill(self, family: str | type[Task], with_signal: int = signal.SIGKILL, *, times: float = 1) -> Self:
        """Have the run end the process it is in. In the process that made this object: WouldEndTheTest instead."""
        return self._add(family, times, signal=with_signal)

    def fail_check(self, family: str | type[Task], error: BaseException | None = None, *, times: float = 1) -> Self:
        """Have the check whether it is complete raise `error`."""
        return self._add(family, times, error=error or InjectedFault("a fault on purpose"), in_check=True)

    def _add(self, family: str | type[Task], times: float, **what: Any) -> Self:
        name = family if isinstance(family, str) else family.get_task_family()
        self._faults.append(_Fault(len(self._faults), name, times, **what))
        return self

    # --- where it goes wrong -----------------------------------------------------------------------------------

    @hookimpl(wrapper=True)
    def luigi_run_task(self, task: Task) -> Generator[None, Ran, Ran]:
        """Around every stretch of a run."""
        due = [fault for fault in self._faults if not fault.in_check and self._is_due(fault, task)]
        for fault in due:
            if not fault.done_first:
                self._strike(fault)
        ran = yield
        for fault in due:
            if fault.done_first:
                self._strike(fault)
        return ran

    @hookimpl(tryfirst=True)
    def luigi_is_complete(self, task: Task) -> None:
        """Before every check."""
        for fault in self._faults:
            if fault.in_check and self._is_due(fault, task):
                self._strike(fault)

    def _strike(self, fault: _Fault) -> None:
        if fault.error is not None:
            raise fault.error
        if fault.signal:
            self._end_this_process(fault.signal)
        threading.Event().wait(fault.seconds)

    def _end_this_process(self, with_signal: int) -> None:
        if os.getpid() == self._home:
            hint = "run it in a process of its own: luigi.build([…], workers=2, plugins=[…])"
            raise WouldEndTheTest("the task runs in the process of the test, which would end with it", hint=hint)
        os.kill(os.getpid(), with_signal)

    def _is_due(self, fault: _Fault, task: Task) -> bool:
        return fnmatchcase(task.task_family, fault.family) and self._count(fault)

    def _count(self, fault: _Fault) -> bool:
        """Whether this is one of the times. Each is a file that only one process can make."""
        if fault.times == FOREVER:
            return True
        for time in range(int(fault.times)):
            with contextlib.suppress(FileExistsError):
                os.close(os.open(f"{self._folder}/{fault.number}-{time}", os.O_CREAT | os.O_EXCL))
                return True
        return False
