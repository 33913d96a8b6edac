"""A block that the reader is to save bears the name of its file."""

from __future__ import annotations

import re

from sphinx.application import Sphinx

SAVED = re.compile(r"^(?P<fence> *```)(?P<language>\w+) (?:file|append)=(?P<name>\S+).*$", re.MULTILINE)


def setup(app: Sphinx) -> None:
    """Have the names shown."""
    app.connect("source-read", _name)


def _name(app: Sphinx, page: str, source: list[str]) -> None:
    source[0] = SAVED.sub(r"\g<fence>{code-block} \g<language>\n:caption: \g<name>\n", source[0])
