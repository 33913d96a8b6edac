"""Fresh environments for walks that must see what a user sees after `pip install luigi-kernel`, and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGED = ("core", "plugins", "contrib", "server", "pyproject.toml", "README.md", "LICENSE", "NOTICE")


class Environment:
    """A Python environment of its own, with luigi-kernel installed from a wheel."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.folder = folder
        venv.create(folder, with_pip=True)
        self.install(str(wheel))

    def install(self, *what: str) -> None:
        """As `pip install` does."""
        self.run("python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *what)

    def run(self, *command: str, cwd: Path | None = None, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        """Run a program of this environment. It must end with `code`, unless that is None."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LUIGI", "PYTHON", "PYTEST"))}
        program, *arguments = command
        done = subprocess.run(
            [self.folder / "bin" / program, *arguments],
            cwd=cwd or self.folder,
            env=kept | {"COLUMNS": "110", "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert code in (None, done.returncode), f"{command} ended with {done.returncode}\n{done.stdout}{done.stderr}"
        return done


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """luigi-kernel as it is published, built from a copy: nothing that lies about in the clone gets in."""
    source, wheels = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheels")
    for name in PACKAGED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, source / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(wheels), str(source)]
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=240)
    (built,) = wheels.iterdir()
    return built


@pytest.fixture(scope="session")
def make_environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Environment]:
    """A function that makes an environment, named for its folder."""
    return lambda name: Environment(tmp_path_factory.mktemp(name) / "venv", wheel)
