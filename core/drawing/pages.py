"""A picture as a page: the drawing, and below it every task, folded by family. One file, and no script in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from luigi.drawing.colours import DARK_FILLS, FILLS
from luigi.drawing.picture import Node, Picture
from luigi.drawing.svgs import drawing
from luigi.markup import clean

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""A browser loads nothing for the page and runs nothing in it, whatever a task is called."""

STYLE = "\n".join(
    [
        ":root{color-scheme:light dark}",
        "body{font:14px system-ui,sans-serif;margin:1.5rem;background:#fff;color:#1b1f24}",
        ".drawing{overflow:auto;max-height:75vh;border:1px solid #8c959f;border-radius:6px}",
        "details{margin:.4rem 0}summary{cursor:pointer}code{font:12px ui-monospace,Menlo,Consolas,monospace}",
        "li{margin:.1rem 0}.status{padding:0 .4em;border-radius:.6em}",
        *(f".status.{status}{{background:{fill}}}" for status, fill in FILLS.items()),
        "@media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}",
        *(f".status.{status}{{background:{fill}}}" for status, fill in DARK_FILLS.items()),
        "}",
    ]
)
MOST_NAMED = 20
"""Requirements of a task that are named; of more, how many."""


def lines(picture: Picture, tasks: Picture | None = None) -> Iterator[str]:
    """The document: a drawing of `picture`, and a list of `tasks`: the same graph, not folded."""
    listed = picture if tasks is None else tasks
    title = clean(", ".join(picture.nodes[root].label for root in picture.roots[:3]))
    yield "<!doctype html>"
    yield f'<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
    yield f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    yield f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body>'
    yield f"<h1>{title}</h1><p>{_counted(listed)}</p>"
    yield '<div class="drawing" tabindex="0">'
    yield from drawing(picture)
    yield "</div><h2>Tasks</h2>"
    for family, nodes in listed.by_family().items():
        yield from _family(family, nodes, listed)
    yield "</body></html>"


def _counted(picture: Picture) -> str:
    counts = [f'<span class="status {status}">{count:,} {status}</span>' for status, count in picture.counts().items()]
    return " ".join([f"{picture.tasks:,} tasks", *counts])


def _family(family: str, nodes: Sequence[Node], picture: Picture) -> Iterator[str]:
    yield f"<details><summary>{clean(family)} ({sum(node.tasks for node in nodes):,})</summary><ul>"
    for node in nodes:
        status = f' <span class="status {node.status}">{node.standing}</span>' if node.status else ""
        problem = f" {clean(node.problem)}" if node.problem else ""
        yield f"<li><code>{clean(node.label)}</code>{status}{problem}{_requirements(node, picture)}</li>"
    yield "</ul></details>"


def _requirements(node: Node, picture: Picture) -> str:
    deps = list(picture.requires[node.key])
    if not deps:
        return ""
    named = "".join(f"<li><code>{clean(picture.nodes[dep].label)}</code></li>" for dep in deps[:MOST_NAMED])
    more = f"<li>and {len(deps) - MOST_NAMED:,} more</li>" if deps[MOST_NAMED:] else ""
    return f"<details><summary>requires {len(deps):,}</summary><ul>{named}{more}</ul></details>"
