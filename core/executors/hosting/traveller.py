"""A task on a machine that it only passes through: what its supervisor has to know, bytes for the process behind."""

from __future__ import annotations

from typing import Any

from luigi.executors.hosting.travel import opened


class Traveller:
    """Pickled, it is the task: the process that is sent it opens the bytes, this one never does."""

    __slots__ = ("_content", "accepts_messages", "event", "task_id")

    def __init__(self, task_id: str, accepts_messages: bool, content: bytes) -> None:
        self.task_id = task_id
        self.accepts_messages = accepts_messages
        self.event: str | None = None
        """What was triggered here; its handlers are at home."""
        self._content = content

    def __repr__(self) -> str:
        return self.task_id

    def __reduce__(self) -> tuple[Any, ...]:
        return opened, (self._content,)

    def trigger_event(self, event: str, *args: object) -> None:
        """Note it, for home."""
        self.event = event
