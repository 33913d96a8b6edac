"""What stands against removing something: asked of those who may, and of those who may not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from luigi.local_removal import why_not_remove

NOBODY = 65534
ASK = """
import json, os, sys
nobody, *paths = json.load(sys.stdin)
from luigi.local_removal import why_not_remove
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(nobody)
    os.setuid(nobody)
os.chdir("/")
print(json.dumps([why_not_remove(path) for path in paths]))
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may look into."""
    with TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)


def ask_as_nobody(*paths: Path) -> list[str | None]:
    """What a user without rights of its own is told, who owns nothing here."""
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        input=json.dumps([NOBODY, *map(str, paths)]),
        text=True,
        capture_output=True,
        check=True,
    )
    answers: list[str | None] = json.loads(done.stdout)
    return answers


def test_what_is_ones_own_can_go(tmp_path: Path) -> None:
    (tmp_path / "folder/deeper").mkdir(parents=True)
    (tmp_path / "folder/deeper/file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    assert [why_not_remove(str(tmp_path / name)) for name in ("folder", "folder/", "link", "folder/deeper/file")] == [
        None
    ] * 4


def test_where_one_stands_cannot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder/deeper").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "folder/deeper")
    assert why_not_remove(str(tmp_path / "folder")) == "the current folder is in it"
    assert why_not_remove("../deeper") == "the current folder is in it"
    assert why_not_remove("") == "the current folder is in it"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can ask as somebody else")
def test_folders_that_may_not_be_written_keep_what_is_in_them(open_folder: Path) -> None:
    closed, shared = open_folder / "closed", open_folder / "shared"
    closed.mkdir(mode=0o755)
    (closed / "file").touch()
    shared.mkdir()
    shared.chmod(0o1777)
    (shared / "theirs").touch()
    free = open_folder / "free"
    (free / "inner").mkdir(parents=True)
    (free / "inner/file").touch()
    free.chmod(0o777)
    hidden = free / "hidden"
    hidden.mkdir(mode=0o700)
    assert ask_as_nobody(closed / "file", shared / "theirs", free / "inner", free / "inner/file", hidden) == [
        f"the folder {closed} may not be written",
        f"in {shared} everybody removes only their own",
        f"the folder {free / 'inner'} may not be written",
        f"the folder {free / 'inner'} may not be written",
        f"the folder {hidden} may not be read",
    ]
    (free / "inner").chmod(0o777)
    assert ask_as_nobody(free / "inner", free / "inner/file") == [None, None]
