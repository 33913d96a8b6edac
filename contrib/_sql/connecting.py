"""The way to a database server: tried again while nobody answers, and what stays wrong said without a password."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from luigi.clock import SYSTEM
from luigi.contrib._sql.errors import DatabaseAway, WrongPort, one_line, words_of

logger = logging.getLogger("luigi-interface")

Made = TypeVar("Made")

FIRST_PAUSE = 0.5
"""Seconds before the second attempt; each pause is twice the one before."""


class Place(NamedTuple):
    """Where a database is. What it shows of itself may be logged."""

    kind: str
    host: str
    port: int | str | None
    database: str
    user: str

    def __str__(self) -> str:
        port = f":{self.port}" if self.port else ""
        return f"{self.kind}://{self.user}@{self.host}{port}/{self.database}"


def parted(host: str) -> tuple[str, str]:
    """A host, and the port behind its colon if it has one; with more colons it is an address of IPv6.

    Raises WrongPort.
    """
    name, _, port = host.partition(":")
    if host.count(":") != 1:
        return host, ""
    if port and not (port.isascii() and port.isdigit()):
        raise WrongPort(host)
    return name, port


def is_for_a_while(said: str) -> bool:
    """Whether PostgreSQL says no now, and may say yes soon."""
    return "starting up" in said or "too many clients" in said


def connected(
    place: object,
    connect: Callable[[], Made],
    errors: type[BaseException] | tuple[type[BaseException], ...],
    is_answer: Callable[[Any], bool],
    attempts: int,
) -> Made:
    """What `connect` makes. While it raises one of `errors` that is no answer of the server, it is tried again.

    Raises DatabaseAway.
    """
    for attempt in range(1, attempts + 1):
        try:
            return connect()
        except errors as error:
            if attempt == attempts or is_answer(error):
                raise DatabaseAway(str(place), words_of(error)) from error
            pause = FIRST_PAUSE * 2 ** (attempt - 1)
            logger.info("%s: tried again in %s s: %s", place, pause, one_line(words_of(error)))
            SYSTEM.sleep(pause)
    raise AssertionError("a connection is tried at least once")
