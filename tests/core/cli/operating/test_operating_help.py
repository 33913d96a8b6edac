"""Every one of these commands says what it takes, what its exit codes mean, and gives an example."""

from __future__ import annotations

from typing import Any

import pytest

from luigi import defaults

VERBS = [
    *("explain", "logs", "history", "status", "tasks", "workers", "resources", "retry", "cancel", "forgive"),
    *("reenable", "mark-done", "message", "pause", "unpause", "triggers"),
]


def test_all_of_them_are_commands() -> None:
    assert {one.name for one in defaults.luigi_commands() if one.group in ("explain", "operate")} >= set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_help_says_all_that_is_needed(kernel: Any, verb: str) -> None:
    said = kernel(verb, "--help")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"usage: kernel {verb}")
    for words in ("exit codes: 0 ", "--json", f"example: kernel {verb}"):
        assert words in said.out


@pytest.mark.parametrize("verb", VERBS)
def test_an_option_there_is_not_is_a_command_line_that_cannot_be_read(kernel: Any, verb: str) -> None:
    said = kernel(verb, "--jsn")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("error: ")
