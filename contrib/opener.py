"""Targets by their addresses, in Luigi's way: `OpenerTarget("s3://bucket/key?ContentType=text/csv")`.

`luigi.open_target` is the shorter way to the same. What this has beside it are options behind a question mark, and
openers that a program adds to `opener` itself.
"""

from __future__ import annotations

from luigi.contrib._opener.errors import InvalidAddress, InvalidQuery, NoOpenerError, OpenerError
from luigi.contrib._opener.openers import LocalOpener, MockOpener, Opener, S3Opener
from luigi.contrib._opener.registry import EveryOpener as _EveryOpener
from luigi.contrib._opener.registry import OpenerRegistry

__all__ = [
    "InvalidAddress",
    "InvalidQuery",
    "LocalOpener",
    "MockOpener",
    "NoOpenerError",
    "Opener",
    "OpenerError",
    "OpenerRegistry",
    "OpenerTarget",
    "S3Opener",
    "opener",
]

opener = _EveryOpener([MockOpener, LocalOpener, S3Opener])
OpenerTarget = opener.open
