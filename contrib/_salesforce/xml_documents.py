"""Puts documents in XML together that have roots of one kind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml import sax
from xml.sax.saxutils import XMLFilterBase, XMLGenerator

from luigi.contrib._salesforce.errors import NotMerged
from luigi.contrib._salesforce.sink import Sink


def join(parts: Sequence[Path], to: Sink) -> None:
    """What is in the root of each, in that of the first."""
    writer = XMLGenerator(to, "UTF-8", short_empty_elements=True)
    inside = _Inside(writer)
    writer.startDocument()
    for part in parts:
        inside.depth = 0
        inside.setContentHandler(writer)
        parser = sax.make_parser()
        parser.setContentHandler(inside)
        parser.parse(str(part))
    inside.end()


class _Inside(XMLFilterBase):
    """Passes on what is in the roots of documents, in one root."""

    def __init__(self, writer: XMLGenerator) -> None:
        super().__init__()
        self._writer = writer
        self._root: tuple[str, dict[str, str]] | None = None
        self.depth = 0

    def startDocument(self) -> None: ...

    def endDocument(self) -> None: ...

    def startElement(self, name: str, attrs: Any) -> None:
        self.depth += 1
        if self.depth > 1:
            self._writer.startElement(name, attrs)
            return
        root = name, dict(attrs)
        if self._root is None:
            self._root = root
            self._writer.startElement(name, attrs)
        elif root != self._root:
            raise NotMerged(f"results begin in different ways: {self._root[0]}, {name}, or other namespaces")

    def endElement(self, name: str) -> None:
        if self.depth > 1:
            self._writer.endElement(name)
        self.depth -= 1

    def characters(self, content: str) -> None:
        if self.depth > 1:
            self._writer.characters(content)

    def end(self) -> None:
        """There is no more."""
        if self._root is not None:
            self._writer.endElement(self._root[0])
        self._writer.endDocument()
