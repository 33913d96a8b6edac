"""What was learned for completion, kept on disk until one of the files it was learned from changes.

The answer to Tab has no time to import a module, or every command: another process does that, once, and keeps it here.
"""

from __future__ import annotations

import json
import os
import sys
import zlib
from collections.abc import Iterable
from typing import Any

from luigi import __version__

FORMAT = 1
COMMANDS = ""
"""The topic of what is there without any module: commands, and configured runs. Others are names of modules."""
SEEN_BY_PYTHON = ("PYTHONPATH", "LUIGI_CONFIG_PATH", "LUIGI_CONFIG_PARSER")
"""Variables that decide what a name means."""

Facts = dict[str, Any]


def folder() -> str:
    """Where the index is kept: `$XDG_CACHE_HOME/luigi/completion`."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(cache, "luigi", "completion")


def kept(topic: str) -> Facts | None:
    """What is known of `topic` here and now; None when nothing is, or something has changed since."""
    try:
        with open(_path(topic), encoding="utf-8") as file:
            entry = json.load(file)
        return entry["facts"] if entry["format"] == FORMAT and _times(entry["times"]) == entry["times"] else None
    except (OSError, ValueError, KeyError, TypeError):  # none, or one that something else wrote
        return None


def keep(topic: str, facts: Facts, files: Iterable[str]) -> None:
    """Remember `facts`, until one of `files` (also a folder, or one that is not there yet) changes."""
    path = _path(topic)
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    being_written = f"{path}.{os.getpid()}"
    with open(being_written, "w", encoding="utf-8") as file:
        json.dump({"format": FORMAT, "topic": topic, "times": _times(files), "facts": facts}, file)
    os.replace(being_written, path)


def _times(files: Iterable[str]) -> dict[str, int | None]:
    return {path: _changed_at(path) for path in files}


def _changed_at(path: str) -> int | None:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return None


def _path(topic: str) -> str:
    here = [FORMAT, __version__, sys.prefix, os.getcwd(), *map(os.environ.get, SEEN_BY_PYTHON)]
    number = zlib.crc32(json.dumps([*here, topic]).encode())
    name = "".join(letter if letter.isalnum() or letter in "_." else "_" for letter in topic) or "commands"
    return os.path.join(folder(), f"{name[:80]}-{number:08x}.json")
