"""Calls from another thread than the test's: a receiver is made in one and called by a courier in another."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def in_another_thread(call: Callable[[], T]) -> T:
    """What `call` gives, or raises, in a thread of its own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call).result()
