"""No error is swallowed whole: whoever catches everything does something about it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

EVERYTHING = {"Exception", "BaseException"}


def swallowings(tree: ast.Module) -> Iterator[int]:
    """The lines on which any error at all is dropped without a word."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and _catches_everything(node.type) and _does_nothing(node.body):
            yield node.lineno
        elif isinstance(node, ast.Call) and _name(node.func) == "suppress" and any(map(_catches_everything, node.args)):
            yield node.lineno


def _catches_everything(kind: ast.expr | None) -> bool:
    if isinstance(kind, ast.Tuple):
        return any(_catches_everything(one) for one in kind.elts)
    return kind is None or _name(kind) in EVERYTHING


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _does_nothing(body: list[ast.stmt]) -> bool:
    return all(isinstance(line, (ast.Pass, ast.Continue)) or _is_text(line) for line in body)


def _is_text(line: ast.stmt) -> bool:
    return isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)


@pytest.mark.parametrize(
    "code",
    [
        "try: f()\nexcept Exception: pass",
        "try: f()\nexcept: ...",
        "try: f()\nexcept (OSError, BaseException):\n    'nothing'",
        "for x in y:\n    try: f()\n    except Exception: continue",
        "with contextlib.suppress(Exception): f()",
    ],
)
def test_a_swallowed_error_is_seen(code: str) -> None:
    assert list(swallowings(ast.parse(code)))


@pytest.mark.parametrize(
    "code", ["try: f()\nexcept OSError: pass", "try: f()\nexcept Exception: log()", "with suppress(KeyError): f()"]
)
def test_a_handled_error_is_let_be(code: str) -> None:
    assert not list(swallowings(ast.parse(code)))


def test_no_error_is_swallowed(sources) -> None:
    assert not [f"{source.place}:{line}" for source in sources() for line in swallowings(source.tree)]
