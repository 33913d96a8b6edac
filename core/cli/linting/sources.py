"""The source of classes: where they and their methods stand, their syntax trees, and which findings it forbids."""

from __future__ import annotations

import ast
import inspect
import re
import tokenize
from functools import cached_property
from typing import Final

NOQA: Final = re.compile(r"#\s*luigi:\s*noqa(?:\[(?P<rules>[\w\s,-]*)\])?", re.IGNORECASE)

Method = ast.FunctionDef | ast.AsyncFunctionDef


class Source:
    """One file."""

    def __init__(self, path: str) -> None:
        """`path`: of a file that can be read; nothing is known of any other."""
        self.path = path

    @cached_property
    def lines(self) -> list[str]:
        """Its lines; none when it cannot be read."""
        try:
            with tokenize.open(self.path) as file:  # in the encoding that the file itself declares
                return file.read().splitlines()
        except (OSError, SyntaxError, UnicodeDecodeError):
            return []

    @cached_property
    def classes(self) -> dict[str, ast.ClassDef]:
        """Its classes, by `__qualname__`."""
        try:
            tree = ast.parse("\n".join(self.lines))
        except SyntaxError:
            return {}
        found: dict[str, ast.ClassDef] = {}
        _collect(tree, "", found)
        return found

    def forbids(self, rule: str, line: int) -> bool:
        """Whether a comment in that line says that the rule is not to be told there."""
        found = NOQA.search(self.lines[line - 1]) if 0 < line <= len(self.lines) else None
        if found is None:
            return False
        return found["rules"] is None or rule in re.split(r"[\s,]+", found["rules"].strip())


def _collect(node: ast.AST, prefix: str, found: dict[str, ast.ClassDef]) -> None:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            found[prefix + child.name] = child
            _collect(child, f"{prefix}{child.name}.", found)
        elif isinstance(child, Method):
            _collect(child, f"{prefix}{child.name}.<locals>.", found)
        else:
            _collect(child, prefix, found)


class Sources:
    """The files that classes stand in, each read once."""

    def __init__(self) -> None:
        self._files: dict[str, Source] = {}

    def at(self, path: str) -> Source:
        """The file at `path`."""
        return self._files.setdefault(path, Source(path))

    def of(self, cls: type) -> Source:
        """The file that the class is defined in."""
        try:
            return self.at(inspect.getsourcefile(cls) or "")
        except (TypeError, OSError):
            return self.at("")

    def tree(self, cls: type) -> ast.ClassDef | None:
        """The syntax tree of the class; None where there is no source."""
        return self.of(cls).classes.get(cls.__qualname__)

    def method(self, cls: type, name: str) -> Method | None:
        """The method in the class's own body."""
        tree = self.tree(cls)
        methods = [node for node in tree.body if isinstance(node, Method) and node.name == name] if tree else []
        return methods[-1] if methods else None

    def place(self, cls: type, name: str = "") -> tuple[str, int]:
        """File and line of the class's method or parameter `name`, as far as the class's own body has it."""
        tree = self.tree(cls)
        if tree is None:
            return self.of(cls).path or cls.__module__, 0
        inside = [node.lineno for node in tree.body if name and name in _names(node)]
        return self.of(cls).path, inside[-1] if inside else tree.lineno


def _names(node: ast.stmt) -> set[str]:
    """What a statement of a class's body defines."""
    if isinstance(node, Method):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {target.id for target in targets if isinstance(target, ast.Name)}
