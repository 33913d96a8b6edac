"""Small rules that a reading of the source shows: no pickle on the server, no `global`, no catch-all module names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

CODE_FROM_DATA = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve"}
SAYS_NOTHING = {"utils", "helpers", "misc", "common"}


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and top-level module of every import, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name.split(".")[0]) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module.split(".")[0]


@pytest.mark.parametrize("code", ["import pickle", "def f():\n    from pickle import loads", "import os, shelve as s"])
def test_an_unsafe_format_is_seen(code: str) -> None:
    assert CODE_FROM_DATA & {name for _, name in imported(ast.parse(code))}


def test_server_and_scheduler_load_no_pickle(sources) -> None:
    places = sources("server", "core/scheduler")
    assert not [f"{s.place}:{line}" for s in places for line, name in imported(s.tree) if name in CODE_FROM_DATA]


def test_no_function_rebinds_a_module_global(sources) -> None:
    found = [f"{s.place}:{node.lineno}" for s in sources() for node in ast.walk(s.tree) if isinstance(node, ast.Global)]
    assert not found, "keep the state in an object"


def test_every_module_is_named_for_what_it_holds(sources) -> None:
    assert not [s.place for s in sources() if SAYS_NOTHING & set(PurePosixPath(s.place).with_suffix("").parts)]


def test_core_names_no_plugin(sources) -> None:
    for source in sources("core"):
        texts = (node.value for node in ast.walk(source.tree) if isinstance(node, ast.Constant))
        assert not [text for text in texts if isinstance(text, str) and "luigi.plugins." in text], source.place
