"""What is with Slurm: arrays are submitted, what their jobs say is read, and their states are asked for."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from luigi.clock import SYSTEM, Clock
from luigi.executors.hosting.batch_jobs.engine import BatchEngine
from luigi.executors.hosting.batch_jobs.hearing import Hearing
from luigi.plugins.executors.slurm.folder import SCRIPT, SharedFolder
from luigi.plugins.executors.slurm.programs import Slurm, Wishes
from luigi.plugins.executors.slurm.sent import Sent

if TYPE_CHECKING:
    from luigi.executors.hosting.engine import Post
    from luigi.interfaces import Message
    from luigi.plugins.executors.slurm import Settings

logger = logging.getLogger("luigi-interface")

GATHERING: Final = 0.05
"""Seconds for which others may join the first of an array: a worker hands in tasks one by one, all at once."""
LEAVING: Final = 15.0
"""Seconds within which jobs have to be gone that are ended with the executor."""
BETWEEN: Final = 0.1
"""Seconds between looks at whether they are."""


class SlurmEngine(BatchEngine[Sent]):
    """Jobs of Slurm, by a shared folder."""

    system = "Slurm"

    def __init__(self, settings: Settings, luggage: bytes, post: Post, clock: Clock = SYSTEM) -> None:
        super().__init__(post, settings.look_time, clock)
        self._settings = settings
        self._slurm = Slurm(settings)
        self._folder = SharedFolder(settings.shared_folder, luggage)
        self._ask_at = 0.0
        self.begin()

    @property
    def places(self) -> int:
        """As many as may be with Slurm: its queue is part of the cluster."""
        return self._settings.max_jobs

    def send(self, token: int, message: Message) -> bool:
        """See Engine: by way of the shared folder."""
        sent = self._sent.get(token)
        return sent is not None and sent.deliver(message)

    # --- the thread --------------------------------------------------------------------------------------------------

    def _hand_over(self, hearings: Sequence[Hearing]) -> None:
        if len(self._waiting) == 1:
            self._clock.sleep(GATHERING)
            hearings = list(self._waiting.values())
        for wishes, alike in self._alike(hearings):
            self._submit(wishes, alike)

    def _alike(self, hearings: Sequence[Hearing]) -> Iterator[tuple[Wishes, list[Hearing]]]:
        found: dict[Wishes, list[Hearing]] = defaultdict(list)
        for hearing in hearings:
            found[self._slurm.wishes(hearing.parcel.needs, hearing.parcel.timeout)].append(hearing)
        size = self._settings.array_size
        for wishes, alike in found.items():
            yield from ((wishes, alike[at : at + size]) for at in range(0, len(alike), size))

    def _submit(self, wishes: Wishes, hearings: list[Hearing]) -> None:
        folder = self._folder.pack([hearing.parcel for hearing in hearings], self._settings.kernel)
        families = {hearing.parcel.family for hearing in hearings}
        name = families.pop() if len(families) == 1 else "luigi"
        output = str(folder).replace("%", "%%") + "/%a"
        array = self._slurm.submit(str(folder / SCRIPT), name, wishes, len(hearings), output)
        for number, hearing in enumerate(hearings):
            self._keep(Sent(hearing, f"{array}_{number}", folder / str(number)))

    def _look_after(self) -> None:
        for sent in list(self._sent.values()):
            sent.read(self._clock.now())
        now = self._clock.monotonic()
        if not self._sent or now < self._ask_at:
            return
        self._ask_at = now + self._settings.poll_time
        states = self._slurm.states(_arrays(self._sent.values()))
        for sent in list(self._sent.values()):
            sent.note(states.get(sent.job), now)

    def _end(self, jobs: Sequence[Sent]) -> None:
        self._slurm.cancel([sent.job for sent in jobs])
        self._ask_at = 0.0

    def _put_away(self, sent: Sent) -> None:
        if not self._settings.keep_folders:
            sent.remove()

    def _leave(self, jobs: Sequence[Sent]) -> None:
        until = self._clock.monotonic() + LEAVING
        while self._are_left(jobs) and self._clock.monotonic() < until:
            self._clock.sleep(BETWEEN)
        if self._settings.keep_folders:
            logger.info("what jobs needed and printed is in %s", self._folder.path)
        else:
            self._folder.remove()

    def _are_left(self, jobs: Sequence[Sent]) -> bool:
        states = self._slurm.states(_arrays(jobs)) if jobs else {}
        return any(sent.job in states and not states[sent.job].is_final for sent in jobs)


def _arrays(jobs: Iterable[Sent]) -> set[str]:
    return {sent.job.partition("_")[0] for sent in jobs}
