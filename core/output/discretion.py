"""A sink in front of another: what it passes on has no private values of the task that printed it.

Output comes in parts, and a value may begin in one and end in the next: an end of a part that may be such a beginning
waits for the next.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from luigi.output.sink import Sink, Speaker
from luigi.private_values import without, written_secrets

if TYPE_CHECKING:
    from luigi.task import Task


class Discreet:
    """Passes on to `sink`. `task_of` gives the task of an id, None where it is not known."""

    def __init__(self, sink: Sink, task_of: Callable[[str], Task | None]) -> None:
        self._sink, self._task_of = sink, task_of
        self._secrets: dict[Speaker, Sequence[str]] = {}
        self._held: dict[Speaker, dict[str, str]] = {}

    def printed(self, speaker: Speaker, at: float, stream: str, text: str) -> None:
        """Pass on what cannot be the beginning of a secret."""
        secrets = self._secrets_of(speaker)
        if secrets:
            held = self._held.setdefault(speaker, {})
            text = without(secrets, held.get(stream, "") + text)
            size = _begun(secrets, text)
            text, held[stream] = text[: len(text) - size], text[len(text) - size :]
        if text:
            self._sink.printed(speaker, at, stream, text)

    def missed(self, speaker: Speaker, at: float, size: int) -> None:
        """Pass it on, behind what was held back."""
        self._let_go(speaker, at)
        self._sink.missed(speaker, at, size)

    def ended(self, speaker: Speaker, at: float) -> None:
        """Pass it on, behind what was held back."""
        self._let_go(speaker, at)
        self._secrets.pop(speaker, None)
        self._sink.ended(speaker, at)

    def _let_go(self, speaker: Speaker, at: float) -> None:
        for stream, text in self._held.pop(speaker, {}).items():
            if text:
                self._sink.printed(speaker, at, stream, text)

    def _secrets_of(self, speaker: Speaker) -> Sequence[str]:
        found = self._secrets.get(speaker)
        if found is None:
            task = self._task_of(speaker.task_id)
            found = self._secrets[speaker] = () if task is None else written_secrets(task)
        return found


def _begun(secrets: Sequence[str], text: str) -> int:
    """How many characters at the end of the text are the beginning of a secret, at most."""
    return max(
        (
            size
            for secret in secrets
            for size in range(1, min(len(secret), len(text) + 1))
            if text.endswith(secret[:size])
        ),
        default=0,
    )
