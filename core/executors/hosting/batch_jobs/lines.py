"""News of a job as lines of JSON: what it says, and what is made of that at home."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from luigi.errors import KernelError
from luigi.executors.hosting.engine import Ended, News, NotThere, Said
from luigi.interfaces import Answer, Progress

if TYPE_CHECKING:
    from luigi.interfaces import Outcome

FORMAT: Final = 1
"""Of the lines; home and job are of one version of the kernel, and this says so when they are not."""


class Began(NamedTuple):
    """A job has begun. No news to an executor: an engine says by it where the job was, should it be lost."""

    token: int
    where: str
    """The machine."""


class Unreadable(KernelError):
    """A line is none that a job says."""

    def __init__(self, why: object) -> None:
        super().__init__(f"what a job says of its task cannot be read: {why}")


def began(where: str) -> bytes:
    """The first line."""
    return _line("began", where=where)


def said(one: Progress | Answer) -> bytes:
    """The line for something that a task says to the scheduler."""
    return _line(type(one).__name__.casefold(), **_plain(one))


def ended(outcome: Outcome, wanted: Sequence[Mapping[str, Any]]) -> bytes:
    """The line for the end of an attempt; `wanted` are its new requirements, described."""
    return _line(
        "ended",
        status=outcome.status,
        explanation=outcome.explanation,
        missing=list(outcome.missing),
        seconds=outcome.seconds,
        retriable=outcome.retriable,
        wanted=list(wanted),
    )


def died(status: str, explanation: str, event: str | None) -> bytes:
    """The line for an attempt that was ended from outside, or whose process died."""
    return _line("ended", status=status, explanation=explanation, event=event)


def not_there(module: str, why: str) -> bytes:
    """The line for a module that cannot be imported there, or is another one."""
    return _line("not_there", module=module, why=why)


def heard(line: bytes, token: int) -> News | Began:
    """What a line says of the job with this token. Raises Unreadable, and RequirementStays."""
    try:
        found = json.loads(line)
        if found.pop("format") != FORMAT:
            raise Unreadable("it is of another version of luigi-kernel")
        make = _MADE[found.pop("kind")]
        return make(token, **found)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(repr(error)) from error


def _line(kind: str, **fields: Any) -> bytes:
    return json.dumps({"format": FORMAT, "kind": kind, **fields}).encode() + b"\n"


def _plain(one: Progress | Answer) -> dict[str, Any]:
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in one._asdict().items()}


def _progress(token: int, /, **fields: Any) -> Said:
    return Said(token, Progress(**fields))


def _answer(token: int, /, **fields: Any) -> Said:
    return Said(token, Answer(**fields))


def _ended(token: int, status: str, wanted: Sequence[Mapping[str, Any]] = (), **fields: Any) -> Ended:
    return Ended(token, status, wanted=_packed(wanted) if wanted else None, **fields)


def _packed(wanted: Sequence[Mapping[str, Any]]) -> bytes:
    from luigi.executors.hosting.batch_jobs.requirements import made
    from luigi.executors.parcels import pack_wanted

    return pack_wanted(made(wanted))


_MADE: Final[Mapping[str, Callable[..., News | Began]]] = {
    "began": Began,
    "progress": _progress,
    "answer": _answer,
    "ended": _ended,
    "not_there": NotThere,
}
