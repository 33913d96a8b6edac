"""What PostgreSQL and its driver say is wrong, in our words: what time may mend, and what it does not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from luigi.errors import NotLeading, StoreAway, StoreError


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Errors of the driver become StoreAway, NotLeading and StoreError."""
    import psycopg

    try:
        yield
    except psycopg.Error as error:
        raise _in_our_words(place, error) from error


def _in_our_words(place: str, error: Exception) -> StoreError:
    import psycopg

    said = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, psycopg.errors.NotNullViolation):  # see `store`
        return NotLeading(f"another process has written to the state in {place}")
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError | psycopg.InternalError):
        return StoreAway(
            f"the state in {place} cannot be reached at the moment: {said}",
            hint="see whether the database works, and [postgresql] url",
        )
    return StoreError(
        f"the state in {place} cannot be used: {said}",
        hint="see whether this user may make tables there, read and write them: [postgresql] url, schema",
    )
