"""Keeps the garbage collector from walking the graph over and over.

A graph is a burst of objects that all live until the run ends. The collector, not knowing that, traverses them again
and again while they are made and while tasks run, which makes a task of a big graph dearer than one of a small graph.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """While a graph is built: nothing is collected. A program that has switched the collector off finds it off."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def spared() -> Iterator[None]:
    """While tasks run: what lives already is left out of collections. Garbage that tasks make is collected as ever.

    A program that has frozen objects itself keeps its arrangement.
    """
    if gc.get_freeze_count():
        yield
        return
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
