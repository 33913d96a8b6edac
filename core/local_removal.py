"""Why something on this machine cannot be removed: found out without touching it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator


def why_not_remove(path: str) -> str | None:
    """What stands against removing `path` with all it holds, as half a sentence; None for nothing that can be seen.

    Only the system can be sure, when it is asked to do it: another process may be quicker.
    """
    own = os.path.join(os.path.realpath(os.path.dirname(os.path.abspath(path))), os.path.basename(path.rstrip("/")))
    if _holds(own, os.getcwd()):
        return "the current folder is in it"
    return _refusal(own) or next((refused for inner in _below(own) if (refused := _refusal(inner))), None)


def _holds(path: str, place: str) -> bool:
    return os.path.realpath(place) == path or os.path.realpath(place).startswith(path.rstrip("/") + "/")


def _below(path: str) -> Iterator[str]:
    """Everything in a folder; nothing for a file or a link."""
    if os.path.islink(path):
        return
    for folder, names, files in os.walk(path):
        for name in (*names, *files):
            yield os.path.join(folder, name)


def _refusal(path: str) -> str | None:
    """What stands against taking `path` itself out of its folder, and against looking what is in it."""
    folder = os.path.dirname(path)
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"the folder {folder} may not be written"
    if _is_kept_for_its_owner(folder, path):
        return f"in {folder} everybody removes only their own"
    if os.path.isdir(path) and not os.path.islink(path) and not os.access(path, os.R_OK | os.X_OK):
        return f"the folder {path} may not be read"
    return None


def _is_kept_for_its_owner(folder: str, path: str) -> bool:
    """Whether the folder's sticky bit keeps us from what is not ours."""
    about, me = os.stat(folder), os.geteuid()
    return bool(about.st_mode & stat.S_ISVTX) and me not in (0, about.st_uid, os.lstat(path).st_uid)
