"""Memory that is given back is used again: the C library is kept from a pool of its own for each thread.

A server's calls take turns in many threads, and each leaves holes in its thread's pool that no other thread can use:
after ten times a hundred thousand tasks that came and went, a fifth more memory than after two times. One pool costs
nothing, since only one thread of Python's runs at a time.
"""

from __future__ import annotations

import ctypes
from typing import Final

ARENA_MAX: Final = -8
"""What glibc calls the setting, M_ARENA_MAX, in <malloc.h>; other C libraries have no such pools."""


def share_one_pool() -> None:
    """Have all threads that begin from now on take memory from one pool, where the C library is glibc."""
    library = ctypes.CDLL(None)
    if hasattr(library, "gnu_get_libc_version"):
        library.mallopt(ARENA_MAX, 1)
