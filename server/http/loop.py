"""Waits for what happens at many connections, and has waitress handle it; idle ones cost nothing.

waitress asks every connection in every turn of its loop what it waits for. Here only those are asked of which it may
have changed: those that something has happened to, those whose thread says so, and now and then all. That a call is
under way is no reason to: among hundreds of them, to ask all in each turn would be most of the work.
"""

from __future__ import annotations

import selectors
from collections.abc import Mapping
from typing import Any, Final

from waitress import wasyncore  # type: ignore[import-untyped]  # waitress has no types

from luigi.clock import Clock
from luigi.server.http.connections import Connection
from luigi.server.http.dispatching import Dispatcher

EVERY: Final = 1.0
"""Seconds from one look at all connections to the next: waitress marks those that are idle for too long."""


class Loop:
    """`channels`: waitress's map from a file's number to who handles what happens there."""

    def __init__(self, channels: Mapping[int, Any], dispatcher: Dispatcher, clock: Clock) -> None:
        self._channels, self._dispatcher, self._clock = channels, dispatcher, clock
        self.restless: set[int] = set()
        """The numbers of those to be asked in the next turn. Any thread may add to them, and wakes the loop then."""
        self._selector = selectors.DefaultSelector()
        self._watched: dict[int, tuple[Any, int]] = {}
        self._look_at_all = 0.0

    def turn(self, timeout: float) -> None:
        """Wait until something happens, at most `timeout` seconds, and have it handled."""
        self._look_where_wishes_may_have_changed()
        found = self._selector.select(timeout)
        self._dispatcher.begin()
        for key, happened in found:
            channel = self._channels.get(key.fd)
            if channel is not None and happened & selectors.EVENT_READ:
                wasyncore.read(channel)
            if happened & selectors.EVENT_WRITE and channel is not None and self._channels.get(key.fd) is channel:
                wasyncore.write(channel)
        self._dispatcher.end()
        self.restless |= {key.fd for key, _ in found if not self._is_watched_as_it_wishes(key.fd)}

    def close(self) -> None:
        """Watch nothing any more."""
        self._selector.close()

    def _look_where_wishes_may_have_changed(self) -> None:
        for number in list(self.restless):
            self._look_at(number)
        if len(self._channels) != len(self._watched):  # those that went were looked at just now: there are new ones
            for number in self._channels.keys() - self._watched.keys():
                self._look_at(number)
        now = self._clock.monotonic()
        if now >= self._look_at_all:
            self._look_at_all = now + EVERY
            for number in self._channels.keys() | self._watched.keys():
                self._look_at(number)

    def _is_watched_as_it_wishes(self, number: int) -> bool:
        """Most wish to read, and nothing else. Of a connection where nothing is under way that is plain."""
        channel = self._channels.get(number)
        if not isinstance(channel, Connection) or self._watched.get(number) != (channel, selectors.EVENT_READ):
            return False
        return channel.is_quiet or _wishes(channel) == selectors.EVENT_READ

    def _look_at(self, number: int) -> None:
        channel = self._channels.get(number)
        before, watched = self._watched.pop(number, (None, 0))
        if channel is not before:  # the number is another's now
            watched = self._watch(number, watched, 0)
        self.restless.discard(number)
        if channel is None:
            return
        quiet = not isinstance(channel, Connection) or channel.is_quiet
        # Asked afterwards: a thread may end its call between the two, and then it has to be looked at again. But one
        # that wants to read, and nothing else, wants so until its thread says something else.
        wishes = _wishes(channel)
        self._watched[number] = channel, self._watch(number, watched, wishes)
        if not quiet and wishes != selectors.EVENT_READ:
            self.restless.add(number)

    def _watch(self, number: int, before: int, wanted: int) -> int:
        if wanted and not before:
            self._selector.register(number, wanted)
        elif before and not wanted:
            self._selector.unregister(number)
        elif wanted != before:
            self._selector.modify(number, wanted)
        return wanted


def _wishes(channel: Any) -> int:
    reads = selectors.EVENT_READ if channel.readable() else 0
    writes = selectors.EVENT_WRITE if channel.writable() and not channel.accepting else 0
    return reads | writes
