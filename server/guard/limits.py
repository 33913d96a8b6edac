"""How often somebody may do something: a bucket of tokens for each, in bounded memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Final

from luigi.clock import Clock

KEPT: Final = 10_000
"""Buckets kept at a time; beyond that the one that was not used for longest is forgotten, which is to say full."""


class Buckets:
    """Each key may act `burst` times at once, and then `rate` times a second. Any thread may ask."""

    def __init__(self, rate: float, burst: float, clock: Clock, kept: int = KEPT) -> None:
        self._rate, self._burst, self._clock, self._kept = rate, burst, clock, kept
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # key → what is left, and when it was so
        self._lock = threading.Lock()

    def wait(self, key: str) -> float:
        """Seconds until the key may act; 0 when it may now. Takes nothing."""
        with self._lock:
            return max(0.0, (1 - self._level(key, self._clock.monotonic())) / self._rate)

    def take(self, key: str) -> float:
        """Act: 0 if the key may, and otherwise the seconds until it may, taking nothing."""
        with self._lock:
            now = self._clock.monotonic()
            level = self._level(key, now)
            self._left[key] = (level - 1 if level >= 1 else level), now
            self._left.move_to_end(key)
            if len(self._left) > self._kept:
                self._left.popitem(last=False)
            return max(0.0, (1 - level) / self._rate)

    def _level(self, key: str, now: float) -> float:
        left, since = self._left.get(key, (self._burst, now))
        return min(self._burst, left + (now - since) * self._rate)


class Familiar:
    """Pairs that have been seen, the last `kept` of them."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._seen: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._lock = threading.Lock()

    def __contains__(self, pair: tuple[str, str]) -> bool:
        return pair in self._seen

    def add(self, pair: tuple[str, str]) -> None:
        """From now on it has been seen."""
        if pair in self._seen:
            return
        with self._lock:
            self._seen[pair] = None
            if len(self._seen) > self._kept:
                self._seen.popitem(last=False)


@lru_cache(maxsize=4096)
def counted_as(address: str) -> str:
    """Whose bucket an address uses: one machine may have a whole /64 of IPv6, and counts once."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return f"{IPv6Address(int(found) >> 64 << 64)}/64"
