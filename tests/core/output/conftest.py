"""A sink that remembers what it was handed."""

from __future__ import annotations

import pytest

from luigi.output.sink import Speaker


class Heard:
    """What was printed, by token and stream; how much was missed; which attempts have ended."""

    def __init__(self) -> None:
        self.texts: dict[tuple[int, str], str] = {}
        self.lost: dict[int, int] = {}
        self.over: list[int] = []

    def printed(self, speaker: Speaker, at: float, stream: str, text: str) -> None:
        key = speaker.token, stream
        self.texts[key] = self.texts.get(key, "") + text

    def missed(self, speaker: Speaker, at: float, size: int) -> None:
        self.lost[speaker.token] = self.lost.get(speaker.token, 0) + size

    def ended(self, speaker: Speaker, at: float) -> None:
        self.over.append(speaker.token)


@pytest.fixture
def heard() -> Heard:
    return Heard()
