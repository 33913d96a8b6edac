"""What a worker has to say to a scheduler that cannot hear it now: kept in order, and no longer than it has to be."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from luigi.interfaces import Batcher, Progress, Said, TaskSpec

MOST_SAID = 1000
"""Things said in one call at most."""


class Declaring(NamedTuple):
    """Tasks to be made known by one call."""

    tasks: Sequence[TaskSpec]
    batchers: Sequence[Batcher]
    submission: str = ""
    """Who wants them done, where that is not the worker that says so."""


class Outbox:
    """Takes in what is to be said, and gives it back call by call.

    Of what a task says of its progress only the last is kept of each kind, so that waiting for an hour costs no memory.
    """

    def __init__(self) -> None:
        self._waiting: deque[Declaring | list[Said]] = deque()
        self._progress: dict[tuple[str, int], tuple[list[Said], int]] = {}
        """Where a task's progress stands that later progress may join, by task and assignment: the call, and its place
        there."""

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def declare(self, tasks: Sequence[TaskSpec], batchers: Sequence[Batcher], submission: str = "") -> None:
        """Tasks are to be made known, after all that is here."""
        self._waiting.append(Declaring(tasks, batchers, submission))
        self._progress.clear()

    def say(self, said: Sequence[Said]) -> None:
        """Something is to be said, after all that is here."""
        for one in said:
            if not (isinstance(one, Progress) and self._joined(one)):
                self._append(one)

    def _append(self, one: Said) -> None:
        last = self._waiting[-1] if self._waiting else None
        if not isinstance(last, list) or len(last) >= MOST_SAID:
            last = []
            self._waiting.append(last)
        if isinstance(one, Progress):
            self._progress[one.task_id, one.token] = last, len(last)
        last.append(one)

    def _joined(self, progress: Progress) -> bool:
        """Whether it went into what the task had said before."""
        place = self._progress.get((progress.task_id, progress.token))
        if place is None:
            return False
        said, at = place
        earlier = said[at]
        assert isinstance(earlier, Progress)
        said[at] = joined(earlier, progress)
        return True

    def take(self) -> Declaring | list[Said] | None:
        """What the next call is to say; None when there is nothing. Nothing joins it any more."""
        if not self._waiting:
            return None
        first = self._waiting.popleft()
        if isinstance(first, list):
            self._progress = {key: place for key, place in self._progress.items() if place[0] is not first}
        return first


def joined(earlier: Progress, later: Progress) -> Progress:
    """Both as one: the later of each kind, and all that was given back."""
    news = {name: value for name, value in later._asdict().items() if value is not None}
    given = dict(earlier.given_back)
    for name, amount in later.given_back.items():
        given[name] = given.get(name, 0) + amount
    return earlier._replace(**{**news, "given_back": given})
