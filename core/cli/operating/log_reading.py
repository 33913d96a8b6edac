"""What a task printed, read page by page from wherever it is kept, until the end or as long as it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from luigi.cli.operating.naming import KnowsIds
    from luigi.clock import Clock

BETWEEN: Final = 0.5
"""Seconds between two looks for more."""


class Source(NamedTuple):
    """Where it is kept."""

    log: Callable[[str, int | None, int], dict[str, Any]]
    """Gives a page, by task, attempt (None for the newest) and place: as `GET /api/v1/tasks/ID/log`."""
    known: KnowsIds


def pages(source: Source, task_id: str, attempt: int | None, clock: Clock | None) -> Iterator[dict[str, Any]]:
    """The pages of one attempt, one at least. With a `clock` also what comes later, until the attempt has ended."""
    after = 0
    while True:
        page = source.log(task_id, attempt, after)
        yield page
        attempt = page["attempt"]
        is_all = not page["pieces"] and page["next"] <= after
        after = page["next"]
        if page["ended"] or (is_all and clock is None):
            break
        if is_all and clock is not None:
            clock.sleep(BETWEEN)
