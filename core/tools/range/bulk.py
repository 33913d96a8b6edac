"""Ask a task class once which of many of its tasks are complete."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from luigi.tools.range.inference import infer_bulk_complete_from_fs

if TYPE_CHECKING:
    from luigi.tools.range.base import RangeBase


def missing_in_bulk(range_task: RangeBase, finite_datetimes: list[datetime]) -> list[datetime]:
    """The moments whose task is not complete, by the class's `bulk_complete` or, without that, by its outputs.

    `bulk_complete` gets the values of the filled parameter. Raises TypeError when it gives nothing to go through.
    """
    asked = [range_task.datetime_to_parameter(moment) for moment in finite_datetimes]
    try:
        # A generator may say only here that it is not implemented.
        complete = list(_bulk_complete(range_task)(asked))
    except NotImplementedError:
        return infer_bulk_complete_from_fs(finite_datetimes, range_task._task_at)
    done = {range_task.parameter_to_datetime(value) for value in complete}
    return [moment for moment in finite_datetimes if moment not in done]


def _bulk_complete(range_task: RangeBase) -> Callable[[list[Any]], Iterable[Any]]:
    bulk_complete = range_task.of_cls.bulk_complete
    function = getattr(bulk_complete, "__func__", None)
    if function is None or (range_task.param_name is None and not range_task.of_params):
        return bulk_complete
    prefilled = _Prefilled(range_task)
    return lambda values: function(prefilled, values)


class _Prefilled:
    """The class in its own `bulk_complete`: made with one value, a task gets the range's other parameters too."""

    def __init__(self, range_task: RangeBase) -> None:
        self._range = range_task

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and not kwargs:
            return self._range._instantiate_task_cls(args[0])
        return self._range.of_cls(*args, **{**self._range._given_params, **kwargs})

    def __getattr__(self, name: str) -> Any:
        return getattr(self._range.of_cls, name)
