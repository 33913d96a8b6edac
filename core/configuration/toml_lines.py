"""Finds the line of every option in the text of a TOML file.

tomllib does not tell where it found a value. This scan does not parse: the text is known to be TOML. It takes the text
apart into strings, comments and brackets only as far as is needed to tell where a statement starts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from luigi.configuration.cfg_lines import HEADER

_STRINGS = r""""{3}(?:\\.|[^\\])*?"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*'"""
_TOKEN = re.compile(rf"{_STRINGS}|#[^\n]*|[\[\]{{}}\n]", re.DOTALL)
_KEY = r"""(?:[A-Za-z0-9_-]+|"(?:\\.|[^"\\])*"|'[^']*')"""
_PATH = rf"\s*{_KEY}(?:\s*\.\s*{_KEY})*\s*"
_HEADER = re.compile(rf"\s*\[\[?(?P<path>{_PATH})\]")
_OPTION = re.compile(rf"(?P<path>{_PATH})=")
_PART = re.compile(_KEY)


def toml_lines(text: str) -> dict[tuple[str, str], int]:
    """(section, option) -> line, for a text that tomllib reads.

    The section of a nested table is its dotted path; that of what stands outside any table is an empty string.
    """
    found: dict[tuple[str, str], int] = {}
    table: tuple[str, ...] = ()
    for number, line in _toml_statements(text):
        header = _HEADER.match(line)
        if header:
            table = _parts(header["path"])
            found.setdefault((".".join(table), HEADER), number)
            _note(found, table, number)
            continue
        option = _OPTION.match(line)
        if option:
            _note(found, (*table, *_parts(option["path"])), number)
    return found


def _note(found: dict[tuple[str, str], int], path: tuple[str, ...], number: int) -> None:
    """A table in a table is both a section of its own and an option of the one around it."""
    for at in range(len(path)):
        found.setdefault((".".join(path[:at]), path[at]), number)


def _parts(path: str) -> tuple[str, ...]:
    return tuple(_unquoted(part) for part in _PART.findall(path))


def _unquoted(part: str) -> str:
    if part[0] not in "'\"":
        return part
    import tomllib

    return str(tomllib.loads(f"key = {part}")["key"])


def _toml_statements(text: str) -> Iterator[tuple[int, str]]:
    """The statements with the lines they start at; of an array or table of several lines, its first line."""
    number = first = 1
    start = depth = 0
    fresh = True
    for token in _TOKEN.finditer(text + "\n"):
        sign = token[0]
        number += sign.count("\n")
        if sign == "\n":
            if fresh:
                yield first, text[start : token.start()]
            first, start, fresh = number, token.end(), depth == 0
        elif sign in "[{":
            depth += 1
        elif sign in "]}":
            depth -= 1
