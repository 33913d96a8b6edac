"""Tables of what comes along with the kernel, put into pages when the site is built.

A page says where one goes: `<!-- table: notifiers -->` for a kind of plugin, or `settings`, `extras`. They are in no
file of the repository, so that a new plugin needs no line in any of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging

from luigi.hookspecs import KINDS
from luigi.plugin_settings import Option
from luigi_site.catalogue import commands, extras, offered, sections
from luigi_site.records import cell

PLACE = re.compile(r"^<!-- table: (?P<name>\w+) -->$", re.MULTILINE)

logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> None:
    """Have the tables filled in."""
    app.connect("source-read", _fill)


def _fill(app: Sphinx, page: str, source: list[str]) -> None:
    plugins = Path(app.srcdir, "plugins")
    up = "../" * page.count("/")

    def linked(name: str) -> str:
        return f"[`{name}`]({up}plugins/{name}.md)" if (plugins / f"{name}.md").exists() else f"`{name}`"

    def table(place: re.Match[str]) -> str:
        match place["name"]:
            case "settings":
                return "\n\n".join(_settings())
            case "extras":
                return _table(("extra", "installs", "for"), _extras(linked))
            case "commands":
                return _table(("command", ""), ((f"`{name}`", summary) for name, summary in commands().items()))
            case kind if kind in KINDS:
                return _table(("comes along", "", "extra"), _of_kind(kind, linked))
        logger.warning("there is no table %s", place["name"], location=page)
        return ""

    source[0] = PLACE.sub(table, source[0])


def _of_kind(kind: str, linked: Callable[[str], str]) -> Iterator[tuple[str, ...]]:
    for its_kind, one in offered():
        if its_kind == kind:
            yield linked(one.name), one.summary, f"`{one.extra}`" if one.extra else ""


def _extras(linked: Callable[[str], str]) -> Iterator[tuple[str, ...]]:
    for extra, packages in extras().items():
        users = ", ".join(linked(one.name) for _, one in offered() if one.extra == extra)
        yield f"`{extra}`", ", ".join(f"`{package}`" for package in packages), users


def _settings() -> Iterator[str]:
    for section, options in sections().items():
        rows = ((f"`{one.name}`", f"`{one.kind}`", _default(one), one.help) for one in options)
        yield f"### `[{section}]`\n\n{_table(('option', 'type', 'default', ''), rows)}"


def _default(option: Option) -> str:
    if option.default is None:
        return "none" if "None" in option.kind else "must be given"
    return f"`{option.default}`" if str(option.default) else ""


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """The rows under their heads; nothing when there is no row."""
    lines = [head, tuple("---" for _ in head), *(tuple(map(cell, row)) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) if len(lines) > 2 else ""
