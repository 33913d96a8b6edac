"""Find out for many moments at once which tasks are complete, by looking where their outputs are."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from luigi.task import Task, flatten_output
from luigi.tools.range.listing import Existence

logger = logging.getLogger("luigi-interface")

Item = TypeVar("Item")


def infer_bulk_complete_from_fs(
    datetimes: Iterable[datetime],
    datetime_to_task: Callable[[datetime], Task],
    datetime_to_re: Callable[[datetime], str] | None = None,
) -> list[datetime]:
    """The moments whose task lacks an output, found by listing directories rather than asking for each output.

    `datetime_to_task` makes the task of a moment; for one without outputs those of its requirements count.
    `datetime_to_re` is what Luigi's callers pass to recognise a date in a path; nothing needs to be recognised here,
    because each task says its paths.
    """
    outputs = {moment: flatten_output(datetime_to_task(moment)) for moment in datetimes}
    if outputs and not any(outputs.values()):
        family = datetime_to_task(next(iter(outputs))).task_family
        logger.warning("%s has neither bulk_complete nor outputs: a range takes all its tasks for complete", family)
    existence = Existence(outputs.values())
    return [moment for moment, targets in outputs.items() if not existence.of_all(targets)]


def most_common(items: Iterable[Item]) -> tuple[Item, int]:
    """The item there is most of, the earliest of several, and how often. Raises ValueError when there is none."""
    counted = Counter(items).most_common(1)
    if not counted:
        raise ValueError("most_common() of no items")
    return counted[0]
