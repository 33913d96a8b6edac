"""The file of tokens: read only if nobody else may, changed so that a running server sees all of it or nothing."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path
from typing import Final

from luigi.errors import KernelError
from luigi.server.guard.tokens import Token, parse

_NOT_TO_OTHERS: Final = stat.S_IRWXO | stat.S_IWGRP


class TokensUnread(KernelError):
    """A tokens file that is not there, cannot be read, or can be read by too many."""


def read(path: Path) -> list[Token]:
    """The tokens in the file. Raises TokensUnread, and BadToken for a line that is none."""
    try:
        with path.open(encoding="utf-8") as file:
            _require_private(path, os.fstat(file.fileno()))
            return parse(file, str(path))
    except FileNotFoundError as error:
        hint = f"`kernel tokens add NAME --role ROLE --file {path}` makes it"
        raise TokensUnread(f"there is no tokens file {path}", hint=hint) from error
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise TokensUnread(f"the tokens file {path} cannot be read: {reason}") from error


def _require_private(path: Path, found: os.stat_result) -> None:
    if os.name == "posix" and found.st_mode & _NOT_TO_OTHERS:
        raise TokensUnread(f"others than its owner may read or change the tokens file {path}", hint=f"chmod 600 {path}")


def add(path: Path, token: Token) -> None:
    """Put the token into the file, which is made if need be. Raises as `read`, and TokensUnread for a name it has."""
    known = read(path) if path.exists() else []
    if token.name in [one.name for one in known]:
        raise TokensUnread(f"{path} has a token {token.name} already", hint="remove that one, or take another name")
    lines = _lines(path)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    _write(path, [*lines, f"{token}\n"])


def remove(path: Path, name: str) -> bool:
    """Take a token out of the file; whether it was there. Comments stay. Raises as `read`."""
    known = [one.name for one in read(path)]
    if name in known:
        _write(path, [line for line in _lines(path) if line.strip().partition(":")[0] != name])
    return name in known


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []


def _write(path: Path, lines: list[str]) -> None:
    """All at once: the new file takes the old one's place, with its owner and mode where there was one."""
    path = path.resolve()  # what a link leads to is replaced, not the link
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            _make_alike(name, path.stat())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _make_alike(name: str, old: os.stat_result) -> None:
    os.chmod(name, stat.S_IMODE(old.st_mode))
    if os.name == "posix" and (old.st_uid, old.st_gid) != (os.geteuid(), os.getegid()):
        os.chown(name, old.st_uid, old.st_gid)
