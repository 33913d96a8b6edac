"""Digests of classes as they are written: of their syntax, so that comments, docstrings and layout do not count."""

from __future__ import annotations

import ast
import sys
from collections import deque
from collections.abc import Iterator
from typing import Any

DIGITS = 16

_SAYS_NOTHING = frozenset({"kind", "type_comment", "type_ignores", "ctx"})


class Sources:
    """Reads each module's source once."""

    def __init__(self) -> None:
        self._classes: dict[str, dict[str, ast.ClassDef]] = {}

    def digest(self, cls: type) -> str:
        """What stands for the class's syntax; empty when its source cannot be had.

        It is the same under every version of Python that reads the class alike.
        """
        found = self._classes_of(cls.__module__).get(cls.__qualname__)
        if found is None:
            return ""
        from hashlib import sha256

        return sha256("\n".join(_tokens(found)).encode()).hexdigest()[:DIGITS]

    def _classes_of(self, module: str) -> dict[str, ast.ClassDef]:
        if module not in self._classes:
            tree = _tree(module)
            found = [] if tree is None else sorted(_classes(tree), key=lambda one: one[1].lineno)
            self._classes[module] = dict(found)  # of several with one name the last, as when the module is run
        return self._classes[module]


def _tree(module: str) -> ast.Module | None:
    path = getattr(sys.modules.get(module), "__file__", None)
    if not path:
        return None
    try:
        with open(path, "rb") as file:
            return ast.parse(file.read(), path)
    except (OSError, SyntaxError, ValueError):  # compiled, gone, or being edited this very moment
        return None


def _classes(tree: ast.Module) -> Iterator[tuple[str, ast.ClassDef]]:
    """Every class of a module, by its qualified name."""
    ahead: deque[tuple[str, ast.AST]] = deque([("", tree)])
    while ahead:
        prefix, node = ahead.popleft()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                yield prefix + child.name, child
                ahead.append((f"{prefix}{child.name}.", child))
            elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                ahead.append((f"{prefix}{child.name}.<locals>.", child))
            else:
                ahead.append((prefix, child))


def _tokens(root: ast.AST) -> Iterator[str]:
    """A text for each thing in a tree, from which the tree could be made again, but for what says nothing."""
    ahead: list[Any] = [root]
    while ahead:
        at = ahead.pop()
        if isinstance(at, ast.AST):
            yield f"({type(at).__name__}"
            ahead.append(_END)
            for name in reversed(at._fields):
                value = getattr(at, name, None)
                if name not in _SAYS_NOTHING and value is not None and value != []:
                    ahead += [_END, value, _Name(name)]
        elif isinstance(at, list):
            ahead += reversed([item for item in at if not _is_docstring(item)])
        else:
            yield str(at) if isinstance(at, _Name) else repr(at)


class _Name(str):
    """The name of a field, or a sign."""

    __slots__ = ()


_END = _Name(")")


def _is_docstring(item: Any) -> bool:
    """Whether it is a text that stands by itself, as a statement: one that does nothing."""
    return isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant) and isinstance(item.value.value, str)
