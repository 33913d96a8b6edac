"""Checks of single tasks, by Luigi's names: is it complete, what is remembered of that, how an error travels."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from typing import Any, Protocol

from luigi.task import Task
from luigi.worker.record import RunRecord


class AsyncCompletionException(Exception):
    """A task's check raised in another process. `trace` is the traceback as text."""

    def __init__(self, trace: str) -> None:
        super().__init__(trace)
        self.trace = trace


class TracebackWrapper:
    """A traceback as text, in the place of an answer, so that it is taken for none."""

    def __init__(self, trace: str) -> None:
        self.trace = trace


class Sink(Protocol):
    """What answers are put into: a queue of any kind."""

    def put(self, item: Any, /) -> object:
        """Take in one item."""
        ...


def check_complete_cached(task: Task, completion_cache: MutableMapping[str, Any] | None = None) -> Any:
    """What `task.complete()` gives; not asked of a task that the cache, by task id, says was complete.

    A task found complete is put into the cache; one that is not is asked again the next time.
    """
    if completion_cache is not None and completion_cache.get(task.task_id):
        return True
    complete = task.complete()
    if complete and completion_cache is not None:
        completion_cache[task.task_id] = complete
    return complete


def check_complete(task: Task, out_queue: Sink, completion_cache: MutableMapping[str, Any] | None = None) -> None:
    """Put `(task, answer)` into `out_queue`; the answer is a TracebackWrapper when the check raised."""
    try:
        answer = check_complete_cached(task, completion_cache)
    except Exception as error:
        answer = TracebackWrapper(shown_traceback(task, error))
    out_queue.put((task, answer))


def shown_traceback(task: Task, error: BaseException) -> str:
    """The traceback as text, without private values of the tasks in it."""
    import traceback

    from luigi.private_values import masked_error

    return masked_error(task, error, "".join(traceback.format_exception(error)))


class SingleProcessPool:
    """A pool of processes without any: what it is given is done on the spot."""

    def apply_async(self, function: Callable[..., Any], args: Sequence[Any]) -> Any:
        """Call the function and give what it gives, or raise what it raises."""
        return function(*args)

    def close(self) -> None:
        """There is nothing to close."""

    def join(self) -> None:
        """There is nothing to wait for."""


class Remembering:
    """`check`, not asked again about a task it has called complete or that ran to its end.

    Its copy in another process has the cache of the moment, and not the record.
    """

    __slots__ = ("_record", "cache", "check")

    def __init__(
        self, check: Callable[[Task], bool], record: RunRecord | None = None, cache: dict[str, bool] | None = None
    ) -> None:
        self.check = check
        self.cache: dict[str, bool] = {} if cache is None else cache
        """Ids of tasks known to be complete, each with True: what `check_complete_cached` takes as its cache."""
        self._record = record

    def __reduce__(self) -> tuple[Any, ...]:
        return Remembering, (self.check, None, self.cache)

    def __call__(self, task: Task) -> bool:
        """Whether the task is complete."""
        if self.knows(task.task_id):
            return True
        complete = bool(self.check(task))
        if complete:
            self.remember(task.task_id)
        return complete

    def knows(self, task_id: str) -> bool:
        """Whether the task is known to be complete, so that nobody need be asked."""
        if task_id in self.cache:
            return True
        seen = None if self._record is None else self._record.seen.get(task_id)
        if seen is None or not seen.ran:
            return False
        self.remember(task_id)
        return True

    def remember(self, task_id: str) -> None:
        """The task was found complete."""
        self.cache[task_id] = True
