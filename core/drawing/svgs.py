"""A picture as SVG: a file of its own, without scripts, fonts or anything else from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from luigi.drawing.colours import DARK_FILLS, FILLS
from luigi.drawing.layout import LINE, MARGIN, Box, Page, laid_out
from luigi.drawing.picture import Node, Picture
from luigi.markup import clean

STYLE = "\n".join(
    [
        "svg.tasks{font:12px ui-monospace,Menlo,Consolas,monospace;background:#fff}",
        ".tasks text{fill:#1b1f24}.tasks rect{fill:#f6f8fa;stroke:#57606a}",
        ".tasks path{fill:none;stroke:#8c959f}.tasks marker path{fill:#8c959f;stroke:none}",
        ".tasks .external rect{stroke-dasharray:4 3}.tasks .family{font-weight:600}",
        *(f".tasks .{status} rect{{fill:{fill}}}" for status, fill in FILLS.items()),
        "@media(prefers-color-scheme:dark){svg.tasks{background:#0d1117}",
        ".tasks text{fill:#e6edf3}.tasks rect{fill:#21262d;stroke:#8b949e}",
        *(f".tasks .{status} rect{{fill:{fill}}}" for status, fill in DARK_FILLS.items()),
        "}",
    ]
)


def lines(picture: Picture) -> Iterator[str]:
    """The document. Arrows lead from what is required to what requires it, as the data goes."""
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield from drawing(picture)


def drawing(picture: Picture) -> Iterator[str]:
    """The element alone, to be put into a page."""
    page = laid_out(picture)
    size = f'width="{page.width:.0f}" height="{page.height:.0f}" viewBox="0 0 {page.width:.0f} {page.height:.0f}"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" class="tasks" role="img" {size}>'
    yield f"<title>{clean(_title(picture))}</title><style>{STYLE}</style>"
    yield '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    yield '<path d="M0 0L8 4L0 8z"/></marker></defs>'
    yield from _links(picture, page)
    for key, box in page.boxes.items():
        yield _node(picture.nodes[key], box)
    yield "</svg>"


def _title(picture: Picture) -> str:
    return f"{picture.tasks:,} tasks: {', '.join(picture.nodes[root].label for root in picture.roots[:3])}"


def _links(picture: Picture, page: Page) -> Iterator[str]:
    for key, dep, pairs in picture.links:
        title = f"{picture.nodes[key].label} requires {picture.nodes[dep].label}"
        count = f" ({pairs:,} times)" if pairs > 1 else ""
        way = _way([page.boxes[dep], *page.ways.get((key, dep), ()), page.boxes[key]])
        yield f'<path d="{way}" marker-end="url(#head)"><title>{clean(title + count)}</title></path>'


def _way(boxes: Sequence[Box]) -> str:
    """From the right side of the first box, through those between, to the left side of the last."""
    steps = [f"M{boxes[0].x + boxes[0].width:.0f} {_middle(boxes[0]):.0f}"]
    for start, end in pairwise(boxes):
        steps.append(_bend(start, end))
        if end is not boxes[-1]:
            steps.append(f"H{end.x + end.width:.0f}")
    return "".join(steps)


def _bend(start: Box, end: Box) -> str:
    """On to the next box; what leads back, or to itself, goes round below."""
    x, y, to_x, to_y = start.x + start.width, _middle(start), end.x, _middle(end)
    if to_x > x:
        bend = (to_x - x) / 2
        return f"C{x + bend:.0f} {y:.0f} {to_x - bend:.0f} {to_y:.0f} {to_x:.0f} {to_y:.0f}"
    low = max(start.y + start.height, end.y + end.height) + 2 * MARGIN
    return f"C{x + 40:.0f} {low:.0f} {to_x - 40:.0f} {low:.0f} {to_x:.0f} {to_y:.0f}"


def _middle(box: Box) -> float:
    return box.y + box.height / 2


def _node(node: Node, box: Box) -> str:
    kinds = " ".join(filter(None, ["node", node.status, "external" if node.external else ""]))
    title = "\n".join(filter(None, [node.label, node.standing, node.problem, node.key]))
    return (
        f'<g class="{kinds}"><title>{clean(title)}</title>'
        f'<rect x="{box.x:.0f}" y="{box.y:.0f}" width="{box.width:.0f}" height="{box.height:.0f}" rx="5"/>'
        f"{''.join(_texts(box))}</g>"
    )


def _texts(box: Box) -> Iterator[str]:
    for place, line in enumerate(box.lines):
        kind = ' class="family"' if not place else ""
        x, y = box.x + MARGIN, box.y + MARGIN + place * LINE + 12
        yield f'<text x="{x:.0f}" y="{y:.0f}"{kind}>{clean(line)}</text>'
