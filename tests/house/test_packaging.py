"""What is installed is what stands in the folders: packages, commands, extras, version and licence."""

from __future__ import annotations

import importlib
import re
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

import luigi

FOLDERS = {"core": "luigi", "plugins": "luigi.plugins", "contrib": "luigi.contrib", "server": "luigi.server"}
COMMANDS = {"kernel", "luigi", "luigid", "luigi-deps", "luigi-deps-tree", "luigi-grep"}


@pytest.fixture
def pyproject(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_folder_that_is_a_package_is_listed(root: Path, pyproject: dict[str, Any]) -> None:
    found = {
        ".".join([package, *init.parent.relative_to(root / folder).parts])
        for folder, package in FOLDERS.items()
        for init in (root / folder).rglob("__init__.py")
    }
    assert set(pyproject["tool"]["setuptools"]["packages"]) == found
    assert pyproject["tool"]["setuptools"]["package-dir"] == {package: folder for folder, package in FOLDERS.items()}


def test_every_folder_with_python_is_a_package(root: Path) -> None:
    holding = {path.parent for folder in FOLDERS for path in (root / folder).rglob("*.py")}
    assert not [folder for folder in holding if not (folder / "__init__.py").exists()]


def test_every_command_starts_something(pyproject: dict[str, Any]) -> None:
    scripts = pyproject["project"]["scripts"]
    assert set(scripts) == COMMANDS
    for place in scripts.values():
        module, _, name = place.partition(":")
        assert callable(getattr(importlib.import_module(module), name))


def test_all_holds_every_extra_but_those_of_developers(pyproject: dict[str, Any]) -> None:
    extras = pyproject["project"]["optional-dependencies"]
    named = {name for line in extras["all"] for name in re.search(r"\[(.*)\]", line)[1].split(",")}
    assert named == set(extras) - {"all", "test", "dev", "docs"}


def test_the_version_is_said_once(pyproject: dict[str, Any]) -> None:
    assert "version" in pyproject["project"]["dynamic"]
    assert metadata.version("luigi-kernel") == luigi.__version__


def test_the_licence_is_apache_2(root: Path, pyproject: dict[str, Any]) -> None:
    assert pyproject["project"]["license"] == "Apache-2.0"
    assert "Version 2.0, January 2004" in (root / "LICENSE").read_text(encoding="utf-8")


def test_the_types_are_for_everyone(root: Path, pyproject: dict[str, Any]) -> None:
    assert (root / "core/py.typed").exists()
    assert pyproject["tool"]["setuptools"]["package-data"]["luigi"] == ["py.typed"]
