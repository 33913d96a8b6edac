"""`kernel graph`: a task and all it requires as a tree, as a drawing, or for other programs. It only looks."""

from __future__ import annotations

import io
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import nullcontext
from typing import TYPE_CHECKING

from luigi.cli.arguments import Arguments

if TYPE_CHECKING:
    from luigi.drawing.picture import Picture
    from luigi.task import Task

PROGRAM = "kernel graph"
ABOUT = """\
Show a task and all it requires. Nothing is run or written, and no scheduler is asked.

The task is named as for `kernel run`: MODULE:TASK --PARAMETER VALUE, or a run of the configuration.
"""
AFTER = """\
exit codes:
  0  the graph is shown
  1  it cannot be had, or complete() or requires() of a task raised (the rest is shown)
  2  the command line cannot be read

example:
  kernel graph --status --format svg shop:Report --day 2013-07-04 > report.svg
"""
FORMATS = ("text", "dot", "mermaid", "svg", "html", "json")
MOST_DRAWN = 500
"""Tasks that are drawn one by one unless asked for otherwise."""


def main(argv: list[str]) -> int:
    """Show the graph that `argv` asks for. The exit code. Raises UsageError and KernelError."""
    from luigi.cli.named_task import read

    own = arguments()
    if {"-h", "--help"} & set(argv):
        own.print_help()
        return 0
    with read(argv, own) as (options, tasks):
        if options.depth is not None and options.depth < 0:
            own.error(f"--depth {options.depth}: not a number of steps")
        picture = _picture(tasks, options)
    shown = _folded_if_wanted(picture, options)
    _as_utf8()
    print("\n".join(_lines(shown, picture, options.format)))
    return int(any(node.problem for node in picture.nodes.values()))


def arguments() -> Arguments:
    """The command's own options."""
    own = Arguments(PROGRAM, ABOUT, add_help=False)
    own.usage = f"{PROGRAM} [OPTION ...] TASK [--PARAMETER VALUE ...]"
    own.epilog = AFTER
    own.add_argument("--format", choices=FORMATS, default="text", help="text unless another is named")
    own.add_argument("--json", action="store_const", const="json", dest="format", help="short for --format json")
    own.add_argument("--status", action="store_true", help="say which tasks are complete, pending, missing or unknown")
    own.add_argument(
        "--collapse", choices=("family", "none"), help=f"fold tasks by family; done by itself above {MOST_DRAWN} tasks"
    )
    own.add_argument("--depth", type=int, metavar="N", help="go no further than N steps")
    own.add_argument(
        "--up", action="append", default=[], metavar="PATTERN", help="only these tasks, and what they require"
    )
    own.add_argument(
        "--down", action="append", default=[], metavar="PATTERN", help="only these tasks, and what waits for them"
    )
    return own


def _picture(tasks: list[Task], options: Namespace) -> Picture:
    from luigi.cli.explaining.looking import checking, looking
    from luigi.drawing.looking import Part, picture_of

    part = Part(options.depth, options.up, options.down)
    with looking() as plugins, checking(plugins) if options.status else nullcontext() as checks:
        return picture_of(tasks, part, checks)


def _folded_if_wanted(picture: Picture, options: Namespace) -> Picture:
    """A program gets what there is, people what can be looked at, unless they say otherwise."""
    is_large = len(picture.nodes) > MOST_DRAWN and options.format != "json"
    if options.collapse == "none" or not (options.collapse or is_large):
        return picture
    from luigi.drawing.folding import folded

    if not options.collapse:
        print(f"{picture.tasks:,} tasks, folded by family; --collapse none shows each", file=sys.stderr)
    return folded(picture)


def _lines(shown: Picture, tasks: Picture, form: str) -> Iterator[str]:
    if form == "text":
        return _text(shown)
    if form == "html":
        from luigi.drawing import pages

        return pages.lines(shown, tasks)
    from importlib import import_module

    rooms = {"dot": "dots", "mermaid": "mermaids", "svg": "svgs", "json": "documents"}
    lines: Iterator[str] = import_module(f"luigi.drawing.{rooms[form]}").lines(shown)
    return lines


def _as_utf8() -> None:
    """Files are UTF-8 wherever they are made, as they say themselves; what that cannot write is escaped."""
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")


def _text(shown: Picture) -> Iterator[str]:
    from luigi.cli.complain import coloured
    from luigi.drawing import texts
    from luigi.drawing.colours import on_terminal

    yield from texts.lines(shown, on_terminal) if coloured(sys.stdout) else texts.lines(shown)
    counts = "".join(f", {count:,} {status}" for status, count in shown.counts().items())
    yield f"{shown.tasks:,} {'task' if shown.tasks == 1 else 'tasks'}{counts}"
