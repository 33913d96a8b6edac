"""Folds a picture: all tasks of a family become one node."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from luigi.drawing.picture import Node, Picture


def folded(picture: Picture) -> Picture:
    """The same graph with a node for each family. Families may require each other, and themselves."""
    nodes = {family: _family(family, members) for family, members in picture.by_family().items()}
    requires: dict[str, dict[str, int]] = {family: {} for family in nodes}
    for key, dep, pairs in picture.links:
        links, other = requires[picture.nodes[key].family], picture.nodes[dep].family
        links[other] = links.get(other, 0) + pairs
    roots = list(dict.fromkeys(picture.nodes[key].family for key in picture.roots))
    return Picture(nodes, requires, roots)


def _family(family: str, members: Sequence[Node]) -> Node:
    statuses: Counter[str] = Counter()
    for member in members:
        statuses.update(member.statuses)
    return Node(
        family,
        family,
        statuses=statuses,
        tasks=len(members),
        external=all(member.external for member in members),
        folded=True,
        beyond=sum(member.beyond for member in members),
        dynamic=any(member.dynamic for member in members),
        problem=next((member.problem for member in members if member.problem), ""),
    )
