"""The worker's line to its scheduler, for the rounds and for the tasks that run: what comes back is not lost on either.

A running task says how far it is from within the executor, where a reply can wait for the next round but for messages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from luigi.interfaces import Reply, Said

if TYPE_CHECKING:
    from luigi.interfaces import Scheduler


class Line:
    """Passes exchanges on to `scheduler`. Each message that comes back is given to `follow` at once."""

    __slots__ = ("_exchange", "_follow", "unheeded")

    def __init__(self, scheduler: Scheduler, follow: Callable[[Mapping[str, Any]], None]) -> None:
        self.unheeded: list[Reply] = []
        """Replies that refuse something, or say that the worker is unknown or disabled: the rounds see to them."""
        self._exchange = scheduler.exchange
        self._follow = follow

    def exchange(self, worker: str, said: Sequence[Said], want: int) -> Reply:
        """As the scheduler's."""
        reply = self._exchange(worker, said, want)
        if reply.refused or reply.stranger or not reply.enabled:
            self.unheeded.append(reply)
        for message in reply.messages:
            self._follow(message._asdict())
        return reply
