"""Imports point one way: the contracts of pyproject.toml, checked by import-linter on the links of build/types."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def lint_imports(types: Path, config: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(types)}
    command = [str(Path(sys.executable).parent / "lint-imports"), "--config", str(config), "--no-cache", "--no-logo"]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def link_tree(root: Path, into: Path) -> Path:
    """The shape that `make types` lays out, in a folder of its own."""
    package = into / "luigi"
    package.mkdir(parents=True)
    for entry in [*(root / "core").iterdir(), root / "plugins", root / "contrib", root / "server"]:
        (package / entry.name).symlink_to(entry)
    return into


def test_imports_point_one_way(root: Path, tmp_path: Path) -> None:
    done = lint_imports(link_tree(root, tmp_path / "types"), root / "pyproject.toml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_wrong_import_is_seen(root: Path, tmp_path: Path) -> None:
    types = link_tree(root, tmp_path / "types")
    (types / "luigi/wrong.py").write_text("import luigi.server\nimport luigi.contrib\nfrom luigi import plugins\n")
    done = lint_imports(types, root / "pyproject.toml")
    assert done.returncode == 1
    for target in ("luigi.server", "luigi.contrib", "luigi.plugins"):
        assert f"luigi.wrong -> {target}" in done.stdout
