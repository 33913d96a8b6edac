"""Which task and which run a command line means: people write no more of an id than it takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from luigi.cli.usage import UsageError
from luigi.errors import KernelError, did_you_mean

if TYPE_CHECKING:
    from luigi.rpc.operating import OperatorLine

FEW = 5


class KnowsIds(Protocol):
    """Something that knows tasks."""

    def beginning(self, text: str, limit: int) -> tuple[Sequence[str], int]:
        """The first ids that begin so, in the order of the alphabet, and how many do."""
        ...

    def refuse(self, text: str) -> KernelError:
        """What to raise where none begins so, and no task is named so either."""
        ...


class SeveralTasks(KernelError):
    """The ids of several tasks begin so."""

    def __init__(self, text: str, ids: Sequence[str], total: int) -> None:
        super().__init__(f"the ids of {total} tasks begin with {text!r}")
        self.hint = f"write more of it: {', '.join(ids)}{', …' if total > len(ids) else ''}"


class UnknownOption(UsageError):
    """It is no option of the command, and behind an id there is no parameter of a task."""

    def __init__(self, option: str, program: str) -> None:
        super().__init__(f"unknown option {option}", hint=f"{program} --help shows which there are")


class NoSuchRun(KernelError):
    """No run under way goes by that name."""

    def __init__(self, text: str, known: Sequence[str]) -> None:
        super().__init__(f"no run is under way whose worker is called {text!r}")
        self.hint = did_you_mean(text, known) or "`kernel status` shows the runs"


class SeveralRuns(KernelError):
    """Several runs have that in their worker's id."""

    def __init__(self, text: str, found: Sequence[str]) -> None:
        super().__init__(f"{len(found)} runs have {text!r} in the ids of their workers")
        self.hint = f"write more of it: {', '.join(found[:FEW])}"


class OfScheduler:
    """The tasks that a scheduler knows."""

    def __init__(self, line: OperatorLine) -> None:
        self._line = line

    def beginning(self, text: str, limit: int) -> tuple[Sequence[str], int]:
        """As `KnowsIds`."""
        told = self._line.look("ids", beginning=text, limit=limit)
        return told["ids"], told["total"]

    def refuse(self, text: str) -> KernelError:
        """The server itself says which is the nearest."""
        from luigi.rpc.failures import RPCError

        try:
            self._line.look("tasks", text)
        except RPCError as error:
            return error
        return KernelError(f"the task {text} has just become known", hint="try it again")


def task_of(args: Sequence[str], known: KnowsIds, program: str) -> str:
    """The id of the task that `args` name: an id, the beginning of one, or a task as `kernel run` takes it.

    Raises UsageError without any and for an option that is none, SeveralTasks, and KernelError for a task that
    cannot be had.
    """
    from luigi.cli.named_task import NamesNoTask

    if not args:
        raise NamesNoTask(program)
    if len(args) > 1:
        return _as_run(args, known, program)
    refuse_option(args, program)
    return _begun(args[0], known) or _as_run(args, known, program)


def refuse_option(args: Sequence[str], program: str) -> None:
    """Raise UnknownOption for a single argument that is none of the command's options, and can be no task."""
    if len(args) == 1 and args[0].startswith("-"):
        raise UnknownOption(args[0], program)


def _begun(text: str, known: KnowsIds) -> str | None:
    """The only task whose id begins so: with all of `text`, or with that as a whole part of it."""
    ids, total = known.beginning(text, FEW)
    if total == 1 or text in ids:
        return text if text in ids else ids[0]
    if total:
        parts, number = known.beginning(f"{text}_", FEW)
        if number == 1:
            return parts[0]
        raise SeveralTasks(text, ids, total)
    return None


def _as_run(args: Sequence[str], known: KnowsIds, program: str) -> str:
    from luigi.cli.named_task import in_force
    from luigi.cli.run import UnknownRun

    try:
        with in_force(args, program) as tasks:
            return str(tasks[0].task_id)
    except UnknownRun:
        if len(args) > 1 and _begun(args[0], known):
            raise UnknownOption(args[1], program) from None
        raise known.refuse(args[0]) from None


def run_of(text: str, line: OperatorLine) -> dict[str, Any]:
    """The run under way whose worker's id is, or has in it, `text`. Raises NoSuchRun and SeveralRuns."""
    runs = list(line.pages("runs", "live-runs"))
    found = [run for run in runs if run["worker_id"] == text] or [run for run in runs if text in run["worker_id"]]
    if len(found) > 1:
        raise SeveralRuns(text, [run["worker_id"] for run in found])
    if not found:
        raise NoSuchRun(text, [run["worker_id"] for run in runs])
    return found[0]
