"""What the rules of the house look at: every Python file of the four folders, parsed once."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("core", "plugins", "contrib", "server")
LONG_FILE = 250


@dataclass(frozen=True)
class Source:
    """A file of ours: `place` is its path from the root of the repository."""

    place: str
    tree: ast.Module


@functools.cache
def parsed() -> Sequence[Source]:
    paths = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    return [Source(path.relative_to(ROOT).as_posix(), ast.parse(path.read_bytes(), str(path))) for path in paths]


@pytest.fixture
def sources() -> Callable[..., list[Source]]:
    """sources("core", "server") gives the files below these paths; sources() gives all."""

    def below(*places: str) -> list[Source]:
        wanted = tuple(f"{place}/" for place in places or FOLDERS)
        found = [source for source in parsed() if source.place.startswith(wanted)]
        assert found, f"no file below {places}: a rule that looks at nothing cannot fail"
        return found

    return below


@pytest.fixture
def root() -> Path:
    return ROOT


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the files that deserve a hard look for their length; it fails nothing."""
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    lengths = {path: len(path.read_bytes().splitlines()) for path in paths}
    long_files = sorted(((size, path) for path, size in lengths.items() if size > LONG_FILE), reverse=True)
    for size, path in long_files:
        terminalreporter.write_line(f"long file: {path.relative_to(ROOT)}: {size} lines (more than {LONG_FILE})")
