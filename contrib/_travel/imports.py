"""What the code that a task takes along imports: that has to come along, too."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from luigi.contrib._travel.members import Member


def imported(file: Member) -> Iterator[str]:
    """The names that a file of an archive imports, anywhere in it; of `from a import b`, a.b."""
    if not file.name.endswith(".py"):
        return
    try:
        tree = ast.parse(file.content)
    except (SyntaxError, ValueError):  # what cannot be imported, imports nothing: a template, Python 2
        return
    package = file.name.split("/")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from _of(node, package)


def _of(node: ast.ImportFrom, package: list[str]) -> Iterator[str]:
    above = package[: len(package) - node.level + 1] if node.level else []
    parts = [*above, *(node.module.split(".") if node.module else [])]
    for name in node.names:
        yield ".".join(parts if name.name == "*" else [*parts, name.name])
