"""Where outputs are, so that two of them can be seen to be one thing, or one to lie within another."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from luigi.local_file_system import LocalFileSystem
from luigi.target_names import identity

if TYPE_CHECKING:
    from luigi.cli.outputs.made import Output


def place_of(output: Output) -> str:
    """A text that is the same for the same thing: a local one's whole path, with the folders' links followed.

    It may hold secrets.
    """
    target: Any = output.target
    return local_place(os.fspath(target.path)) if is_local(target) else identity(target)


def is_local(target: Any) -> bool:
    """Whether it is a file or folder of this machine."""
    return isinstance(getattr(target, "fs", None), LocalFileSystem)


def local_place(path: str) -> str:
    """The whole path; of a link its own, not where it leads."""
    folder, name = os.path.split(os.path.abspath(path))
    return os.path.join(os.path.realpath(folder), name)


class Places:
    """Outputs, by where they are."""

    def __init__(self, outputs: Iterable[Output]) -> None:
        self._outputs = {place_of(output): output for output in outputs}
        self._sorted = sorted(self._outputs)

    def within(self, place: str) -> Output | None:
        """One of them that is there, or lies below; None without one."""
        if place in self._outputs:
            return self._outputs[place]
        below = f"{place}/"
        at = bisect_left(self._sorted, below)
        found = self._sorted[at] if at < len(self._sorted) else ""
        return self._outputs[found] if found.startswith(below) else None
