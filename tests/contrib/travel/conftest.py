"""Two machines: one that sends a task, and one that has nothing but Python."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

GOAL = """
    from luigi.contrib._travel import parcel


    def main(arguments):
        path, digest, *rest = arguments
        return parcel.read(path, digest).work(*rest)
"""
"""The module that is called on the other machine."""

SEND = """
    import json, sys, tempfile
    from luigi.contrib._travel import luggage


    def send(task, *modules, arguments=(), python="python"):
        packed = luggage.pack(task, tempfile.mkdtemp(dir="luggage"), modules=["goal", *modules])
        print(json.dumps(packed.command(python, "goal", *arguments)))
"""
"""What a sender imports: it says what is to be run."""


class Sender:
    """A folder with programs, and those that ran."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "luggage").mkdir(parents=True)
        (folder / "elsewhere").mkdir()
        self.write({"lib/goal.py": GOAL, "lib/sending.py": SEND})

    def write(self, files: Mapping[str, str]) -> None:
        """Write texts to paths."""
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text).lstrip())

    def zip(self, archive: str, files: Mapping[str, str]) -> None:
        """Write texts to paths in a zip archive."""
        with zipfile.ZipFile(self.folder / archive, "w") as opened:
            for name, text in files.items():
                opened.writestr(name, textwrap.dedent(text).lstrip())

    def send(self, *python: str, paths: Sequence[str] = (), typed: str | None = None) -> list[str]:
        """Start `python` with these arguments; gives what it says is to be run there."""
        return self.command(self.start(*python, paths=paths, typed=typed))

    def start(
        self, *python: str, paths: Sequence[str] = (), typed: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Start `python` with these arguments; `paths` of this folder are on its sys.path, `typed` is what it reads."""
        env = {"PYTHONPATH": ":".join(str(self.folder / path) for path in ["lib", *paths]), "PATH": "/usr/bin:/bin"}
        return subprocess.run(
            [sys.executable, *python],
            cwd=self.folder,
            env=env,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )

    def command(self, ran: subprocess.CompletedProcess[str]) -> list[str]:
        """What it said is to be run there."""
        assert ran.returncode == 0, ran.stderr
        return list(json.loads(ran.stdout.splitlines()[-1]))

    def archived(self, command: Sequence[str]) -> list[str]:
        """The files of the archive that are neither the kernel's nor of this test."""
        with zipfile.ZipFile(command[2]) as archive:
            return [
                name
                for name in archive.namelist()
                if not name.startswith(("luigi", "pluggy/", "goal.py", "sending.py"))
            ]

    def arrive(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Run it with a Python that has the standard library, and nothing else on sys.path."""
        bare = [sys.executable, "-I", "-S", *command[1:]]
        return subprocess.run(
            bare, cwd=self.folder / "elsewhere", env={}, capture_output=True, text=True, check=False, timeout=60
        )

    def said(self, command: Sequence[str]) -> str:
        """What the task printed there."""
        ran = self.arrive(command)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout.strip()


@pytest.fixture
def sender(tmp_path: Path) -> Sender:
    return Sender(tmp_path / "sender")
