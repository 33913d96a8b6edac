"""The options of `kernel run` itself. Everything else on its command line is a flag, as `luigi` has them."""

from __future__ import annotations

from argparse import Action, Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING

from luigi.cli.arguments import Arguments

if TYPE_CHECKING:
    from luigi.redo.forcing import Forcing

PATTERN = "PATTERN"


def options() -> Arguments:
    """What reads them: see `luigi.cli.named_task.parted`."""
    own = Arguments("kernel run", add_help=False)
    own.usage = "kernel run [OPTION ...] MODULE:TASK [--PARAMETER VALUE ...]; --help shows the options"
    add_forcing(own)
    own.add_argument("--dry-run", action="store_true", help="run nothing: say what would run and why, as kernel plan")
    add_conduct(own)
    add_place(own)
    add_reports(own)
    add_submitting(own)
    return own


def add_conduct(own: Arguments) -> None:
    """The options that say how a run goes on when something goes wrong."""
    own.add_argument(
        "--keep-going",
        action="store_false",
        dest="fail_fast",
        default=None,
        help="run all that does not require what failed, as it is unless [worker] fail_fast is set",
    )
    own.add_argument(
        "--fail-fast", action="store_true", default=None, help="begin nothing more once a task failed; finish what runs"
    )
    own.add_argument(
        "--deadline", metavar="TIME", help="tell people if what is run is not done within so long: 90, 2h, PT30M"
    )
    own.add_argument(
        "--strict",
        action="store_true",
        help="a task that ran and is not complete has failed; configuration that nobody reads is an error",
    )
    own.add_argument(
        "--pdb", action="store_true", help="open the debugger where a task raises; tasks run here, one at a time"
    )


def add_place(own: Arguments) -> None:
    """The option that says more of where tasks run than the flag `--executor`, which is a run's as ever."""
    own.add_argument(
        "--executor-option",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="an option of the executor's section for this run: address=tcp://…; may be repeated",
    )


def add_reports(own: Arguments) -> None:
    """The options that tell of a run when it is over."""
    own.add_argument(
        "--summary",
        nargs=2,
        action="append",
        default=[],
        metavar=("FORMAT", "FILE"),
        help="write what came of each task, also of a run that failed, into FILE, or - for stdout: "
        "json, junit or markdown; may be repeated",
    )
    own.add_argument(
        "--profile", nargs="?", const=True, metavar="[=FILE]", help="say where the time went; as JSON into FILE, too"
    )


def add_submitting(own: Arguments) -> None:
    """The options that have workers of pools run the task."""
    own.add_argument(
        "--submit", action="store_true", help="plan here, hand it to the server for workers of pools, and leave"
    )
    own.add_argument("--queue", default="", help="with --submit: the queue of tasks that name none themselves")
    own.add_argument(
        "--label", action="append", default=[], help="with --submit: what workers must have; may be repeated"
    )


def add_forcing(own: Arguments) -> None:
    """The options that have complete tasks done again."""
    own.add_argument(
        "--force", action="append", default=[], metavar=PATTERN, help="do these tasks again: Load, Load*, Load(day=…)"
    )
    own.add_argument(
        "--force-upstream", action="append", default=[], metavar=PATTERN, help="these, and all they require"
    )
    own.add_argument(
        "--force-downstream", action="append", default=[], metavar=PATTERN, help="these, and all that wait for them"
    )


def forcing_of(asked: Namespace) -> Forcing:
    """What those options say."""
    from luigi.redo.forcing import Forcing

    return Forcing(asked.force, asked.force_upstream, asked.force_downstream)


def help_lines() -> Iterator[str]:
    """Each option with its meaning, as the help of a run shows flags."""
    from luigi.cli.layout import option_lines

    for action in options()._actions:
        yield from option_lines(_name(action), action.help or "")


def _name(action: Action) -> str:
    """The option as it is written, with its values."""
    values = [action.metavar] if isinstance(action.metavar, str) else list(action.metavar or ())
    return ("" if action.nargs == "?" else " ").join([action.option_strings[-1], *values])
