"""Notices that are told together: how often what happened, and the last line of what was said of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from luigi import notices
from luigi.notifying.interval import Alarm, Interval, timer
from luigi.telling import SEVERITIES, Notice

SHOWN = 100
"""How many subjects a digest has at most; of the rest it says how many there were."""


@dataclass(slots=True)
class Line:
    """What happened, by its subject."""

    times: int = 0
    said: str = ""


class Digest:
    """Gathers notices and passes on one for all of them, every `minutes` in which there were any."""

    def __init__(
        self,
        minutes: float,
        post: Callable[[Notice], None],
        alarm: Callable[[float, Callable[[], None]], Alarm] = timer,
    ) -> None:
        self._post = post
        self._lock = threading.Lock()
        self._lines: dict[str, Line] = {}
        self._count = 0
        self._left_out = 0
        self._severity = SEVERITIES[0]
        self._owners: dict[str, None] = {}
        self._interval = Interval(minutes, self._send, alarm)
        self.end = self._interval.end

    def add(self, notice: Notice) -> None:
        """Have it told with the others."""
        with self._lock:
            self._count += 1
            self._severity = max(self._severity, notice.severity, key=SEVERITIES.index)
            self._owners.update(dict.fromkeys(notice.owners))
            if notice.subject in self._lines or len(self._lines) < SHOWN:
                line = self._lines.setdefault(notice.subject, Line())
                line.times += 1
                line.said = _last_line(str(notice.facts.get("explanation") or notice.text))
            else:
                self._left_out += 1
        self._interval.begin()

    def _send(self) -> None:
        with self._lock:
            if not self._count:
                return
            text, owners = self._text(), tuple(self._owners)
            notice = notices.digest(text, self._count, self._interval.minutes, self._severity, owners)
            self._lines, self._count, self._left_out, self._owners = {}, 0, 0, {}
            self._severity = SEVERITIES[0]
        self._post(notice)

    def _text(self) -> str:
        blocks = [f"- {subject}{_times(line.times)}\n    {line.said}".rstrip() for subject, line in self._lines.items()]
        if self._left_out:
            blocks.append(f"- and {self._left_out} more, of other tasks")
        return "\n\n".join(blocks) + "\n"


def _times(times: int) -> str:
    return "" if times == 1 else f" ({times} times)"


def _last_line(text: str) -> str:
    return text.rstrip().rpartition("\n")[2].strip()
