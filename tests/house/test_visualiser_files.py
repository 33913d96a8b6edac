"""Rules for the visualiser's files, which no compiler reads: what a browser would find out too late, a text shows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from luigi.server.files import KINDS

ROOM = Path(__file__).parents[2] / "server" / "visualiser"
STATIC = ROOM / "static"
OURS = sorted(path for path in STATIC.rglob("*.js") if "vendor" not in path.parts)
STYLES = sorted(STATIC.rglob("*.css"))

MARKUP_FROM_TEXT = re.compile(
    r"\b(innerHTML|outerHTML|insertAdjacentHTML|setHTMLUnsafe|createContextualFragment|DOMParser|eval)\b"
    r"|\bdocument\.write|\bnew Function\b|\bset(?:Timeout|Interval)\(\s*[\"'`]"
)
"""What could make markup or a program of what a task is called."""
IMPORT = re.compile(r"""^\s*(?:import|export)\b[^;]*?from\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\)""", re.M)
LOADED = re.compile(r"""new URL\(\s*["']([^"']+\.js)["'],\s*import\.meta\.url""")
ELSEWHERE = re.compile(r"""["'`(](?:https?:)?//(?!www\.w3\.org/)[\w.-]+""")
"""An address of another host, but for the names of XML's dialects."""


def name(path: Path) -> str:
    return path.relative_to(STATIC).as_posix()


def imports(path: Path) -> Iterator[Path]:
    """The files that a module names."""
    text = path.read_text(encoding="utf-8")
    for found in [*(one or other for one, other in IMPORT.findall(text)), *LOADED.findall(text)]:
        yield (path.parent / found).resolve()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("node.innerHTML = name;", MARKUP_FROM_TEXT),
        ("setTimeout('go()', 5)", MARKUP_FROM_TEXT),
        ("new Function(text)", MARKUP_FROM_TEXT),
        ("fetch('https://cdn.example/x.js')", ELSEWHERE),
        ("fetch(`//cdn.example/x.js`)", ELSEWHERE),
    ],
)
def test_a_breach_is_seen(text: str, rule: re.Pattern[str]) -> None:
    assert rule.search(text)


@pytest.mark.parametrize("text", ['import { h } from "./dom.js";', 'export * from "./dom.js"', 'import("./dom.js")'])
def test_an_import_is_seen(text: str) -> None:
    assert [found for pair in IMPORT.findall(text) for found in pair if found] == ["./dom.js"]


@pytest.mark.parametrize("path", OURS, ids=name)
def test_the_first_line_says_what_a_module_is_for(path: Path) -> None:
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    assert re.match(r"(//|/\*\*?) \S.{15,}", first), first


@pytest.mark.parametrize("path", OURS, ids=name)
def test_no_text_becomes_markup_or_a_program(path: Path) -> None:
    assert not MARKUP_FROM_TEXT.search(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", [*OURS, *STYLES], ids=name)
def test_no_other_host_is_named(path: Path) -> None:
    assert not ELSEWHERE.search(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", OURS, ids=name)
def test_what_a_module_imports_is_there(path: Path) -> None:
    assert not [found for found in imports(path) if not found.is_file()]


def test_every_module_is_used() -> None:
    """Imported by another, or named by the page itself."""
    used = {found for path in OURS for found in imports(path)} | {STATIC / "main.js", STATIC / "early.js"}
    assert [name(path) for path in OURS if path not in used] == []


def test_every_file_is_of_a_kind_that_the_server_gives_out() -> None:
    assert [path for path in STATIC.rglob("*") if path.is_file() and path.suffix not in KINDS] == []


def test_libraries_are_those_that_are_pinned_with_their_licences() -> None:
    pinned = json.loads((ROOM / "package.json").read_text())["dependencies"]
    licences = (STATIC / "vendor" / "LICENSES.txt").read_text(encoding="utf-8")
    for package, version in pinned.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), "a range gives another library another day"
        assert re.search(rf"^{re.escape(package)} {re.escape(version)}$", licences, re.MULTILINE)
    vendored = {path.name for path in (STATIC / "vendor").iterdir()} - {"LICENSES.txt"}
    named = set(re.findall(r"^(\S+\.js) holds these", licences, re.MULTILINE))
    assert vendored == named


def test_no_module_is_long() -> None:
    """A hundred lines are the measure; one of more than 250 is two."""
    long = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in OURS}
    assert not {module: lines for module, lines in long.items() if lines > 250}
