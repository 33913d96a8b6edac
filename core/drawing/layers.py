"""Puts nodes into layers, such that links lead from one to a later one, and into an order with few crossings.

A link that skips layers gets a point in each of them, so that there is room for it between nodes. Linear but for
sorting. What goes round in a circle, as families may, is cut where it is met first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

SWEEPS: Final = 6
"""How often neighbours are brought near each other, back and forth."""

MOST_POINTS: Final = 5_000
"""With more than so many points links are drawn straight: nobody can follow them then."""


class Point(NamedTuple):
    """Where a link crosses a layer."""

    key: str
    """Who requires."""
    dep: str
    layer: int


Spot = str | Point
Links = Mapping[str, Sequence[str]]
Neighbours = Mapping[Spot, Sequence[Spot]]


class Layers(NamedTuple):
    """What stands where."""

    layers: list[list[Spot]]
    """First what requires nothing."""
    points: Mapping[tuple[str, str], Sequence[Point]]
    """(Who requires, what) → the points between them, beginning at what is required. Without links that have none."""


def layers_of(requires: Links) -> Layers:
    """Every key of `requires`, as near to what requires it as can be."""
    order = _dependencies_first(requires)
    place = {key: number for number, key in enumerate(order)}
    cut = {key: [dep for dep in deps if place[dep] < place[key]] for key, deps in requires.items()}
    level = _levels(order, cut)
    points = _points(cut, level)
    found: list[list[Spot]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
    for key in requires:
        found[level[key]].append(key)
    for crossed in points.values():
        for point in crossed:
            found[point.layer].append(point)
    return Layers(_untangled(found, _neighbours(cut, points)), points)


# --- which layer ---------------------------------------------------------------------------------------------------


def _dependencies_first(requires: Links) -> list[str]:
    """The keys, each behind what it requires, as far as there is no circle. Depth first, without recursion."""
    order: list[str] = []
    met: set[str] = set()
    for start in requires:
        stack = [] if start in met else [(start, iter(requires[start]))]
        met.add(start)
        while stack:
            key, deps = stack[-1]
            dep = next((dep for dep in deps if dep not in met), None)
            if dep is None:
                order.append(key)
                stack.pop()
            else:
                met.add(dep)
                stack.append((dep, iter(requires[dep])))
    return order


def _levels(order: Sequence[str], requires: Links) -> dict[str, int]:
    """The layer of each: as many as there are steps on the longest way to what requires nothing. What requires nothing
    itself comes just before what needs it first."""
    level: dict[str, int] = {}
    first_use: dict[str, int] = {}
    for key in order:
        level[key] = max((level[dep] + 1 for dep in requires[key]), default=0)
        for dep in requires[key]:
            first_use[dep] = min(first_use.get(dep, level[key]), level[key])
    for key in order:
        if not requires[key] and key in first_use:
            level[key] = first_use[key] - 1
    return level


def _points(requires: Links, level: Mapping[str, int]) -> dict[tuple[str, str], list[Point]]:
    skipping = [(key, dep) for key, deps in requires.items() for dep in deps if level[key] - level[dep] > 1]
    if sum(level[key] - level[dep] - 1 for key, dep in skipping) > MOST_POINTS:
        return {}
    return {
        (key, dep): [Point(key, dep, layer) for layer in range(level[dep] + 1, level[key])] for key, dep in skipping
    }


# --- which order ---------------------------------------------------------------------------------------------------


def _neighbours(requires: Links, points: Mapping[tuple[str, str], Sequence[Point]]) -> dict[Spot, list[Spot]]:
    """What each spot is linked to on the side of what is required."""
    linked: dict[Spot, list[Spot]] = {key: [] for key in requires}
    for key, deps in requires.items():
        for dep in deps:
            before: Spot = dep
            for point in points.get((key, dep), ()):
                linked[point] = [before]
                before = point
            linked[key].append(before)
    return linked


def _untangled(layers: list[list[Spot]], requires: Neighbours) -> list[list[Spot]]:
    """Each layer in the order of the middle of what its spots are linked to: in turn on one side, and on the other."""
    required_by: dict[Spot, list[Spot]] = {spot: [] for spot in requires}
    for spot, deps in requires.items():
        for dep in deps:
            required_by[dep].append(spot)
    height = {spot: _share(number, layer) for layer in layers for number, spot in enumerate(layer)}
    for sweep in range(SWEEPS):
        links: Neighbours = required_by if sweep % 2 else requires
        for place in range(len(layers)) if links is requires else reversed(range(len(layers))):
            layers[place] = _sorted(layers[place], links, height)
    return layers


def _sorted(layer: list[Spot], links: Neighbours, height: dict[Spot, float]) -> list[Spot]:
    middle = {spot: _middle([height[other] for other in links[spot]], height[spot]) for spot in layer}
    ordered = sorted(layer, key=middle.__getitem__)
    height.update({spot: _share(number, ordered) for number, spot in enumerate(ordered)})
    return ordered


def _middle(heights: Sequence[float], own: float) -> float:
    return sum(heights) / len(heights) if heights else own


def _share(number: int, layer: Sequence[Spot]) -> float:
    """Where in a layer, from 0 to 1: layers are centred on each other."""
    return (number + 0.5) / len(layer)
