"""How rows are printed: in columns, and in colour where that is welcome."""

from __future__ import annotations

import sys

import pytest

from luigi.cli.operating.telling import ago, counted, lasted, moment, number_of, table


def test_columns_are_as_wide_as_what_is_in_them() -> None:
    rows = [("a", 5, "short"), ("much longer", 1500, "x")]
    assert list(table(("NAME", "N", "LAST"), rows)) == [
        "NAME            N  LAST",
        "a               5  short",
        "much longer  1500  x",
    ]
    assert list(table(("NAME",), [])) == []


def test_statuses_have_colours_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [("FAILED", 1), ("DONE", 2)]
    assert "\x1b" not in "".join(table(("STATUS", "N"), rows))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert list(table(("STATUS", "N"), rows))[1:] == ["\x1b[31mFAILED\x1b[0m  1", "\x1b[32mDONE  \x1b[0m  2"]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in "".join(table(("STATUS", "N"), rows))


def test_numbers_and_times_are_for_readers() -> None:
    assert counted({"DONE": 3, "FAILED": 0}) == "3 DONE"
    assert (counted({}), number_of(1, "task"), number_of(0, "task")) == ("no tasks", "1 task", "0 tasks")
    assert (ago(100.0, 400.0), ago(None, 4.0)) == ("5 minutes ago", "")
    assert (lasted(0.0, 7200.0), lasted(1.0, None), moment(None)) == ("2 hours", "", "")
