"""Put one fault at a time into a copy of the package, and see whether the scheduler's tests notice.

python tests/mutants/kill.py                 all that are listed; ends with 1 if one survives
python tests/mutants/kill.py "claims"        those whose sentence has that in it
python tests/mutants/kill.py --table         what kills each, as the table of docs/explanation/mutants.md
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Mutant:
    """One fault: in `file`, `new` stands in place of `old`."""

    what: str
    file: str
    old: str
    new: str
    suite: str
    """The tests that are to notice, quick ones first: the first that fails ends the run."""

    def put_into(self, package: Path) -> None:
        """Make the fault. Raises ValueError unless `old` occurs once."""
        path = package / "scheduler" / self.file
        text = path.read_text()
        if text.count(self.old) != 1:
            raise ValueError(f"{self.what} {self.file} has {text.count(self.old)} times {self.old!r}")
        path.write_text(text.replace(self.old, self.new))


def mutants() -> list[Mutant]:
    """All that are listed."""
    lists = [tomllib.loads(path.read_text()) for path in sorted(Path(__file__).parent.glob("*.toml"), reverse=True)]
    return [Mutant(**one, suite=listed["suite"]) for listed in lists for one in listed["mutant"]]


def killer(suite: str, mutant: Mutant | None = None) -> str | None:
    """The first test of a suite that fails with the fault in place, or None."""
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "luigi"
        shutil.copytree(ROOT / "core", package, ignore=shutil.ignore_patterns("__pycache__"))
        if mutant is not None:
            mutant.put_into(package)
        return first_failure(folder, suite)


def first_failure(folder: str, suite: str) -> str | None:
    environ = {
        **os.environ,
        "PYTHONPATH": folder,
        "LUIGI_SIMULATED_TASKS": "4000",
        "HYPOTHESIS_STORAGE_DIRECTORY": f"{folder}/hypothesis",
    }
    tests = [str(path) for name in suite.split() for path in sorted(ROOT.glob(f"tests/core/scheduler/test_{name}.py"))]
    check = "import luigi, sys; sys.exit(not luigi.__file__.startswith(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", check, folder], cwd=ROOT, env=environ, check=True)
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "-p", "no:cacheprovider", "--timeout=30", *tests]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return None
    found = re.search(r"^(?:FAILED|ERROR) \S*/(\S+?\.py)(?:::(.*?))?(?: - .*)?$", done.stdout, re.MULTILINE)
    return "::".join(filter(None, found.groups())) if found else (done.stdout + done.stderr)[-300:]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="?", default="", help="only mutants whose sentence has this in it")
    parser.add_argument("--table", action="store_true", help="write a table for the docs")
    args = parser.parse_args()
    chosen = [mutant for mutant in mutants() if args.words in mutant.what]
    for suite in dict.fromkeys(mutant.suite for mutant in chosen):
        if (failed := killer(suite)) is not None:
            print(f"the suite fails without any fault: {failed}")
            return 1
    survivors = 0
    for mutant in chosen:
        killed_by = killer(mutant.suite, mutant)
        survivors += killed_by is None
        row = f"| {mutant.what} | `{mutant.file}` | `{killed_by}` |"
        print(row if args.table else f"{killed_by or 'SURVIVES':60} {mutant.what}", flush=True)
    return int(survivors > 0)


if __name__ == "__main__":
    sys.exit(main())
