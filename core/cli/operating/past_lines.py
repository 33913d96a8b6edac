"""What a history has, in lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from luigi.cli.operating.telling import counted, last_line, lasted, moment, table


def of_tasks(rows: list[dict[str, Any]]) -> Iterator[str]:
    """A line for each."""
    shown = []
    for row in rows:
        last = row["attempt"] or {"started": None, "ended": None, "error": ""}
        took = lasted(last["started"], last["ended"])
        shown.append((moment(row["at"]), row["status"], row["task_id"], took, last_line(last["error"])))
    yield from _or_nothing(table(("WHEN", "STATUS", "TASK", "TOOK", "LAST ERROR"), shown))


def of_attempts(rows: list[dict[str, Any]]) -> Iterator[str]:
    """A line for each."""
    shown = []
    for row in rows:
        took = lasted(row["started"], row["ended"])
        about = row["status"], row["task_id"], took, row["run"] or "-", row["host"]
        shown.append((moment(row["started"]), *about, last_line(row["error"])))
    yield from _or_nothing(table(("STARTED", "STATUS", "TASK", "TOOK", "RUN", "HOST", "ERROR"), shown))


def of_runs(rows: list[dict[str, Any]]) -> Iterator[str]:
    """A line for each."""
    shown = []
    for row in rows:
        took = lasted(row["began"], row["ended"])
        about = row["status"] or "goes on", took, row["user"], row["code_version"]
        shown.append((row["run"], moment(row["began"]), *about, row["command"]))
    yield from _or_nothing(table(("RUN", "BEGAN", "STATUS", "TOOK", "USER", "VERSION", "COMMAND"), shown))


def of_run(run: dict[str, Any]) -> Iterator[str]:
    """The run, and a line for each attempt."""
    yield from of_runs([run])
    yield counted(run["counts"], "no attempts")
    yield ""
    yield from of_attempts(run["attempts"])


def _or_nothing(lines: Iterator[str]) -> Iterator[str]:
    found = list(lines)
    yield from found or ["nothing"]
