"""`kernel submissions`: the runs that no process stands for, how far they are, and how they ended; or wait for one."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from luigi.errors import KernelError, did_you_mean
from luigi.interfaces import Question

if TYPE_CHECKING:
    from luigi.rpc.operating import OperatorLine

ABOUT: Final = "Shows what was submitted and how far it is; of one submission, how its tasks stand."
CODES: Final = """\
exit codes: 0 of one: it went well, or goes on; 1 it did not go well, or the scheduler cannot be asked; 2 the command
line cannot be read; 20 data it needs is missing; 30 a task failed; 35 a part of it could not be planned"""
ENDS: Final[Mapping[str, int]] = {
    "": 0,
    "SUCCESS": 0,
    "SUCCESS_WITH_RETRY": 0,
    "MISSING_EXT": 20,
    "FAILED": 30,
    "FAILED_AND_SCHEDULING_FAILED": 30,
    "SCHEDULING_FAILED": 35,
}
"""How a submission ended, as exit codes: those of a run. 1 for any other end."""
LOOK: Final = 1.0
"""Seconds between two looks at one that is waited for."""


class NoSuchSubmission(KernelError):
    """Nothing was submitted under that id, or it ended long ago."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"there is no submission {name!r}")
        ended = "what ended a while ago is in `kernel history`"
        self.hint = did_you_mean(name, known) or f"`kernel submissions` lists them; {ended}"


def main(argv: list[str]) -> int:
    """Do what `argv` says. The exit code. Raises UsageError and KernelError."""
    from luigi.cli.operating.command import arguments, speaking
    from luigi.cli.operating.telling import tell, tell_json

    own = arguments("submissions", "[ID]", ABOUT, "kernel submissions --wait run-Report-20130704T060000-1f0c8a", CODES)
    own.add_argument("id", nargs="?", metavar="ID", help="one of them")
    own.add_argument("--wait", action="store_true", help="return when it has ended")
    asked = own.parse_args(argv)
    if asked.wait and not asked.id:
        own.error("--wait needs an ID")
    with speaking(asked) as line:
        found = [_one(line, asked)] if asked.id else _all(line)
    if asked.json:
        tell_json(found[0] if asked.id else {"submissions": found})
    else:
        tell(_lines(found[0]) if asked.id else _table(found))
    return ENDS.get(found[0]["status"], 1) if asked.id else 0


def _all(line: OperatorLine) -> list[dict[str, Any]]:
    return list(line.view(Question("submissions")))


def _one(line: OperatorLine, asked: Namespace) -> dict[str, Any]:
    from luigi.clock import SYSTEM

    told = _found(line, asked.id)
    while asked.wait and told["settled"] is None:
        SYSTEM.sleep(LOOK)
        told = _found(line, asked.id)
    return told


def _found(line: OperatorLine, name: str) -> dict[str, Any]:
    told: dict[str, Any] | None = line.view(Question("submission", name))
    if told is None:
        raise NoSuchSubmission(name, [one["id"] for one in _all(line)])
    return told


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    from luigi.cli.operating.telling import counted, moment, shown

    yield f"{shown(told['name'] or told['id'])}: {_state(told)}"
    yield f"  submitted {moment(told['since'])}{' by ' + shown(told['by']) if told['by'] else ''}"
    yield f"  tasks: {counted(told['counts'])}"
    roots = told["roots"]
    if roots["total"] > 1:
        held = f", {roots['held']} held until others end" if roots["held"] else ""
        yield f"  asked for: {roots['total']}, {roots['done']} done, {roots['failed']} failed{held}"


def _table(submissions: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    from luigi.cli.operating.telling import ago, table
    from luigi.clock import SYSTEM

    rows = [
        (
            one["kind"],
            one["roots"]["done"],
            one["roots"]["total"],
            _state(one),
            ago(one["since"], SYSTEM.now()),
            one["id"],
        )
        for one in submissions
    ]
    yield from table(("KIND", "DONE", "OF", "STATE", "BEGAN", "ID"), rows)
    if not rows:
        yield "nothing was submitted"


def _state(told: Mapping[str, Any]) -> str:
    return str(told["status"] or "under way").lower().replace("_", " ")
