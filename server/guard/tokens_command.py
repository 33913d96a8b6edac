"""`kernel tokens`: make, list and remove the tokens that let callers into `kernel serve`."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from luigi.authentication import ROLES
from luigi.errors import KernelError

PROGRAM: Final = "kernel tokens"
ABOUT: Final = """\
kernel tokens add NAME --role ROLE   makes a token and prints its secret, this once; the file has its digest only
kernel tokens list                   shows names and roles
kernel tokens remove NAME            takes a token away, and ends its sessions

A running server sees changes of its file within a second. Roles: a viewer sees; a worker also declares, runs and
reports tasks; an operator also pauses, forgives, disables, and sets limits.
"""


class TokensNowhere(KernelError):
    """Nobody said which file has the tokens."""

    def __init__(self) -> None:
        super().__init__("it is not said where the tokens are")
        self.hint = "say it with --file, or in the configuration: [server] tokens_file"


class UnknownToken(KernelError):
    """The file has no token of that name."""


def main(argv: list[str]) -> int:
    """Do what `argv` says. The exit code. Raises UsageError, and KernelError for a file that cannot be used."""
    from luigi.cli.arguments import Arguments

    arguments = Arguments(PROGRAM, ABOUT)
    arguments.add_argument("what", choices=tuple(_ACTS))
    arguments.add_argument("name", metavar="NAME", nargs="?", default="", help="whose token: ann, build-farm, …")
    arguments.add_argument("--role", choices=ROLES, help="what its owner may do")
    arguments.add_argument("--file", metavar="PATH", help="the file of tokens (default: [server] tokens_file)")
    asked = arguments.parse_args(argv)
    if asked.what != "list" and not asked.name:
        arguments.error(f"{asked.what} needs a NAME")
    if asked.what == "add" and not asked.role:
        arguments.error("add needs a --role")
    try:
        return _ACTS[asked.what](asked, _path(asked.file))
    except OSError as error:
        raise KernelError(f"{error.filename or 'the tokens file'}: {error.strerror}") from error


def _path(given: str | None) -> Path:
    if given:
        return Path(given)
    from luigi.configuration import get_config

    configured: Any = get_config().get("server", "tokens_file", "")
    if not configured:
        raise TokensNowhere
    return Path(configured).expanduser()


def _add(asked: Namespace, path: Path) -> int:
    from luigi.server.guard import token_file
    from luigi.server.guard.tokens import digest_of, new_secret, token

    secret = new_secret()
    token_file.add(path, token(asked.name, asked.role, digest_of(secret)))
    print(f"{asked.name} may sign in as {asked.role} with this token, which is shown only now:", file=sys.stderr)
    print(secret)
    return 0


def _list(asked: Namespace, path: Path) -> int:
    from luigi.server.guard import token_file

    tokens = token_file.read(path)
    width = max((len(one.name) for one in tokens), default=0)
    for one in tokens:
        print(f"{one.name:<{width}}  {one.role.name.lower()}")
    return 0


def _remove(asked: Namespace, path: Path) -> int:
    from luigi.errors import did_you_mean
    from luigi.server.guard import token_file

    if not token_file.remove(path, asked.name):
        known = [one.name for one in token_file.read(path)]
        raise UnknownToken(f"{path} has no token {asked.name}", hint=did_you_mean(asked.name, known))
    print(f"removed {asked.name}", file=sys.stderr)
    return 0


_ACTS: Final[dict[str, Callable[[Namespace, Path], int]]] = {"add": _add, "list": _list, "remove": _remove}
