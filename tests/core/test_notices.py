"""Wording: Luigi's subjects, nothing hidden, nothing that is markup or begins another line."""

from __future__ import annotations

from html import escape

import pytest

from luigi import notices
from luigi.notices import NAME_LENGTH, Place, named
from luigi.telling import Notice, TaskFacts

HERE = Place("vm", "luigi --module shop Load --day 1")
LOAD = TaskFacts(
    "Load_1_ab",
    "Load",
    {"day": "1", "key": "hidden-value"},
    ("key",),
    owners=("a@example.com",),
    failures=2,
    expl="Runtime error:\nValueError: <boom> & co",
)

ERRORS = {
    "task_failed": notices.task_failed(LOAD, "Load(day=1)", HERE),
    "scheduling_failed": notices.scheduling_failed(LOAD, "Load(day=1)", "complete", HERE),
    "framework_error": notices.framework_error(LOAD, "Load(day=1)", "scheduling", HERE),
}
ALL = {
    **ERRORS,
    "disabled": notices.disabled(LOAD, "failed too often", 86400.0),
    "recovered": notices.recovered(LOAD, "Load(day=1)", HERE),
    "lost": notices.task_lost(LOAD, "its worker w was lost"),
}


@pytest.mark.parametrize(
    ("which", "subject"),
    [
        ("task_failed", "Luigi: Load(day=1) FAILED. Host: vm"),
        ("scheduling_failed", "Luigi: Load(day=1) failed scheduling. Host: vm"),
        ("framework_error", "Luigi: Framework error while scheduling Load(day=1). Host: vm"),
        ("disabled", "Luigi Scheduler: DISABLED Load_1_ab due to excessive failures"),
        ("recovered", "Luigi: Load(day=1) RECOVERED. Host: vm"),
        ("lost", "Luigi: Load(day=1) FAILED"),
    ],
)
def test_subjects_are_those_that_filters_know(which: str, subject: str) -> None:
    assert ALL[which].subject == subject


@pytest.mark.parametrize("notice", ALL.values(), ids=ALL)
def test_hidden_parameters_are_nowhere(notice: Notice) -> None:
    assert "hidden-value" not in repr(notice)


@pytest.mark.parametrize("notice", ALL.values(), ids=ALL)
def test_who_it_is_about(notice: Notice) -> None:
    assert (notice.task_id, notice.family, notice.owners) == ("Load_1_ab", "Load", ("a@example.com",))
    assert notice.facts["failures"] == 2
    assert notice.facts["parameters"] == {"day": "1"}


@pytest.mark.parametrize("notice", ERRORS.values(), ids=ERRORS)
def test_errors_say_what_where_and_how_it_was_started(notice: Notice) -> None:
    assert all(part in notice.text for part in ("Load", "day", HERE.command, LOAD.expl))
    assert notice.facts["host"] == "vm"
    assert notice.facts["command"] == HERE.command


@pytest.mark.parametrize("which", [*ERRORS, "disabled"])
def test_the_explanation_is_in_the_texts_as_it_is_in_the_facts(which: str) -> None:
    """Whoever shortens it finds it there."""
    explanation = ALL[which].facts["explanation"]
    assert explanation == LOAD.expl
    assert explanation in ALL[which].text
    assert escape(explanation) in ALL[which].html


@pytest.mark.parametrize("notice", ALL.values(), ids=ALL)
def test_values_are_no_markup(notice: Notice) -> None:
    assert "<boom>" not in notice.html
    assert notice.html.startswith("<html>")


def test_a_recovery_is_no_error() -> None:
    assert ALL["recovered"].severity == "info"
    assert {ALL[which].severity for which in (*ERRORS, "disabled", "lost")} == {"error"}


def test_a_subject_is_one_line_and_not_without_end() -> None:
    name = named("Load", {"text": "a\nBcc: everybody@example.com\r\n" + "x" * 1000})
    subject = notices.task_failed(LOAD, name, HERE).subject
    assert "\n" not in subject
    assert "\r" not in subject
    assert len(subject) < NAME_LENGTH + 50
    assert subject.startswith("Luigi: Load(text=a Bcc: everybody@example.com")


def test_a_disabled_task_says_for_how_long_and_what_it_said_last() -> None:
    text = ALL["disabled"].text
    assert "failed too often" in text
    assert "2 failures" in text
    assert "86400 seconds" in text
    assert text.endswith("ValueError: <boom> & co\n")


def test_a_digest_counts() -> None:
    notice = notices.digest("- one", 1, 30, "info")
    assert notice.subject == "Luigi: 1 notice in the last 30 minutes"
    assert (notice.kind, notice.severity) == ("digest", "info")
    assert notices.digest("", 3, 0.5, "error").subject == "Luigi: 3 notices in the last 0.5 minutes"
