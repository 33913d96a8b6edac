"""Finds the files of a folder that belong to no output."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, NamedTuple

from luigi.cli.outputs.places import is_local, local_place
from luigi.redo.beside_outputs import FOLDER as FINGERPRINTS

if TYPE_CHECKING:
    from luigi.cli.outputs.made import Output

LEFTOVER: Final = re.compile(r"-luigi-tmp-\d{10}(?:/|$)")
"""What the names of files end with that are being written, or were when their writer was killed."""

WILDCARDS: Final = frozenset("*?[")


class Stray(NamedTuple):
    """A file that belongs to no output."""

    path: str
    """Below the folder as that was given."""
    bytes: int
    is_leftover: bool
    """Whether it is a temporary file of a target: of a writer that was killed, or of one that writes right now."""


def strays(folder: str, outputs: Iterable[Output]) -> Iterator[Stray]:
    """The files below `folder` that are none of the outputs, nor in one that is a folder; by name.

    Fingerprints, which the kernel keeps beside outputs, are left out.
    """
    made, like = _claims(outputs)
    whole = os.path.realpath(folder)
    for path in _files(whole, made):
        if path not in made and not any(fnmatchcase(path, pattern) for pattern in like):
            shown = os.path.join(folder, os.path.relpath(path, whole))
            yield Stray(shown, os.lstat(path).st_size, bool(LEFTOVER.search(path)))


def _claims(outputs: Iterable[Output]) -> tuple[set[str], list[str]]:
    """The places of the local outputs; and the patterns among them, as some targets stand for many files."""
    places = {local_place(os.fspath(getattr(one.target, "path", ""))) for one in outputs if is_local(one.target)}
    return places, [place for place in places if WILDCARDS.intersection(place)]


def _files(whole: str, made: set[str]) -> Iterator[str]:
    """The files below a folder, without looking into folders that are made as a whole, or that are links."""
    for folder, names, files in os.walk(whole):
        if folder in made:
            names.clear()
            continue
        names[:] = sorted(name for name in names if name != FINGERPRINTS)
        linked = [name for name in names if os.path.islink(os.path.join(folder, name))]
        for name in sorted([*files, *linked]):
            yield os.path.join(folder, name)
