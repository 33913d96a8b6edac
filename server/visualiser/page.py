"""The frame that the visualiser's scripts fill: its landmarks, its styles, and what it says where scripts are off."""

from __future__ import annotations

import importlib.resources
import importlib.resources.abc
import posixpath
import re
from functools import cache
from string import Template
from typing import Final

from luigi.server import files
from luigi.server.pages.html import Html, element

PACKAGE: Final = "luigi.server.visualiser"

PLACES: Final = ("tasks", "graph", "workers", "resources", "triggers", "runs")
"""Where one can go; the first is where most people come in."""

_IMPORT: Final = re.compile(r"""^(?:import|export)\s[^;]*?from\s+"(\.{1,2}/[^"]+)";""", re.MULTILINE)


@cache
def page(place: str = PLACES[0]) -> Html:
    """The whole page. Browsers are told of all the modules of a place at once: they would find one behind the other."""
    frame = _folder().joinpath("page.html").read_text(encoding="utf-8")
    styles = [element("link", rel="stylesheet", href=name) for name in files.names(PACKAGE) if name.endswith(".css")]
    modules = [element("link", rel="modulepreload", href=name) for name in modules_of(place)]
    return Html(Template(frame).substitute(styles="\n".join(styles), modules="\n".join(modules)))


def modules_of(place: str) -> list[str]:
    """The scripts that are needed before anything is seen of a place, by their paths below `static`."""
    needed: set[str] = set()
    new = {"main.js", f"places/{place}.js"}
    while new:
        needed |= new
        new = {found for name in new for found in imported_by(name)} - needed
    return sorted(needed)


def imported_by(name: str) -> list[str]:
    """What a module cannot run without."""
    written = _folder().joinpath("static", name).read_text(encoding="utf-8")
    return [posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) for path in _IMPORT.findall(written)]


def _folder() -> importlib.resources.abc.Traversable:
    return importlib.resources.files(PACKAGE)
