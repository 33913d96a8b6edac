"""A picture in the language of Graphviz: `kernel graph … --format dot | dot -Tpng`."""

from __future__ import annotations

from collections.abc import Iterator

from luigi.drawing.colours import FILLS
from luigi.drawing.picture import Node, Picture


def lines(picture: Picture) -> Iterator[str]:
    """The lines of a digraph. Arrows lead from what is required to what requires it, as the data goes."""
    yield "digraph tasks {"
    yield '  rankdir=LR; node [shape=box, style="rounded,filled", fillcolor=white, fontname="sans-serif"];'
    for node in picture.nodes.values():
        yield f"  {quoted(node.key)} [{_attributes(node)}];"
    for key, dep, pairs in picture.links:
        label = f" [label={quoted(f'{pairs:,}')}]" if pairs > 1 else ""
        yield f"  {quoted(dep)} -> {quoted(key)}{label};"
    yield "}"


def quoted(text: str) -> str:
    r"""`text` as a string of dot. Graphviz reads `\n` and its like in labels, so backslashes are doubled."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", " ").replace("\n", "\\n").replace("\0", "")
    return f'"{escaped}"'


def _attributes(node: Node) -> str:
    said = "\n".join(filter(None, [node.family, node.detail, node.standing, node.problem]))
    fill = f", fillcolor={quoted(FILLS[node.status])}" if node.status else ""
    dashed = ', style="rounded,filled,dashed"' if node.external else ""
    return f"label={quoted(said)}{fill}{dashed}"
