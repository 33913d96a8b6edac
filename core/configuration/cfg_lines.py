"""Finds the line of every option in the text of a cfg file.

configparser does not tell where it found a value. This scan does not parse: the text is known to be well formed.
"""

from __future__ import annotations

import re

HEADER = ""
"""The option under which a section's own header is listed."""

_SECTION = re.compile(r"\[(?P<name>.+)\]")
_OPTION = re.compile(r"(?P<name>.*?)\s*[=:]")


def cfg_lines(text: str) -> dict[tuple[str, str], int]:
    """(section, option) -> line, for a text that configparser reads."""
    found: dict[tuple[str, str], int] = {}
    section = ""
    depth: int | None = None  # how far the option that lines may continue is indented
    for number, line in enumerate(text.split("\n"), start=1):
        content = line.strip()
        if not content or content[0] in "#;":
            continue
        indent = len(line) - len(line.lstrip())
        if depth is not None and indent > depth:
            continue
        header = _SECTION.match(content)
        if header:
            section, depth = header["name"], None
            found.setdefault((section, HEADER), number)
            continue
        option = _OPTION.match(content)
        if option:
            depth = indent
            found.setdefault((section, option["name"]), number)
    return found
