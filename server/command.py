"""`kernel serve`, which is also `luigid`: the scheduler's server, from a command line and the section `[server]`."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import Field, fields, replace
from typing import TYPE_CHECKING, Any, get_type_hints

from luigi.cli.arguments import Arguments
from luigi.cli.usage import UnknownFlag, UsageError
from luigi.configuration import get_config
from luigi.plugin_settings import configured
from luigi.server.config import SECTION, ServerSettings

if TYPE_CHECKING:
    from argparse import Namespace

ABOUT = "The scheduler's server: workers on any machine share it, and pages show what they do."


def main(argv: list[str]) -> int:
    """Serve until SIGTERM or SIGINT; gives the exit code.

    Raises UsageError for a command line that cannot be read, KernelError for what cannot be had.
    """
    given = _read(argv)
    settings = settings_of(given)
    _have_state_kept_at(given.state_path)
    from luigi.pid_file import refuse_second
    from luigi.server.http.listening import sockets

    refuse_second(given.pidfile)
    listening = sockets(settings)
    with _process(given) as well_begun:
        from luigi.server.open_house import serve
        from luigi.setup_logging import DaemonLogging

        DaemonLogging.setup(given)
        serve(settings, listening, well_begun=well_begun)
    return 0


def _read(argv: list[str]) -> Namespace:
    """As argparse does, but a flag that there is not is told with the nearest that there is."""
    parser = arguments()
    given, rest = parser.parse_known_args(argv)
    if not rest:
        return given
    if not rest[0].startswith("-"):
        raise UsageError(f"unexpected argument {rest[0]!r}", hint="a value stands behind its flag: --port 8082")
    raise UnknownFlag(rest[0].partition("=")[0], re.findall(r"--[a-z-]+", parser.format_usage()))


def arguments() -> Arguments:
    """What may be said: every option of `[server]` that is no secret, and how the process is to live."""
    parser = Arguments(_program(), ABOUT)
    process = parser.add_argument_group("the process")
    process.add_argument("--background", action="store_true", help="go on in the background")
    process.add_argument("--pidfile", metavar="PATH", help="where to write the process's id; removed at the end")
    process.add_argument("--logdir", metavar="FOLDER", help="log to FOLDER/luigi-server.log instead of the terminal")
    process.add_argument("--state-path", metavar="PATH", help="where the scheduler's state is: [scheduler] state_path")
    options = parser.add_argument_group(f"options of [{SECTION}]")
    hints = get_type_hints(ServerSettings)
    for one in fields(ServerSettings):
        if not one.metadata["secret"]:
            _add(options, one, hints[one.name])
    return parser


def settings_of(given: Namespace) -> ServerSettings:
    """What the configuration says, and the command line above it. Raises ConfigurationError."""
    said = configured(ServerSettings, SECTION)
    named = {one.name: getattr(given, one.name, None) for one in fields(ServerSettings)}
    return replace(said, **{name: value for name, value in named.items() if value is not None})


def _program() -> str:
    return "luigid" if os.path.basename(sys.argv[0]) == "luigid" else "kernel serve"


def _add(options: Any, one: Field[Any], hint: Any) -> None:
    flag = f"--{one.name.replace('_', '-')}"
    help = str(one.metadata["help"]).replace("%", "%%")
    if hint is bool:
        options.add_argument(flag, action="store_true", default=None, help=help)
        return
    shown = "" if one.default in ("", ()) else f" (default: {one.default})"
    kind: Callable[[str], Any] = hint if isinstance(hint, type) else _texts
    options.add_argument(flag, type=kind, metavar=one.name.rpartition("_")[2].upper(), help=help + shown)


def _texts(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _have_state_kept_at(path: str | None) -> None:
    if path:
        get_config().set("scheduler", "state_path", os.path.abspath(path))


@contextmanager
def _process(given: Namespace) -> Iterator[Callable[[], object]]:
    """The process that serves: this one, or one in the background. Gives what is to be called when it is well begun."""
    from luigi.background import in_background
    from luigi.pid_file import pid_file

    if given.background:
        with in_background(given.pidfile, given.logdir) as well_begun:
            yield well_begun
    else:
        with pid_file(given.pidfile):
            yield lambda: None
