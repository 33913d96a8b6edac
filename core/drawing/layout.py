"""Where nodes stand on a page, and how large the page is. Pixels; text is measured by its characters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from luigi.drawing.layers import Spot, layers_of
from luigi.drawing.picture import Node, Picture

LONGEST = 34
"""Characters of a line: longer ones are cut, and whole in the node's title."""
CHARACTER, LINE, MARGIN = 7.3, 16, 8
"""Pixels: the width of a character, the height of a line, around the text of a node and around the page."""
GAP, BETWEEN = 12, 70
"""Pixels between the nodes of a layer, and between layers."""


class Box(NamedTuple):
    """A node on the page."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]


class Page(NamedTuple):
    """All of it."""

    width: float
    height: float
    boxes: Mapping[str, Box]
    ways: Mapping[tuple[str, str], Sequence[Box]]
    """(Who requires, what) → where their link crosses layers that it skips, beginning at what is required."""


def laid_out(picture: Picture) -> Page:
    """The page: layers from left to right, as the data goes, each in the middle of the height."""
    layers, points = layers_of({key: list(deps) for key, deps in picture.requires.items()})
    shown: dict[Spot, tuple[str, ...]] = {key: _lines(node) for key, node in picture.nodes.items()}
    shown.update((point, ()) for crossed in points.values() for point in crossed)
    highest = max((_height_of([shown[spot] for spot in layer]) for layer in layers), default=0)
    boxes: dict[Spot, Box] = {}
    x: float = MARGIN
    for layer in layers:
        width = max(_width(shown[spot]) for spot in layer)
        y = MARGIN + (highest - _height_of([shown[spot] for spot in layer])) / 2
        for spot in layer:
            boxes[spot] = Box(x, y, width, _height(shown[spot]), shown[spot])
            y += boxes[spot].height + GAP
        x += width + BETWEEN
    ways = {link: [boxes[point] for point in crossed] for link, crossed in points.items()}
    nodes = {key: boxes[key] for key in picture.nodes}
    return Page(max(x - BETWEEN, MARGIN) + MARGIN, highest + 2 * MARGIN, nodes, ways)


def _lines(node: Node) -> tuple[str, ...]:
    beyond = f"… {node.beyond:,} more required" if node.beyond else ""
    said = [node.family, node.detail, node.standing or ("external" if node.external else ""), beyond]
    return tuple(_cut(text) for text in said if text)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _width(lines: tuple[str, ...]) -> float:
    return max((len(line) for line in lines), default=0) * CHARACTER + 2 * MARGIN


def _height(lines: tuple[str, ...]) -> float:
    """Of a node; of a point that a link goes through, nothing."""
    return len(lines) * LINE + 2 * MARGIN if lines else 0


def _height_of(layer: Sequence[tuple[str, ...]]) -> float:
    return sum(_height(lines) + GAP for lines in layer)
