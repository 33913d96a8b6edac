"""`kernel resources`: what tasks share, who holds and who waits for it; and how much there is, to be set."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from luigi.errors import KernelError, did_you_mean

if TYPE_CHECKING:
    from luigi.rpc.operating import OperatorLine

ABOUT = """\
Shows what tasks share, how much of it is in use, and how many wait for it. With NAME this one, and who holds it; with
LIMIT it sets how much there is: 4, or a rate such as 10/minute. Of a rate 4 sets the amount alone. That holds until
[resources] of the server's configuration says something else.
"""


class NoSuchResource(KernelError):
    """No task asks for it, and nobody said how much there is of it."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"the scheduler knows no resource {name!r}")
        self.hint = did_you_mean(name, known) or f"there are: {', '.join(known) or 'none'}"


def main(argv: list[str]) -> int:
    """Do what `argv` says. The exit code. Raises UsageError and KernelError."""
    from luigi.cli.operating.command import arguments, speaking

    own = arguments("resources", "[NAME [LIMIT]]", ABOUT, "kernel resources database 4")
    own.add_argument("name", metavar="NAME", nargs="?", help="of a resource")
    own.add_argument("limit", metavar="LIMIT", nargs="?", type=_limit_said, help="how much there is to be of it")
    asked = own.parse_args(argv)
    with speaking(asked) as line:
        return _set(line, asked) if asked.limit is not None else _show(line, asked)


def _limit_said(text: str) -> tuple[int, str]:
    """An amount, and what it is per; that is empty where it does not say."""
    from luigi.resource_limits import Limit, per, read_limit

    try:
        limit = read_limit(text)
    except ValueError:
        limit = Limit(-1)
    if limit.amount < 0:
        raise ArgumentTypeError(f"{text!r} is neither a whole number nor a rate such as 10/minute")
    return limit.amount, per(limit.window).removeprefix("/")


def _set(line: OperatorLine, asked: Namespace) -> int:
    from luigi.cli.operating.telling import tell_json

    amount, per = asked.limit
    told = line.order("resources", asked.name, method="PUT", limit=amount, **({"per": per} if per else {}))
    if asked.json:
        tell_json(told)
    else:
        print(f"{told['name']}: there are {_limit(told)} of it now")
    return 0


def _show(line: OperatorLine, asked: Namespace) -> int:
    from luigi.cli.operating.telling import tell, tell_json

    rows = list(line.pages("resources", "resources"))
    chosen = [row for row in rows if asked.name in (None, row["name"])]
    if asked.name and not chosen:
        raise NoSuchResource(asked.name, [row["name"] for row in rows])
    if asked.json:
        tell_json({"resources": chosen})
    else:
        tell(_lines(chosen, whole=bool(asked.name)))
    return 0


def _limit(row: dict[str, Any]) -> str:
    """How much there is; of a rate also within what time."""
    from luigi.resource_limits import per

    return f"{row['limit']}{per(row.get('window'))}"


def _lines(rows: Sequence[dict[str, Any]], whole: bool) -> Iterator[str]:
    from luigi.cli.operating.telling import ago, table
    from luigi.clock import SYSTEM

    told = [(row["name"], row["used"], _limit(row), row["waiting"]) for row in rows]
    yield from table(("RESOURCE", "IN USE", "OF", "WAITING"), told)
    if not rows:
        yield "no resources"
    now = SYSTEM.now()
    holders = [one for row in rows if whole for one in row["holders"]]
    if holders:
        yield ""
        held = [(one["task_id"], one["amount"], ago(one["since"], now), one["worker"]) for one in holders]
        yield from table(("HELD BY", "AMOUNT", "SINCE", "WORKER"), held)
