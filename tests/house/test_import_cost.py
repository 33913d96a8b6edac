"""`import luigi` loads nothing that a program may never need, and modules of extras load without their extras."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    *("argparse", "asyncio", "concurrent", "email", "http", "importlib.metadata", "logging.config", "multiprocessing"),
    *("socket", "sqlite3", "ssl", "subprocess", "tempfile", "unittest", "urllib.request", "xml"),
    *(
        "apispec",
        "dateutil",
        "falcon",
        "itsdangerous",
        "jsonschema",
        "marshmallow",
        "pluggy",
        "requests",
        "rich",
        "tornado",
        "waitress",
    ),
    *("luigi.cli", "luigi.contrib", "luigi.plugins", "luigi.server"),
}
LOADED = "import json, sys; bare = {*sys.modules}; import luigi; print(json.dumps(sorted({*sys.modules} - bare)))"

# Lets only the standard library, ourselves and the base dependencies be imported, then imports every module found. What
# is below luigi.testing is for those who have pytest.
BARE = """
import importlib, pkgutil, sys

class Bare:
    allowed = {*sys.stdlib_module_names, *sys.builtin_module_names, "__future__", *sys.argv[2:]}
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in self.allowed:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Bare())
package = importlib.import_module(sys.argv[1])
for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    if not found.name.endswith(".__main__") and not found.name.startswith("luigi.testing."):
        importlib.import_module(found.name)
        print(found.name)
"""
# What the base dependencies bring: the only third-party code that is there in a bare install.
BASE = [
    *("luigi", "pluggy", "dateutil", "six", "rich", "markdown_it", "mdurl", "pygments"),
    *("apispec", "packaging", "falcon", "itsdangerous", "marshmallow", "typing_extensions", "waitress"),
]


def import_all(package: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    allowed = [*BASE, package.partition(".")[0], *(name for name in sys.modules if name.startswith("__editable__"))]
    environment = {**os.environ, "PYTHONPATH": str(folder or "")}
    command = [sys.executable, "-c", BARE, package, *allowed]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_importing_luigi_loads_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    loaded = json.loads(done.stdout)
    assert "luigi.task" in loaded
    assert not [name for name in loaded if any(name == heavy or name.startswith(f"{heavy}.") for heavy in HEAVY)]


@pytest.mark.parametrize("package", ["luigi", "luigi.contrib", "luigi.plugins", "luigi.server"])
def test_every_module_imports_without_extras(package: str) -> None:
    done = import_all(package)
    assert done.returncode == 0, done.stderr


def test_a_module_that_needs_its_extra_at_import_is_seen(tmp_path: Path) -> None:
    (tmp_path / "greedy").mkdir()
    (tmp_path / "greedy/__init__.py").write_text("")
    (tmp_path / "greedy/store.py").write_text("import hypothesis")
    done = import_all("greedy", tmp_path)
    assert done.returncode == 1
    assert "No module named 'hypothesis'" in done.stderr
