"""A picture in the language of Mermaid, which GitHub, GitLab and many editors draw."""

from __future__ import annotations

from collections.abc import Iterator

from luigi.drawing.colours import FILLS
from luigi.drawing.picture import Node, Picture

_ENTITIES = {ord(character): f"#{ord(character)};" for character in '"#&<>`\\[]{}()|;'} | {
    ord("\n"): "<br>",
    ord("\r"): " ",
    0: "",
}


def lines(picture: Picture) -> Iterator[str]:
    """The lines of a flowchart. Arrows lead from what is required to what requires it, as the data goes."""
    names = {key: f"n{place}" for place, key in enumerate(picture.nodes)}
    yield "flowchart LR"
    for key, node in picture.nodes.items():
        kind = f":::{node.status}" if node.status else ""
        yield f'  {names[key]}["{_label(node)}"]{kind}'
    for key, dep, pairs in picture.links:
        count = f"|{pairs}|" if pairs > 1 else ""
        yield f"  {names[dep]} -->{count} {names[key]}"
    for status in dict.fromkeys(node.status for node in picture.nodes.values() if node.status):
        yield f"  classDef {status} fill:{FILLS[status]},stroke:#888,color:#111"


def _label(node: Node) -> str:
    said = [node.family, node.detail, node.standing, node.problem]
    return "<br>".join(text.translate(_ENTITIES) for text in said if text)
