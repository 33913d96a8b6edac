"""Fixtures for tests that drive the commands as a user does: in a directory of their own, as processes."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

KERNEL = "import sys; sys.argv[0] = 'kernel'; from luigi.cli import main; raise SystemExit(main())"
LUIGID = "import sys; sys.argv[0] = 'luigid'; from luigi.cmdline import luigid; luigid()"


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


class Shell:
    """Runs commands in one directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.environ = {key: value for key, value in os.environ.items() if not key.startswith(("LUIGI", "COLUMNS"))}
        self.environ["PYTHONPATH"] = "."

    def write(self, name: str, text: str) -> None:
        """Put a file into the directory."""
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def luigi(self, *args: str) -> Ended:
        """Run `luigi` with these arguments."""
        return self._run([sys.executable, "-m", "luigi", *args])

    def kernel(self, *args: str) -> Ended:
        """Run `kernel` with these arguments, without PYTHONPATH."""
        environ = {key: value for key, value in self.environ.items() if key != "PYTHONPATH"}
        return self._run([sys.executable, "-P", "-c", KERNEL, *args], environ)

    def luigid(self, *args: str) -> Ended:
        """Run `luigid` with these arguments."""
        return self._run([sys.executable, "-c", LUIGID, *args])

    def python(self, *args: str) -> Ended:
        """Run Python with these arguments."""
        return self._run([sys.executable, *args])

    def _run(self, command: list[str], environ: dict[str, str] | None = None) -> Ended:
        done = subprocess.run(
            command,
            cwd=self.directory,
            env=self.environ if environ is None else environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A directory with the module `tasks`, to run commands in."""
    made = Shell(tmp_path)
    made.write("tasks.py", TASKS)
    return made


@pytest.fixture(scope="session")
def shell_in() -> type[Shell]:
    """Makes one in an empty directory, which several tests may share."""
    return Shell


TASKS = '''
import luigi


class Add(luigi.Task):
    """Adds two numbers."""

    x = luigi.IntParameter(description="the first number")
    y = luigi.IntParameter(default=45)
    day = luigi.DateParameter(default=None)
    loud = luigi.BoolParameter()
    exact = luigi.BoolParameter(parsing=luigi.BoolParameter.EXPLICIT_PARSING)
    my_name = luigi.Parameter(default="nobody")

    def complete(self):
        return False

    def run(self):
        print("Add", self.x + self.y, self.day, self.loud, self.exact, self.my_name, Other().date)


class Other(luigi.Task):
    date = luigi.Parameter(default="never")
    workload = luigi.IntParameter(default=3)

    def complete(self):
        return False

    def run(self):
        print("Other", self.date, self.workload)


class Spaced(luigi.Task):
    task_namespace = "my.space"
    v_w = luigi.IntParameter(default=0)

    def complete(self):
        return False

    def run(self):
        print("Spaced", self.v_w)


class Fails(luigi.Task):
    def complete(self):
        return False

    def run(self):
        raise RuntimeError("it never works")
'''
