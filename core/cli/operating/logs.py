"""`kernel logs`: what a task printed: stdout, stderr, logging, and the programs it started; attempt by attempt."""

from __future__ import annotations

import sys
from argparse import Namespace
from contextlib import AbstractContextManager, contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from luigi.cli.usage import UsageError
from luigi.errors import KernelError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from luigi.cli.operating.log_reading import Source
    from luigi.clock import Clock

ABOUT = """\
Shows what a task printed and logged, and the programs it started: of its newest attempt, or of another. With -f what it
prints from now on too, until it ends. A server has it of the runs that asked it; where none is named, it is what
`kernel run` has kept on this machine.
"""
CODES: Final = "exit codes: 0 done, 1 nothing is known of the task or the attempt, 2 the command line cannot be read"


class NoSuchAttempt(KernelError):
    """There are not so many attempts."""

    def __init__(self, number: int, task_id: str, attempts: int) -> None:
        super().__init__(f"{task_id} has no attempt {number}")
        there_are = f"there are 1 to {attempts}, the newest" if attempts > 1 else "there is one" if attempts else "none"
        self.hint = f"{there_are}; older ones may have been removed"


class NoAttempts(KernelError):
    """The task is known, and has not run, as far as is known here."""

    def __init__(self, task_id: str) -> None:
        super().__init__(f"nothing is kept of {task_id}: it has not run here lately")
        self.hint = "-f waits until it does; `kernel explain` says why a scheduler does not run it"


def main(argv: list[str]) -> int:
    """Do what `argv` says. The exit code. Raises UsageError and KernelError."""
    from luigi.cli.named_task import parted
    from luigi.cli.operating.command import TASK, arguments
    from luigi.cli.operating.naming import task_of
    from luigi.clock import SYSTEM

    own = arguments("logs", "TASK", f"{ABOUT}{TASK}", "kernel logs -f Load_2013_07_04", CODES)
    own.add_argument("-f", "--follow", action="store_true", help="go on until the attempt ends")
    own.add_argument("--attempt", metavar="N", type=int, help="1 is the oldest that is known (default: the newest)")
    own.add_argument("--local", action="store_true", help="what was kept on this machine, whatever [core] says")
    asked, rest = parted(argv, own)
    if asked.follow and asked.json:
        raise UsageError("--json is one document, and --follow has no end", hint="leave one of them out")
    with _source(asked) as source:
        return _show(source, task_of(rest, source.known, own.prog), asked, SYSTEM)


def _show(source: Source, task_id: str, asked: Namespace, clock: Clock) -> int:
    from luigi.cli.operating.log_reading import pages
    from luigi.cli.operating.telling import tell_json

    chosen = None if asked.attempt is None else _chosen(source.log(task_id, None, 0), asked.attempt, task_id)
    read = pages(source, task_id, chosen, clock if asked.follow else None)
    first = next(read)
    if not first["attempts"] and not asked.follow:
        raise NoAttempts(task_id)
    if asked.json:
        tell_json({"task_id": task_id, **_together([first, *read])})
        return 0
    for page in chain([first], read):
        _print(page)
    return 0


def _chosen(first: dict[str, Any], number: int, task_id: str) -> int:
    """What the source calls the attempt of that number."""
    attempts = first["attempts"][::-1]
    if not 1 <= number <= len(attempts):
        raise NoSuchAttempt(number, task_id, len(attempts))
    return int(attempts[number - 1]["attempt"])


def _together(pages: list[dict[str, Any]]) -> dict[str, Any]:
    last = pages[-1]
    return {
        "attempt": last["attempt"],
        "attempts": last["attempts"],
        "pieces": [piece for page in pages for piece in page["pieces"]],
        "ended": last["ended"],
        "lost": sum(page["lost"] for page in pages),
    }


def _print(page: dict[str, Any]) -> None:
    if page["lost"]:
        sys.stdout.flush()
        print(f"… about {page['lost']} bytes are missing here …", file=sys.stderr)
    encoding = sys.stdout.encoding or "utf-8"
    for piece in page["pieces"]:
        sys.stdout.write(piece["text"].encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()


def _source(asked: Namespace) -> AbstractContextManager[Source]:
    from luigi.cli.run_defaults import is_scheduled_here

    is_here = asked.local or (not asked.scheduler_url and is_scheduled_here([]))
    return _here() if is_here else _at_server(asked)


@contextmanager
def _here() -> Iterator[Source]:
    from luigi.cli.operating.log_reading import Source
    from luigi.output.kept.of_runs import KeptByRuns, folder
    from luigi.worker.config import worker

    found = KeptByRuns(folder(worker()))
    yield Source(found.log, found)


@contextmanager
def _at_server(asked: Namespace) -> Iterator[Source]:
    from luigi.cli.operating.command import speaking
    from luigi.cli.operating.log_reading import Source
    from luigi.cli.operating.naming import OfScheduler

    with speaking(asked) as line:

        def log(task_id: str, attempt: int | None, after: int) -> dict[str, Any]:
            return line.look("tasks", task_id, "log", attempt=attempt, after=after or None)

        yield Source(log, OfScheduler(line))
