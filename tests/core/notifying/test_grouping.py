"""Failures told together, in the words and the order of Luigi 3.8.1, whose mails were read for these texts."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.batch_notifier import batch_email
from luigi.notifying.grouping import DISABLE, FAILURE, SCHEDULING_FAILURE, Batches, ExplQueue, subject_of

ERROR_1 = "error1 line1\nline2\nline3"


def batches(**options: Any) -> Batches:
    """The example of the manual, one disabled task and one that cannot be scheduled."""
    made = Batches(batch_email(**options))
    made.add(FAILURE, "TaskA(a=1, b=1)", "TaskA", {"b": "1"}, ERROR_1, ())
    made.add(FAILURE, "TaskA(a=1, b=1)", "TaskA", {"b": "1"}, ERROR_1, ())
    made.add(FAILURE, "TaskA(a=2, b=1)", "TaskA", {"b": "1"}, "error2 <b>&", ["o1"])
    made.add(FAILURE, "TaskA(a=1, b=2)", "TaskA", {"b": "2"}, ERROR_1, ())
    made.add(FAILURE, "TaskB(a=1, b=1)", "TaskB", {"a": "1", "b": "1"}, ERROR_1, ["o1", "o2"])
    made.add(DISABLE, "TaskA(a=1, b=1)", "TaskA", {"b": "1"}, "", ["o1"])
    for _ in range(2):
        made.add(SCHEDULING_FAILURE, "TaskC(a=1, b=1)", "TaskC", {"b": "1"}, "cannot schedule", ["o3"])
    return made


ALL_WITHOUT_MESSAGES = """\
- TaskA(a=1, b=1) (2 failures, 1 disable)
  TaskC(a=1, b=1) (2 scheduling failures)
  TaskA(a=1, b=2) (1 failure)
  TaskA(a=2, b=1) (1 failure)
  TaskB(a=1, b=1) (1 failure)"""

FAMILY = """\
- TaskA (4 failures, 1 disable)
  TaskB (1 failure)

      error1 line1
      line2
      line3

- TaskC (2 scheduling failures)

      cannot schedule"""

UNBATCHED = """\
- TaskA(b=1) (3 failures, 1 disable)

      line2
      line3

      error2 <b>&

- TaskA(b=2) (1 failure)
  TaskB(a=1, b=1) (1 failure)

      line2
      line3

- TaskC(b=1) (2 scheduling failures)

      cannot schedule"""

APART = """\
- TaskA(b=1) (3 failures, 1 disable)

      error1 line1
      line2
      line3

      error2 <b>&

- TaskC(b=1) (2 scheduling failures)

      cannot schedule

- TaskA(b=2) (1 failure)

      error1 line1
      line2
      line3

- TaskB(a=1, b=1) (1 failure)

      error1 line1
      line2
      line3"""


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"batch_mode": "all", "error_messages": 0}, ALL_WITHOUT_MESSAGES),
        ({"batch_mode": "family"}, FAMILY),
        ({"error_lines": 2, "error_messages": 3}, UNBATCHED),
        ({"group_by_error_messages": False, "error_messages": 2}, APART),
    ],
    ids=["all", "family", "unbatched", "apart"],
)
def test_each_mode_reads_as_luigis(options: dict[str, Any], text: str) -> None:
    assert batches(**options).everybody.text() == text


def test_subjects_count() -> None:
    made = batches()
    assert (
        subject_of(made.everybody, 60) == "Luigi: 5 failures, 1 disable, 2 scheduling failures in the last 60 minutes"
    )
    assert (
        subject_of(made.owners["o2"], 1, "Your tasks have ") == "Luigi: Your tasks have 1 failure in the last 1 minutes"
    )


def test_owners_see_what_is_theirs() -> None:
    made = batches(batch_mode="all", error_messages=0)
    assert made.owners["o1"].text() == (
        "- TaskA(a=2, b=1) (1 failure)\n  TaskB(a=1, b=1) (1 failure)\n  TaskA(a=1, b=1) (1 disable)"
    )
    assert made.owners["o3"].text() == "- TaskC(a=1, b=1) (2 scheduling failures)"
    assert set(made.owners) == {"o1", "o2", "o3"}


def test_html_is_escaped() -> None:
    html = batches(error_messages=3).everybody.html()
    first = "error1 line1\nline2\nline3"
    second = "error2 &lt;b&gt;&amp;"
    assert f"<li>TaskA(b=1) (3 failures, 1 disable)\n<pre>{first}</pre>\n<pre>{second}</pre></li>" in html
    assert "<li>TaskA(b=2) (1 failure)\n<br>TaskB(a=1, b=1) (1 failure)\n<pre>" in html


def test_empty_messages_take_no_room() -> None:
    made = Batches(batch_email())
    made.add(FAILURE, "A()", "A", {}, "", ())
    assert made.everybody.text() == "- A() (1 failure)"


def test_all_lines_of_a_message() -> None:
    made = Batches(batch_email(error_lines=0))
    made.add(FAILURE, "A()", "A", {}, "\n".join("abcdefghijklmnopqrstuvwxyz") + "\n\n", ())
    assert "      a\n      b" in made.everybody.text()
    assert made.everybody.text().endswith("z")


def test_the_latest_messages_are_kept_each_once() -> None:
    queue = ExplQueue(2)
    for message in "abac":
        queue.enqueue(message)
    assert list(queue) == ["a", "c"]
    none = ExplQueue(0)
    none.enqueue("a")
    assert not none
