"""What each command takes, for completion: read from the help it prints.

A command of a plugin is known by its name alone: whether it prints help when asked so, or does its work, nobody knows.
"""

from __future__ import annotations

import contextlib
import io
import logging
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from luigi.hookspecs import Command

logger = logging.getLogger("luigi-interface")

RUN = "run"
"""The command whose help leaves out flags that every run has, such as `--workers`: --help-all shows them."""

OWN = "luigi."
"""How the names of modules begin that are the kernel's."""

_OPTION = re.compile(
    r" {2,}(?:-\w(?: [\w.]+)?, )?(?P<text>--[a-z][\w-]*)"
    r"(?:[ =](?P<value>\S+(?: [A-Z.\]]+)*)|\[=\w+\])?(?: {2,}(?P<about>.*))?"
)
_CHOICES = re.compile(r"\{([\w,-]+)\}")
_WORDS = re.compile(r"\{[\w,-]+\}|\b[a-z-]+(?: ?\| ?[a-z-]+)+")
_ALTERNATIVES = re.compile(r"[a-z0-9-]+(?:\|[a-z0-9-]+)+")
_OPTIONAL = re.compile(r"\[-[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\]")
_PLACES = re.compile(r"\b(TASK|MODULE|RUN|FAMILY)\b")


def all_commands() -> dict[str, Any]:
    """Name → what the command is about, its options, and what it takes besides."""
    from luigi.cli import commands

    return {command.name: {"about": command.summary, **_taken(command)} for command in commands()}


def _taken(command: Command) -> dict[str, Any]:
    if not command.main.__module__.startswith(OWN):
        return read_help("")
    told = _help(command)
    found = read_help(told)
    if command.name == RUN:
        found["options"] = {**_flags(), **found["options"]}
    parts = {word: _help(command, word) for word in found["words"]}
    found["parts"] = {word: read_help(text) for word, text in parts.items() if text != told}
    return found


def _flags() -> dict[str, Any]:
    from luigi.cli.completing.module_facts import of_flag
    from luigi.cli.flags import FlagTable

    return {flag.text: of_flag(flag) for flag in FlagTable().bare()}


def _help(command: Command, *words: str) -> str:
    """What it prints when asked for help; nothing when it cannot."""
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
            command.main([*words, "--help"])
    except Exception:  # the others are to be completed nevertheless
        logger.debug("no help of %s", " ".join([command.name, *words]), exc_info=True)
    return printed.getvalue()


def read_help(text: str) -> dict[str, Any]:
    """Options, words to begin with, and kinds of other arguments (`TASK`, `MODULE` …) that a help text names."""
    usage = _OPTIONAL.sub("", " ".join(_usage(text)))
    words = _WORDS.search(usage)
    return {
        "options": dict(_options(text)),
        "words": re.findall(r"[\w-]+", words[0]) if words else [],
        "places": sorted(set(_PLACES.findall(usage))),
        "parts": {},
    }


def _usage(text: str) -> Iterator[str]:
    """The lines up to the first empty one."""
    for line in text.splitlines():
        if not line.strip():
            return
        yield line


def _options(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for line, following in pairwise([*text.splitlines(), ""]):
        found = _OPTION.fullmatch(line)
        if found is not None:
            about = found["about"] or (following.strip() if following.startswith(" " * 8) else "")
            value = found["value"] or ""
            yield found["text"], {"about": about, "value": value, "choices": _choices(value)}


def _choices(value: str) -> list[str]:
    listed = _CHOICES.search(value)
    if listed:
        return listed[1].split(",")
    alternatives = _ALTERNATIVES.fullmatch(value.strip("[]"))
    return alternatives[0].split("|") if alternatives else []
