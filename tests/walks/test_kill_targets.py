"""`kill -9` at random moments of writing: every target that exists is whole, and what was left is no target."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from luigi.format import UTF8, Gzip
from luigi.local_target import LocalTarget

SCRIPT = Path(__file__).with_name("write_until_killed.py")
KILLS = 200


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_writers_leave_only_whole_targets(tmp_path):
    subprocess.run([sys.executable, str(SCRIPT), str(tmp_path), str(KILLS)], check=True, timeout=60)
    entries = [entry for folder in tmp_path.iterdir() for entry in folder.iterdir()]
    leftovers = [entry for entry in entries if "-luigi-tmp-" in entry.name]
    targets = [entry for entry in entries if "-luigi-tmp-" not in entry.name]
    assert leftovers, "no kill fell into a write: the test shows nothing"
    assert {entry.suffix for entry in targets} == {".txt", ".gz", ".dir"}
    for target in targets:
        assert is_whole(target), target


def is_whole(target: Path) -> bool:
    if target.suffix == ".dir":
        return sorted(os.listdir(target)) == ["a", "b", "c"] and all(is_whole_text(file) for file in target.iterdir())
    return is_whole_text(target)


def is_whole_text(file: Path) -> bool:
    """Whether as many lines follow the first as it says, each to its end."""
    format = UTF8 >> Gzip if file.suffix == ".gz" else UTF8
    with LocalTarget(file, format=format).open() as stream:
        first, *rest = stream.read().splitlines(keepends=True) or ["-1"]
    return len(rest) == int(first) and all(len(line) == 100 for line in rest)
