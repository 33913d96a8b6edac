"""Which version of a program runs: what somebody says, or the commit of its working copy, read from git's own files."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "LUIGI_CODE_VERSION"
"""The environment variable that says it where the configuration does not: a container has no working copy."""

_SHA1, _SHA256 = 40, 64  # characters of a commit's id


def code_version(folder: str | os.PathLike[str] | None = None) -> str:
    """What `[core] code_version` says, else LUIGI_CODE_VERSION, else the commit of `folder`; empty when none does."""
    from luigi.configuration import get_config

    said = get_config().get("core", "code_version", "") or os.environ.get(VARIABLE, "")
    return str(said) or (commit(folder) if folder is not None else "")


def commit(folder: str | os.PathLike[str]) -> str:
    """The id of the commit that the working copy around `folder` has checked out; empty where there is none."""
    try:
        for place in (path := Path(folder).absolute(), *path.parents):
            if (found := place / ".git").exists():
                return _head(_git_folder(found))
    except (OSError, ValueError):  # somebody else's folder, or a file that is no text
        return ""
    return ""


def _git_folder(found: Path) -> Path:
    """`.git` is a folder; in a worktree or a submodule a file that names it."""
    if found.is_dir():
        return found
    return (found.parent / _line(found).removeprefix("gitdir:").strip()).resolve()


def _head(git: Path) -> str:
    head = _line(git / "HEAD")
    if not head.startswith("ref:"):
        return _checked(head)
    ref = head.removeprefix("ref:").strip()
    common = git / _line(git / "commondir") if (git / "commondir").exists() else git
    for place in (git, common):
        if (place / ref).is_file():
            return _checked(_line(place / ref))
    return _packed(common / "packed-refs", ref)


def _packed(file: Path, ref: str) -> str:
    if file.exists():
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                if line.rstrip("\n").endswith(f" {ref}"):
                    return _checked(line.partition(" ")[0])
    return ""


def _line(file: Path) -> str:
    with file.open(encoding="utf-8") as lines:
        return lines.readline().strip()


def _checked(text: str) -> str:
    """Nothing but a commit's id goes out: the file may be anybody's."""
    is_id = len(text) in (_SHA1, _SHA256) and all(letter in "0123456789abcdef" for letter in text)
    return text if is_id else ""
