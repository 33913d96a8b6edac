"""The table of contents follows the links of the index pages, so that no page lists the others a second time.

A page named index or README is followed by those it links, in that order: of its own folder, and of folders below
that have no index. Then come those of its folder that it does not link, but for the site's first page, which must
link each.
"""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

from luigi_site.links import INDEXES, index_of, targets


def setup(app: Sphinx) -> None:
    """Give the index pages their tables of contents."""
    app.connect("source-read", _add)


def below(index: Path) -> list[Path]:
    """The pages that the index page links and that belong below it."""
    linked = dict.fromkeys(targets(index.read_text(encoding="utf-8"), index.parent))
    return [page for page in linked if page != index and page.suffix == ".md" and _parent(page) == index]


def _parent(page: Path) -> Path | None:
    """The nearest index above a page."""
    folders = page.parent.parents if page.name in INDEXES else (page.parent, *page.parent.parents)
    return next((index for folder in folders if (index := index_of(folder)) != folder), None)


def _add(app: Sphinx, page: str, source: list[str]) -> None:
    index = Path(app.srcdir, f"{page}.md").resolve()
    if index.name not in INDEXES:
        return
    linked = below(index)
    others = [] if page == "index" else sorted(set(index.parent.glob("*.md")) - {index, *linked})
    entries = [str(one.relative_to(index.parent).with_suffix("")) for one in [*linked, *others]]
    source[0] += "\n".join(["\n\n```{toctree}", ":hidden:", "", *entries, "```", ""])
