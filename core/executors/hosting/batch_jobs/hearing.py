"""Home's end of one job: lines become news, until the one that is the last, of which there is one in any case."""

from __future__ import annotations

import logging
from threading import Lock

from luigi.executors.hosting.batch_jobs.lines import Began, Unreadable, heard
from luigi.executors.hosting.batch_jobs.requirements import RequirementStays
from luigi.executors.hosting.engine import Ended, Lost, NotThere, Parcel, Post, Printed, Said
from luigi.interfaces import Progress
from luigi.task_status import DONE, FAILED

logger = logging.getLogger("luigi-interface")


class Hearing:
    """What is heard of the job of one parcel. Any thread may call its methods."""

    def __init__(self, parcel: Parcel, post: Post) -> None:
        self.parcel = parcel
        self.where = ""
        """The machine where it has begun."""
        self.is_over = False
        """Its end has been told."""
        self.is_cancelled = False
        """Somebody wants it ended: then that it was is all there is to say of its end."""
        self._status = ""
        """What was last said of why it waits."""
        self._post = post
        self._lock = Lock()

    def take(self, line: bytes) -> None:
        """A line that the job says."""
        try:
            news = heard(line, self.parcel.token)
        except Unreadable as error:
            logger.warning("%s: %s", self.parcel.task_id, error)
        except RequirementStays as error:
            self._end(Ended(self.parcel.token, FAILED, f"{error}\n{error.hint}", retriable=False))
        else:
            self._tell(news)

    def printed(self, at: float, stream: str, text: str) -> None:
        """The job has printed something."""
        if text and not self.is_over:
            self._post(Printed(self.parcel.token, at, stream, text))

    def waits(self, status: str) -> None:
        """The system says so of a job that has not begun: a person finds it as the task's status message."""
        if status != self._status and not (self.where or self.is_over):
            self._status = status
            self._post(Said(self.parcel.token, Progress(self.parcel.task_id, self.parcel.token, status_message=status)))

    def lose(self, why: str) -> None:
        """Nothing more comes. `why` is the second half of a sentence about the task."""
        self._end(Lost(self.parcel.token, "was cancelled" if self.is_cancelled else why))

    def fail(self, explanation: str) -> None:
        """It could not be begun."""
        self._end(Ended(self.parcel.token, FAILED, explanation))

    def _tell(self, news: object) -> None:
        if isinstance(news, Began):
            self.where = news.where
        elif isinstance(news, Ended | NotThere | Lost):
            self._end(news)
        elif not self.is_over:
            self._post(news)  # type: ignore[arg-type]

    def _end(self, news: Ended | NotThere | Lost) -> None:
        if self.is_cancelled and isinstance(news, Ended) and news.status != DONE:
            news = Lost(self.parcel.token, "was cancelled")
        with self._lock:
            if self.is_over:
                return
            self.is_over = True
        self._post(news)
