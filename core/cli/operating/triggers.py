"""`kernel triggers`: what a server starts by itself: when, how it went, to be held, and to be run now."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from luigi.cli.arguments import Arguments
    from luigi.rpc.operating import OperatorLine

ABOUT = """\
list                 every trigger: when it is due next, and how the last run went
next [NAME]          when one is due, or all of them, and with which parameters
run NAME ...         fire now; the time-table stays as it is
pause NAME ...       fire no more, until unpaused
unpause NAME ...     fire again; what was due meanwhile is not made up for

Triggers are sections [trigger.NAME] of the server's configuration.
"""
USUAL: Final = 5
MOST: Final = 100


def main(argv: list[str]) -> int:
    """Do what `argv` says. The exit code. Raises UsageError and KernelError."""
    from luigi.cli.operating.command import speaking
    from luigi.cli.operating.telling import tell, tell_json

    own = _arguments()
    asked = own.parse_args(argv)
    _refuse_wrong_names(own, asked)
    with speaking(asked) as line:
        told, lines = ACTS[asked.act](line, asked)
    if asked.json:
        tell_json(told)
    else:
        tell(lines)
    return 0


def _arguments() -> Arguments:
    from luigi.cli.operating.command import arguments

    own = arguments("triggers", "[list|next|run|pause|unpause] [NAME ...]", ABOUT, "kernel triggers next nightly")
    own.add_argument("act", choices=tuple(ACTS), nargs="?", default="list", help="what to do (list)")
    own.add_argument("names", metavar="NAME", nargs="*", help="of a trigger")
    own.add_argument("--count", metavar="N", type=int, default=USUAL, help=f"with next: so many times ({USUAL})")
    return own


def _refuse_wrong_names(own: Arguments, asked: Namespace) -> None:
    if asked.act == "list" and asked.names:
        own.error(f"list takes no names: kernel triggers next {asked.names[0]}")
    if asked.act == "next" and len(asked.names) > 1:
        own.error("next takes one name, or none for all of them")
    if asked.act in ORDERS and not asked.names:
        own.error(f"{asked.act} needs the name of a trigger")
    if not 1 <= asked.count <= MOST:
        own.error(f"--count {asked.count}: it is from 1 to {MOST}")


# --- looking ---------------------------------------------------------------------------------------------------------

Told = tuple[Mapping[str, Any], Iterator[str]]
"""What there is to say, and the lines that say it."""


def _list(line: OperatorLine, asked: Namespace) -> Told:
    rows = list(line.pages("triggers", "triggers"))
    return {"triggers": rows}, _lines(rows)


def _lines(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    from luigi.cli.operating.telling import moment, table

    heads = "TRIGGER", "TASK", "WHEN", "ZONE", "NEXT", "LAST RUN", "HOW IT WENT"
    told = [
        (row["name"], row["family"], row["when"], row["timezone"], _next(row), moment(row["last_began"]), _went(row))
        for row in rows
    ]
    yield from table(heads, told)
    if not rows:
        yield "no triggers: they are sections [trigger.NAME] of the server's configuration"


def _next(row: Mapping[str, Any]) -> str:
    from luigi.cli.operating.telling import moment

    return "paused" if row["paused"] else moment(row["next"]) or "never"


def _went(row: Mapping[str, Any]) -> str:
    """How the last run ended, or that it goes on, and what waits for that."""
    how = row["last_status"] or ("goes on" if row["last_submission"] else "")
    return f"{how}, {row['waiting']} waiting" if row["waiting"] else how


def _coming(line: OperatorLine, asked: Namespace) -> Told:
    names = asked.names or [row["name"] for row in line.pages("triggers", "triggers")]
    answers = [line.look("triggers", name, "coming", count=asked.count) for name in names]
    found = [{"name": answer["name"], **one} for answer in answers for one in answer["coming"]]
    chosen = sorted(found, key=lambda one: (one["fires"], one["name"]))[: asked.count]
    return {"coming": chosen}, _coming_lines(chosen)


def _coming_lines(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    from luigi.cli.operating.telling import moment, table

    told = [(row["name"], row["local"], moment(row["fires"]), _params(row["params"])) for row in rows]
    yield from table(("TRIGGER", "DUE", "FIRES HERE AT", "PARAMETERS"), told)
    if not rows:
        yield "nothing is due"


def _params(params: Mapping[str, str]) -> str:
    return " ".join(f"{name}={value}" for name, value in params.items())


# --- ordering --------------------------------------------------------------------------------------------------------


def _run(line: OperatorLine, asked: Namespace) -> Told:
    told = [{"name": name, **line.once("triggers", name, "run")} for name in asked.names]
    return {"fired": told}, (f"{one['name']}: {_fired(one)}" for one in told)


def _fired(one: Mapping[str, Any]) -> str:
    told = BECAME.get(one["outcome"], f"is {one['outcome']}")
    return told if one["outcome"] == "skipped" else f"{one['submission']} {told}"


def _held(order: str, words: str) -> Callable[[OperatorLine, Namespace], Told]:
    def give(line: OperatorLine, asked: Namespace) -> Told:
        told = [line.order("triggers", name, order) for name in asked.names]
        return {"triggers": told}, (f"{one['name']} {words}" for one in told)

    return give


BECAME: Final[Mapping[str, str]] = {
    "queued": "is submitted when what it fired before has ended",
    "skipped": "nothing is submitted, since what it fired before goes on",
    "replaced": "is submitted, and what it fired before is cancelled",
}
"""What became of a firing, in words."""

ORDERS: Final = ("run", "pause", "unpause")

ACTS: Final[Mapping[str, Callable[[OperatorLine, Namespace], Told]]] = {
    "list": _list,
    "next": _coming,
    "run": _run,
    "pause": _held("pause", "is paused"),
    "unpause": _held("unpause", "fires again"),
}
"""What can be asked, each as the words behind `kernel triggers`."""
