"""`kernel --help`: all commands, by group, on one screen."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.cli import commands
from luigi.cli.command_help import GROUPS, everything, overview
from luigi.hookspecs import Command

LINES, COLUMNS = 24, 80
"""A terminal as it opens."""


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(COLUMNS))


def brought(name: str, group: str = "more") -> Command:
    return Command(name, f"what {name} does", lambda argv: 0, group)


def test_it_fits_a_screen(shell: Any) -> None:
    lines = shell.kernel("--help").out.splitlines()
    assert len(lines) < LINES, "the prompt needs a line, too"
    assert max(map(len, lines)) <= COLUMNS


def test_every_command_of_the_kernel_is_in_a_group() -> None:
    assert {command.name for command in commands() if command.group not in GROUPS} == set()


def test_each_command_is_named_once() -> None:
    there = commands()
    words = overview(there).replace(",", " ").split()
    assert [command.name for command in there if command.name not in words] == []
    starts = [line.split()[0] for line in everything(there).splitlines() if line.startswith("  ") and line[2] != " "]
    assert sorted(starts) == sorted(command.name for command in there)


def test_groups_have_an_order_and_a_plugin_may_bring_one() -> None:
    told = everything([brought("stray"), brought("fly", "flights"), brought("go", "run"), brought("why", "explain")])
    assert [line.partition(":")[0] for line in told.splitlines() if ":" in line] == [
        "run",
        "explain",
        "flights",
        "more",
    ]


def test_many_commands_of_plugins_still_fit() -> None:
    lines = overview([*commands(), *(brought(f"plugin-{number}") for number in range(20))]).splitlines()
    assert len(lines) <= LINES
    assert max(map(len, lines)) <= COLUMNS


@pytest.mark.parametrize("words", [(), ("-h",), ("--help",), ("help",)])
def test_the_ways_to_ask(shell: Any, words: tuple[str, ...]) -> None:
    ended = shell.kernel(*words)
    assert (ended.code, ended.out.splitlines()[0]) == (0, "usage: kernel COMMAND [ARGUMENT ...]")


def test_help_of_a_command_is_its_own(shell: Any) -> None:
    assert shell.kernel("help", "plugins") == shell.kernel("plugins", "--help")
    assert shell.kernel("help", "plugns").err.startswith("error: unknown command 'plugns'\nhint: did you mean plugins")
