"""Links as they work in the repository: to a folder, which means its index, and to files beside docs, copied along."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx

LINK = re.compile(r"(?<=\]\()(?P<target>[^)#\s:]+)(?P<anchor>#[^)\s]*)?(?=\))")
INDEXES = ("index.md", "README.md")


def setup(app: Sphinx) -> None:
    """Have the links of every page rewritten."""
    app.connect("source-read", _rewrite)


def targets(text: str, folder: Path) -> Iterator[Path]:
    """The local files that a page in `folder` links, in order; for a folder its index."""
    for link in LINK.finditer(text):
        yield index_of((folder / link["target"]).resolve())


def index_of(path: Path) -> Path:
    """The page that speaks for `path`: the path itself unless it is a folder with an index."""
    return next((path / name for name in INDEXES if (path / name).exists()), path)


def _rewrite(app: Sphinx, page: str, source: list[str]) -> None:
    folder = Path(app.srcdir, page).parent

    def rewritten(link: re.Match[str]) -> str:
        target, anchor = link["target"], link["anchor"] or ""
        path = (folder / target).resolve()
        if path.is_dir():
            return f"{target.rstrip('/')}/{index_of(path).name}{anchor}"
        beside = path.exists() and not path.is_relative_to(Path(app.srcdir).resolve())
        return f"path:{target}" if beside else link[0]

    source[0] = LINK.sub(rewritten, source[0])
