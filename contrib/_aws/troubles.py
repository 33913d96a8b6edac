"""What a service of Amazon's cannot help: it is out of reach, or has too much to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from luigi.clock import SYSTEM, Clock
from luigi.contrib._aws.clients import EXTRA
from luigi.errors import KernelError
from luigi.extras import need

Answer = TypeVar("Answer")

PAUSES: Final = (1.0, 2.0, 4.0, 8.0)
"""Seconds between tries of what the service had no time for."""
THROTTLES: Final = frozenset({"TooManyRequestsException", "ThrottlingException", "Throttling", "RequestLimitExceeded"})


class ServiceAway(KernelError, ConnectionError):
    """The service did not answer, also when asked again."""

    hint = "see whether it can be reached from here, and whether the region is right"

    def __init__(self, error: Exception) -> None:
        super().__init__(f"Amazon does not answer: {error}")


class NotKnown(KernelError):
    """The service does not know a job: not yet, since what it is told takes a while to get around, or not any more."""

    def __init__(self, what: str) -> None:
        super().__init__(f"Amazon does not know {what}, or not any more")


@contextmanager
def may_be_away() -> Iterator[None]:
    """Raises ServiceAway for what will pass; all else as botocore raises it."""
    errors = need("botocore.exceptions", EXTRA)
    try:
        yield
    except (errors.ConnectionError, errors.HTTPClientError) as error:
        raise ServiceAway(error) from error
    except errors.ClientError as error:
        if _is_throttled(error) or error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500:
            raise ServiceAway(error) from error
        raise


def until_taken(submit: Callable[[], Answer], clock: Clock = SYSTEM) -> Answer:
    """Call what must not be done twice: again only when the service certainly has not done it."""
    for pause in PAUSES:
        try:
            return submit()
        except Exception as error:
            if not _was_not_taken(error):
                raise
        clock.sleep(pause)
    return submit()


def _was_not_taken(error: Exception) -> bool:
    errors = need("botocore.exceptions", EXTRA)
    if isinstance(error, errors.ClientError):
        return _is_throttled(error)
    return isinstance(error, (errors.EndpointConnectionError, errors.ConnectTimeoutError))


def _is_throttled(error: Any) -> bool:
    return error.response.get("Error", {}).get("Code") in THROTTLES
