"""`kernel history`: what ran, when, for how long, and how it ended; read without a server."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Final

from luigi.cli.usage import UsageError
from luigi.errors import KernelError

if TYPE_CHECKING:
    from luigi.cli.arguments import Arguments
    from luigi.history_reading import HistoryReading

ABOUT = """\
Shows the tasks to which something happened lately, the last first; of one TASK every attempt; with --runs the runs, and
with --run one of them with its attempts. It reads what [task_history] names.
"""
CODES: Final = "exit codes: 0 done, 1 no history, or nothing of that name in it, 2 the command line cannot be read"
USUAL: Final = 50


class NoHistory(KernelError):
    """The configuration names none."""

    def __init__(self) -> None:
        super().__init__("no history is kept here")
        self.hint = "[task_history] local_runs = true and db_connection = sqlite:///history.db keep one"


def main(argv: list[str]) -> int:
    """Do what `argv` says. The exit code. Raises UsageError and KernelError."""
    from luigi.cli.named_task import parted
    from luigi.cli.operating.naming import refuse_option

    asked, rest = parted(argv, _arguments())
    refuse_option(rest, "kernel history")
    if rest and (asked.runs or asked.run is not None):
        raise UsageError("runs are shown, or a TASK", hint="kernel history TASK, kernel history --run N")
    with _opened() as history:
        kind, told, lines = _asked(history, asked, rest)
    from luigi.cli.operating.telling import tell, tell_json

    if asked.json:
        tell_json({kind: told})
    else:
        tell(lines)
    return 0


def _arguments() -> Arguments:
    from luigi.cli.operating.command import TASK, local_arguments

    own = local_arguments("history", "[TASK]", f"{ABOUT}{TASK}", "kernel history --family Load --status FAILED", CODES)
    own.add_argument("--family", metavar="NAME", default="", help="only tasks of this name")
    own.add_argument("--status", metavar="STATUS", default="", help="only what ended so: FAILED; of runs SUCCESS, …")
    own.add_argument("--since", metavar="WHEN", help="12h, 7d, 2026-01-31; of tasks the last day unless given")
    own.add_argument("--runs", action="store_true", help="runs in place of tasks")
    own.add_argument("--run", metavar="N", type=int, help="the run of this number, with its attempts")
    own.add_argument("--limit", metavar="N", type=int, default=USUAL, help=f"at most so many ({USUAL})")
    return own


@contextmanager
def _opened() -> Iterator[HistoryReading]:
    from luigi.configuration import get_config
    from luigi.history_reading import is_kept, reading
    from luigi.plugin_manager import here

    if not is_kept() and not get_config().has_section("task_history"):
        raise NoHistory
    found = reading(here())
    if found is None:
        raise KernelError("the history that is kept here cannot be read", hint="[task_history] kind names another kind")
    with closing(found):
        try:
            yield found
        except OSError as error:
            raise KernelError(f"the history cannot be read: {error}") from error


def _asked(history: HistoryReading, asked: Namespace, rest: list[str]) -> tuple[str, Any, Iterator[str]]:
    """What it is called, what there is of it, and the lines that show it."""
    from luigi.cli.operating import past, past_lines
    from luigi.cli.operating.naming import task_of

    wanted = past.Wanted.of(asked)
    if asked.run is not None:
        run = past.run(history, asked.run, wanted)
        return "run", run, past_lines.of_run(run)
    if asked.runs:
        runs = past.runs(history, wanted)
        return "runs", runs, past_lines.of_runs(runs)
    if rest:
        attempts = past.attempts(history, task_of(rest, past.OfHistory(history), "kernel history"), wanted)
        return "attempts", attempts, past_lines.of_attempts(attempts)
    tasks = past.tasks(history, wanted)
    return "tasks", tasks, past_lines.of_tasks(tasks)
