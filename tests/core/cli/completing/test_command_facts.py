"""What commands take is read from the help they print."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.cli.completing.command_facts import all_commands, read_help

TEXT = """\
usage: kernel paint [-h] [--colour {red,green}] [--by NAME [NAME ...]]
                    {wall,door} [TASK]

Paints --not-an-option.

options:
  -h, --help            show this help message and exit
  -c, --colour {red,green}
                        which one
  --form text|svg       how
  --by NAME
  --both FIRST SECOND   two values
  --profile[=FILE]      a value that may be left out
"""


def test_options_with_their_values() -> None:
    options = read_help(TEXT)["options"]
    assert {name: (one["about"], one["value"], one["choices"]) for name, one in options.items()} == {
        "--help": ("show this help message and exit", "", []),
        "--colour": ("which one", "{red,green}", ["red", "green"]),
        "--form": ("how", "text|svg", ["text", "svg"]),
        "--by": ("", "NAME", []),
        "--both": ("two values", "FIRST SECOND", []),
        "--profile": ("a value that may be left out", "", []),
    }


@pytest.mark.parametrize(
    ("usage", "words", "places"),
    [
        ("kernel paint [-h] [--colour {red,green}] {wall,door} [TASK]", ["wall", "door"], ["TASK"]),
        ("kernel paint [list | show] [OPTION ...]", ["list", "show"], []),
        ("kernel paint show|check|init [ARGUMENT ...]", ["show", "check", "init"], []),
        ("kernel paint (TASK | [RUN] --failed) [OPTION ...]", [], ["RUN", "TASK"]),
        ("kernel paint [--task TASK] MODULE [MODULE ...]", [], ["MODULE"]),
    ],
)
def test_words_and_places(usage: str, words: list[str], places: list[str]) -> None:
    found = read_help(f"usage: {usage}\n\nOther words | lines.\n")
    assert (found["words"], found["places"]) == (words, places)


def test_no_help_is_nothing() -> None:
    assert read_help("") == {"options": {}, "words": [], "places": [], "parts": {}}


@pytest.fixture(scope="module")
def there() -> dict[str, Any]:
    return all_commands()


def test_every_command_of_the_kernel_has_help(there: dict[str, Any]) -> None:
    assert [name for name, facts in there.items() if not facts["options"]] == []


def test_every_command_that_answers_something_takes_json(there: dict[str, Any]) -> None:
    def takes(facts: dict[str, Any]) -> bool:
        return "--json" in facts["options"] or any(map(takes, facts["parts"].values()))

    others = {"run", "backfill", "worker", "execute-task", "serve", "tokens", "new", "plugins", "completion"}
    assert {name for name, facts in there.items() if not takes(facts)} == others
