"""What the site adds to plain Markdown, so that the pages read as well in the repository as here."""

from __future__ import annotations

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

from luigi_site import contents, fences, links, tables


def setup(app: Sphinx) -> dict[str, bool]:
    """Sphinx calls this. Each part reads a page's source before Sphinx does."""
    app.add_lexer("mermaid", TextLexer)  # drawing it takes a script from the network: the site shows its text
    for part in (tables, contents, links, fences):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
