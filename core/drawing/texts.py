"""A picture as a tree of lines: a task, and below it what it requires.

What several require is told in full once, where it comes first, so that there are as many lines as requirements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from luigi.drawing.picture import Node, Picture

SEEN = "(see above)"
DEEPEST = 30
"""How many levels are indented: below, each line says its level, or a long chain would cost its length squared."""

Dress = Callable[[str, str], str]
"""Gives a text the colour of a status."""


def _plain(text: str, status: str) -> str:
    return text


def lines(picture: Picture, dress: Dress = _plain) -> Iterator[str]:
    """The lines of the tree."""
    told: set[str] = set()
    stack = [(root, "", "", 0) for root in reversed(picture.roots)]
    while stack:
        key, before, below, level = stack.pop()
        deps = picture.requires[key]
        line = before + _told(picture.nodes[key], dress)
        if key in told:
            yield f"{line}  {SEEN}" if deps else line
            continue
        told.add(key)
        yield line
        stack += reversed([(dep, *_indents(below, level, is_last), level + 1) for dep, is_last in _marked(list(deps))])


def _marked(keys: list[str]) -> Iterator[tuple[str, bool]]:
    """Each with whether it is the last."""
    for place, key in enumerate(keys, 1):
        yield key, place == len(keys)


def _indents(below: str, level: int, is_last: bool) -> tuple[str, str]:
    """What stands before a line one level down, and before the lines below that."""
    if level >= DEEPEST:
        return f"{below}{'└' if is_last else '├'}─ {level + 1}: ", below
    return below + ("└─ " if is_last else "├─ "), below + ("   " if is_last else "│  ")


def _told(node: Node, dress: Dress) -> str:
    parts = [dress(_printable(node.label), node.status)]
    if node.standing:
        parts.append(dress(f"[{node.standing}]", node.status))
    if node.external and not node.statuses:
        parts.append("[external]")
    if node.beyond:
        parts.append(f"… and {node.beyond:,} more required")
    if node.dynamic:
        parts.append("… and what run() yields")
    if node.problem:
        parts.append(_printable(node.problem))
    return "  ".join(parts)


def _printable(text: str) -> str:
    """A task's line is one line, and no value of a parameter tells the terminal anything."""
    return text if text.isprintable() else "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)
