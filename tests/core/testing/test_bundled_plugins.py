"""Every bundled plugin is tested by the suite for plugins, and every kind of thing they offer has a suite."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from luigi.hookspecs import KINDS
from luigi.testing import contracts

ROOT = Path(__file__).parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BUNDLED: dict[str, str] = PROJECT["entry-points"]["luigi"]

WITHOUT_SUITE = {"commands", "config_parsers"}
"""Functions: PluginContract sees to what can be said of all of them."""

MADE = {"triggers": "TimeTable"}
"""Kinds whose factories make something of another name."""


def imported(tree: ast.Module) -> Iterator[str]:
    """The full name of everything a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)


@pytest.fixture(scope="module")
def tested() -> set[str]:
    """What is imported by test modules that use the suite for plugins."""
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    return {name for text in texts if "(PluginContract)" in text for name in imported(ast.parse(text))}


@pytest.mark.parametrize("module", sorted(set(BUNDLED.values())))
def test_a_bundled_plugin_is_tested_as_one(module: str, tested: set[str]) -> None:
    assert module in tested


@pytest.mark.parametrize("kind", sorted(set(KINDS) - WITHOUT_SUITE))
def test_what_plugins_offer_has_a_suite(kind: str) -> None:
    singular = kind.removesuffix("ies") + "y" if kind.endswith("ies") else kind.removesuffix("s")
    name = MADE.get(kind, "".join(part.capitalize() for part in singular.split("_")))
    assert hasattr(contracts, f"{name}Contract")
