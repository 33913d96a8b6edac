"""Libraries built on Luigi do on ours what they do on the released Luigi: the same output, the same files.

`libraries/` has a program for each, and libraries.txt their versions.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.conftest import PEER, without_settings

HERE = Path(__file__).resolve().parent
PROGRAMS = sorted(path.stem for path in (HERE / "libraries").glob("*.py"))
READ = {".txt", ".json", ".csv"}
"""Files of these are compared by what is in them; others, such as pickles, by being there."""
OF_THEIR_OWN = {"audit", "log", "logs", ".law", "__pycache__"}
"""Folders of what libraries note about a run, under names and times of the moment."""


class Done(NamedTuple):
    """What came of a program."""

    code: int
    printed: list[str]
    """Its lines, sorted: what two tasks print at a time comes in any order."""
    files: dict[str, str]


@pytest.fixture(scope="session")
def libraries_service() -> Path:
    """The folder that libraries.txt is installed in."""
    folder = Path(os.environ.get("LUIGI_LIBRARIES", "/nowhere"))
    if not (folder / "gokart").is_dir():
        pytest.skip(f"pip install --no-deps --target DIR -r {HERE / 'libraries.txt'}, and LUIGI_LIBRARIES=DIR")
    if not (PEER / "bin" / "python").exists():
        pytest.skip("there is no released Luigi: make peer")
    return folder


@pytest.mark.service("libraries")
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_library_does_as_on_the_released_luigi(program: str, libraries_service: Path, tmp_path: Path) -> None:
    ours = run(Path(sys.executable), program, libraries_service, tmp_path / "ours")
    theirs = run(PEER / "bin" / "python", program, libraries_service, tmp_path / "theirs")
    assert ours == theirs
    assert ours.files


def run(python: Path, program: str, libraries: Path, folder: Path) -> Done:
    """Run a program in a folder of its own."""
    folder.mkdir()
    (folder / f"{program}.py").write_text((HERE / "libraries" / f"{program}.py").read_text())
    environment = without_settings() | {"PYTHONPATH": str(libraries), "LAW_HOME": str(folder / ".law")}
    done = subprocess.run(
        [str(python), "-W", "ignore", f"{program}.py"], cwd=folder, env=environment, capture_output=True, text=True,
        timeout=250, check=False,
    )  # fmt: skip
    made = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".py"]
    kept = [path for path in made if not OF_THEIR_OWN & set(path.relative_to(folder).parts)]
    read = {str(path.relative_to(folder)): path.read_text() if path.suffix in READ else "" for path in kept}
    return Done(done.returncode, sorted(done.stdout.replace(str(folder), ".").splitlines()), read)
