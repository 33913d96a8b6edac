"""Whether a task of ECS that has stopped did what it should, and what is said of it."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.contrib._ecs.verdict import succeeded, told


def stopped(*codes: Any, code: str | None = "EssentialContainerExited") -> dict[str, Any]:
    """Its containers are called a, b, …; an exit code may have a reason with it."""
    containers = []
    for name, exit_code in zip("abc", codes, strict=False):
        number, reason = exit_code if isinstance(exit_code, tuple) else (exit_code, None)
        known = {"exitCode": number, "reason": reason}
        containers.append({"name": name, **{key: value for key, value in known.items() if value is not None}})
    return {"stoppedReason": "why", "containers": containers} | ({"stopCode": code} if code else {})


@pytest.mark.parametrize(
    ("task", "essential", "well"),
    [
        (stopped(0), "a", True),
        (stopped(0, code=None), "a", True),  # by an old agent
        (stopped(1), "a", False),
        (stopped(None), "a", False),
        (stopped(), "", False),
        (stopped(0, 0), "ab", True),
        (stopped(0, 143), "a", True),
        (stopped(0, 1), "a", True),
        (stopped(1, 0), "a", False),
        (stopped(0, 137), "ab", True),
        (stopped(0, 1), "ab", False),
        (stopped(137, 143), "ab", False),
        (stopped(0, (137, "OutOfMemoryError")), "ab", False),
        (stopped(0, code="UserInitiated"), "a", False),
        (stopped((None, "CannotPullContainerError"), code="TaskFailedToStart"), "a", False),
        (stopped(0, code="SpotInterruption"), "a", False),
    ],
)
def test_what_success_is(task: dict[str, Any], essential: str, well: bool) -> None:
    assert succeeded(task, lambda: essential) is well


def test_what_is_said() -> None:
    assert told(stopped(0)) == "why"
    assert told(stopped(0, 3, (None, "no such image"))) == (
        "why; container b ended with 3; container c ended without an exit code: no such image"
    )
