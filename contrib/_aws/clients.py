"""Clients of Amazon's services: made when first needed, one of a kind for each process."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any, Final, NamedTuple

from luigi.errors import KernelError
from luigi.extras import need

EXTRA: Final = "aws"
WHO: Final = "a job in the cloud of Amazon"


class Patience(NamedTuple):
    """How long to wait for an answer, and how often to ask."""

    connect: float
    """Seconds until there is a connection."""
    read: float
    """Seconds until there is an answer."""
    attempts: int


USUAL: Final = Patience(10, 60, 5)
ONCE: Final = Patience(10, 60, 1)
"""For what must not be done twice."""
HASTY: Final = Patience(1, 1.5, 1)
"""For what is done while the task is being ended: executors kill it after five seconds."""


class NoRegion(KernelError):
    """Nothing says in which of Amazon's regions to work."""

    hint = "set AWS_DEFAULT_REGION, or region in the profile in ~/.aws/config"

    def __init__(self) -> None:
        super().__init__("nothing says in which of Amazon's regions to work")


def client(service: str, patience: Patience = USUAL) -> Any:
    """Boto3's client of a service, such as "batch". Raises MissingExtra, NoRegion and botocore's errors."""
    return _client(os.getpid(), service, patience, os.environ.get("AWS_ENDPOINT_URL"))


@lru_cache(maxsize=64)
def _client(process: int, service: str, patience: Patience, endpoint: str | None) -> Any:
    """`process` asks: a child that shared its parent's sockets would read its answers."""
    config = need("botocore.config", EXTRA, WHO).Config(
        connect_timeout=patience.connect,
        read_timeout=patience.read,
        retries={"mode": "standard", "total_max_attempts": patience.attempts},
    )
    try:
        return _session(process).client(service, config=config)
    except need("botocore.exceptions", EXTRA).NoRegionError as error:
        raise NoRegion from error


@lru_cache(maxsize=8)
def _session(process: int) -> Any:
    """Who asks: credentials that were lent are asked for once, however many clients there are."""
    return need("boto3", EXTRA, WHO).Session()


class Later:
    """Boto3's client of a service, made when something of it is first asked for."""

    def __init__(self, service: str) -> None:
        self._service = service

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # who only looks at the module must not need a region
            raise AttributeError(name)
        return getattr(client(self._service), name)
