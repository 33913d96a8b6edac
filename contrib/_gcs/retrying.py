"""`gcs_retry`, for what programs ask of Google by themselves; the client here tries again on its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from luigi.clock import SYSTEM
from luigi.contrib._gcs.errors import is_error_5xx
from luigi.errors import MissingExtra
from luigi.extras import need

Result = TypeVar("Result")

ATTEMPTS = 5
LONGEST_WAIT = 60.0
"""In seconds. The first is one second, and each is twice the one before."""


def retryable_errors() -> tuple[type[BaseException], ...]:
    """What a connection raises that breaks; without Google's client there is none that could raise its own."""
    try:
        return need("httplib2", "gcs", "luigi.contrib.gcs").HttpLib2Error, OSError
    except MissingExtra:
        return (OSError,)


def gcs_retry(function: Callable[..., Result]) -> Callable[..., Result]:
    """Call `function` again, five times in all, when the service is in trouble or a connection breaks."""

    @wraps(function)
    def patient(*args: Any, **kwargs: Any) -> Result:
        wait = 1.0
        for _ in range(ATTEMPTS - 1):
            try:
                return function(*args, **kwargs)
            except Exception as error:
                if not (isinstance(error, retryable_errors()) or is_error_5xx(error)):
                    raise
            SYSTEM.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)
        return function(*args, **kwargs)

    return patient
