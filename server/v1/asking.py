"""Questions to the scheduler, made of what a call says."""

from __future__ import annotations

from typing import Any

from luigi.interfaces import Question
from luigi.server.v1.operations import Call


def ask(call: Call, noun: str, subject: str = "", **options: Any) -> Any:
    """What the scheduler answers. Options that are None are not asked."""
    asked = {name: value for name, value in options.items() if value is not None}
    return call.scheduler.view(Question(noun, subject, asked))


def given(call: Call, *names: str) -> dict[str, Any]:
    """Those of the fields that the call gives."""
    return {name: call.said[name] for name in names if name in call.said}
