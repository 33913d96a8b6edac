"""Files that a job takes along to each of its tasks."""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote


class Taken(NamedTuple):
    """A file, and where it is to be below the folder that each task runs in."""

    source: str
    destination: str

    @property
    def name(self) -> str:
        """What it is called in that folder itself: Hadoop makes no folders there."""
        if "/" not in self.destination:
            return self.destination
        return f"{hashlib.sha256(self.destination.encode()).hexdigest()[:12]}_{os.path.basename(self.destination)}"

    def option(self) -> str:
        """For `-files`: a URL, so that no comma or space in it divides."""
        return f"{Path(self.source).absolute().as_uri()}#{quote(self.name, safe='')}"


def taken(extra_files: Iterable[str | tuple[str, str]]) -> list[Taken]:
    """All files of `JobTask.extra_files()`: paths, or paths and where they are to be; what is in folders, too."""
    return [Taken(*pair) for pair in get_extra_files(extra_files)]


def get_extra_files(extra_files: Iterable[str | tuple[str, str]]) -> list[tuple[str, str]]:
    """The files of these, and where each is to be."""
    found = []
    for item in extra_files:
        source, destination = (item, os.path.basename(item.rstrip("/"))) if isinstance(item, str) else item
        if os.path.isdir(source):
            found += _of_folder(source, destination)
        else:
            found.append((source, destination))
    return found


def _of_folder(source: str, destination: str) -> list[tuple[str, str]]:
    inside = sorted(glob.glob("**", root_dir=source, recursive=True, include_hidden=True))
    return [
        (os.path.join(source, name), os.path.join(destination, name))
        for name in inside
        if os.path.isfile(os.path.join(source, name))
    ]


def dereference(f: str) -> str:
    """The path, or where the links that it is lead."""
    while os.path.islink(f):
        f = os.path.join(os.path.dirname(f), os.readlink(f))
    return f


def make_links(links: Iterable[tuple[str, str]]) -> None:
    """Link each first path, which is there, as the second."""
    for source, destination in links:
        if not os.path.lexists(destination):  # a combiner runs where the mapper has
            os.makedirs(os.path.dirname(os.path.abspath(destination)), exist_ok=True)
            os.symlink(os.path.abspath(source), destination)
