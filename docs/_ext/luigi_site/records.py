"""A record of hookspecs.py as a table: its fields, their types, and the strings below them, which Python forgets."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator

from luigi import hookspecs


def section(record: type) -> str:
    """What a page says of the record."""
    rows = [f"| `{name}` | `{kind}` | {meaning} |" for name, kind, meaning in fields(record)]
    table = "\n".join(["| field | type | |", "|---|---|---|", *rows])
    return f"## {record.__name__}\n\n{inspect.getdoc(record)}\n\n{table}"


def fields(record: type) -> Iterator[tuple[str, str, str]]:
    """Name, type and meaning of each field, as they can stand in a table."""
    (body,) = (
        node.body
        for node in ast.parse(inspect.getsource(hookspecs)).body
        if isinstance(node, ast.ClassDef) and node.name == record.__name__
    )
    for field, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(field, ast.AnnAssign):
            yield ast.unparse(field.target), cell(ast.unparse(field.annotation)), cell(_text(after))


def cell(text: str) -> str:
    """The text as it can stand in a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def _text(node: ast.stmt | None) -> str:
    told = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return inspect.cleandoc(str(node.value.value)) if told else ""  # type: ignore[union-attr]
