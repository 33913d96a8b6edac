"""Whether many targets exist, by listing the directories they share: one call to a remote store, not hundreds.

An answer is taken from a listing only when it is certain; whatever stays open is asked of the target itself.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from luigi.target import FileSystem, FileSystemTarget, Target, folder_of

logger = logging.getLogger("luigi-interface")

LEVELS = 3
"""How many directories above a path are tried as the one it shares with others (…/2015/12/05/part)."""

MOST_ENTRIES = 100
"""Entries read for each path looked for; where a directory holds more, asking is cheaper than reading on."""

Place = tuple[int, type[FileSystem]]


class Existence:
    """Answers whether targets exist. Made from the outputs of many tasks of one class, alike in structure."""

    def __init__(self, outputs: Iterable[Sequence[Target]]) -> None:
        self._known: dict[tuple[Place, str], bool] = {}
        unlistable: set[str] = set()
        wanted: dict[Place, dict[str, FileSystem]] = {}
        for targets in outputs:
            for position, target in enumerate(targets):
                if not isinstance(target, FileSystemTarget):
                    unlistable.add(type(target).__name__)
                elif _is_listable(target):
                    wanted.setdefault((position, type(target.fs)), {})[target.path] = target.fs
        for place, paths in wanted.items():
            for path, exists in found_by_listing(next(iter(paths.values())), paths):
                self._known[place, path] = exists
        if unlistable:
            names = ", ".join(sorted(unlistable))
            logger.warning("a range asks each %s by itself whether it exists; bulk_complete would be faster", names)

    def of_all(self, targets: Sequence[Target]) -> bool:
        """Whether every one of them exists."""
        return all(self._of(target, position) for position, target in enumerate(targets))

    def _of(self, target: Target, position: int) -> bool:
        if not isinstance(target, FileSystemTarget) or not _is_listable(target):
            return target.exists()
        key = (position, type(target.fs)), target.path
        if key not in self._known:
            self._known[key] = target.exists()
        return self._known[key]


def _is_listable(target: FileSystemTarget) -> bool:
    """Whether a name in a listing proves it: it is no pattern, and its class has no notion of its own of existing."""
    return type(target).exists is FileSystemTarget.exists and not any(sign in target.path for sign in "*?[{")


def found_by_listing(fs: FileSystem, paths: Collection[str]) -> Iterator[tuple[str, bool]]:
    """(path, whether it exists) for those of the paths that a listing of a shared directory is certain about."""
    for directory, below in shared_directories(paths).items():
        listing = _listing(fs, directory, MOST_ENTRIES * len(below))
        for path in below:
            exists = listing.tells(path)
            if exists is not None:
                yield path, exists


def shared_directories(paths: Collection[str]) -> dict[str, list[str]]:
    """Directories that each hold at least two of the paths on average → those paths; empty when there are none."""
    groups = {path: [path] for path in paths}
    for _ in range(LEVELS):
        parents: dict[str, list[str]] = {}
        for directory, below in groups.items():
            parents.setdefault(folder_of(directory), []).extend(below)
        if any(parent in ("", "/") or parent.endswith(":") for parent in parents):
            return {}
        if 2 * len(parents) <= len(paths):
            return parents
        groups = parents
    return {}


@dataclass(slots=True)
class Listing:
    """What a file system says is in a directory."""

    directory: str
    whole: bool = False
    """Whether that is all there is, as far as the file system lists at all."""
    names: set[str] = field(default_factory=set)
    above: set[str] = field(default_factory=set)
    """Directories that must exist because something in them is listed."""

    def tells(self, path: str) -> bool | None:
        """Whether `path` exists, or None when the listing does not say."""
        path = path.rstrip("/")
        if path in self.names or path in self.above:
            return True
        # A directory that is named itself may have been listed without what is in it.
        if not self.whole or any(folder in self.names for folder in self._folders(path)):
            return None
        return False

    def add(self, name: str) -> None:
        """Take up a listed name."""
        self.names.add(name)
        for folder in self._folders(name):
            if folder in self.above:
                break
            self.above.add(folder)

    def _folders(self, path: str) -> Iterator[str]:
        """The directories between `path` and the listed one, lowest first."""
        folder = folder_of(path)
        while len(folder) > len(self.directory):
            yield folder
            folder = folder_of(folder)


def _listing(fs: FileSystem, directory: str, most: int) -> Listing:
    try:
        names = [name.rstrip("/") for name in islice(fs.listdir(directory), most + 1)]
    except Exception as error:  # whatever the client of a store raises; asking each path may still work
        if not fs.exists(directory):
            return Listing(directory, whole=True)
        logger.warning("a range asks for each path in %s by itself, for it cannot be listed: %s", directory, error)
        return Listing(directory)
    # Some stores give names in a form of their own, which no path can be compared with.
    comparable = all(name.startswith(directory) for name in names)
    listing = Listing(directory, whole=comparable and len(names) <= most)
    for name in names:
        listing.add(name)
    return listing
