"""What completion knows about commands and modules: from the index, or learned by another process when that is old."""

from __future__ import annotations

import sys
from typing import Any

from luigi.cli.completing import index

LEARNING = "luigi.cli.completing.learning"
PATIENCE = 5.0
"""Seconds somebody waits at the keyboard. What takes longer is learned nevertheless, for the next time."""


def commands() -> dict[str, Any]:
    """Command → its `about`, `options`, `words`, `places` and `parts`, as `command_facts` reads them."""
    return _facts(index.COMMANDS).get("commands", {})  # type: ignore[no-any-return]


def runs() -> dict[str, Any]:
    """Configured run → its `module` and `task`."""
    return _facts(index.COMMANDS).get("runs", {})  # type: ignore[no-any-return]


def tasks(module: str) -> dict[str, Any]:
    """Family → its `about` and `options`; nothing for a module that cannot be imported."""
    return _facts(module).get("tasks", {}) if module else {}


def _facts(topic: str) -> index.Facts:
    known = index.kept(topic)
    if known is None and _learn(topic):
        known = index.kept(topic)
    return known or {}


def _learn(topic: str) -> bool:
    """Whether another process learned about the topic as long as somebody waited."""
    import subprocess

    nowhere = subprocess.DEVNULL
    command = [sys.executable, "-m", LEARNING, topic]
    learning = subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True)
    try:
        return learning.wait(PATIENCE) == 0
    except subprocess.TimeoutExpired:
        return False
