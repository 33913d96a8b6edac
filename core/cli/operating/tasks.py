"""`kernel tasks`: the tasks that a scheduler knows, or with `list` and `show` those of a module."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from math import inf
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from luigi.cli.arguments import Arguments
    from luigi.rpc.operating import OperatorLine

ABOUT = """\
Shows tasks that the scheduler knows, those that changed last first.

kernel tasks list --module MODULE   shows the tasks that a module defines
kernel tasks show TASK              shows a task's parameters and what is said of them
"""
USUAL: Final = 50
WINDOW: Final = 100


def main(argv: list[str]) -> int:
    """Do what `argv` says. The exit code. Raises UsageError and KernelError."""
    if argv and argv[0] in ("list", "show"):
        return _described(argv[0], argv[1:])
    from luigi.cli.operating.command import speaking
    from luigi.cli.operating.telling import tell, tell_json

    asked = _arguments().parse_args(argv)
    with speaking(asked) as line:
        rows, total = _rows(line, asked)
    if asked.json:
        tell_json({"tasks": rows, "total": total})
    else:
        tell(_lines(rows, total))
    return 0


def _described(act: str, argv: list[str]) -> int:
    from luigi.cli.describing import task_list, task_page

    return task_list.main(argv) if act == "list" else task_page.main(argv)


def _arguments() -> Arguments:
    from luigi.cli.operating.command import arguments

    own = arguments("tasks", "[list | show]", ABOUT, "kernel tasks --status FAILED,DISABLED --family Load")
    own.add_argument("--status", metavar="STATUS", default="", help="any of these, with commas: FAILED,DISABLED")
    own.add_argument("--family", metavar="NAME", default="", help="exactly this one; with a dot at its end, all below")
    own.add_argument("--search", metavar="WORDS", default="", help="words in its name; day=2026-*: a parameter's value")
    own.add_argument("--run", metavar="WORKER", default="", help="what the worker of this id wants or can run")
    own.add_argument("--resource", metavar="NAME", default="", help="those that ask for some of it, or hold some")
    own.add_argument("--sort", metavar="COLUMN", default="", help="changed, name, status, started, failures, …")
    own.add_argument("--order", choices=("asc", "desc"), help="each column has a usual one")
    own.add_argument("--limit", metavar="N", type=int, default=USUAL, help=f"at most so many ({USUAL}); 0 for all")
    return own


def _rows(line: OperatorLine, asked: Namespace) -> tuple[Sequence[dict[str, Any]], int]:
    """The rows that are wanted, window by window, and how many match."""
    narrowed = {name: getattr(asked, name) for name in ("status", "family", "search", "run", "resource", "sort")}
    most = asked.limit if asked.limit > 0 else inf
    found: list[dict[str, Any]] = []
    while True:
        limit = int(min(WINDOW, most - len(found)))
        window = line.look("table", **narrowed, order=asked.order, offset=len(found) or None, limit=limit)
        found += window["tasks"]
        if not window["tasks"] or len(found) >= min(most, window["total"]):
            return found, window["total"]


def _lines(rows: Sequence[dict[str, Any]], total: int) -> Iterator[str]:
    from luigi.cli.operating.telling import ago, number_of, table
    from luigi.clock import SYSTEM

    now = SYSTEM.now()
    shown = [(row["task_id"], row["status"], ago(row["updated"], now), row["name"]) for row in rows]
    yield from table(("TASK", "STATUS", "CHANGED", "NAME"), shown)
    if len(rows) < total:
        yield f"{number_of(total, 'task')} in all, {len(rows)} shown: --limit 0 shows all"
    elif not rows:
        yield "no such tasks"
