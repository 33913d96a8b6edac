"""Luigi's names for checks of single tasks, as its package behaves."""

from __future__ import annotations

import pickle
import queue
from typing import Any, ClassVar

import pytest

import luigi
from luigi.defaults import luigi_is_complete
from luigi.worker.checks.checks import (
    AsyncCompletionException,
    Remembering,
    SingleProcessPool,
    TracebackWrapper,
    check_complete,
    check_complete_cached,
)
from luigi.worker.record import RunRecord, Seen


class Even(luigi.Task):
    n = luigi.IntParameter()
    asked: ClassVar[list[int]] = []

    def complete(self) -> bool:
        self.asked.append(self.n)
        if self.n < 0:
            raise ValueError("below zero")
        return self.n % 2 == 0


@pytest.fixture(autouse=True)
def nobody_asked() -> None:
    """The list of those asked is empty."""
    Even.asked.clear()


def test_what_was_complete_is_not_asked_again() -> None:
    cache: dict[str, Any] = {}
    assert [check_complete_cached(Even(n), cache) for n in (2, 2, 3, 3)] == [True, True, False, False]
    assert Even.asked == [2, 3, 3]
    assert cache == {Even(2).task_id: True}


def test_without_a_cache_it_is_asked_each_time() -> None:
    assert check_complete_cached(Even(2))
    assert check_complete_cached(Even(2))
    assert Even.asked == [2, 2]


def test_the_answer_lands_in_the_queue_beside_its_task() -> None:
    answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
    cache: dict[str, Any] = {}
    assert check_complete(Even(2), answers, cache) is None  # type: ignore[func-returns-value]
    check_complete(Even(3), answers, cache)
    assert [answers.get(), answers.get()] == [(Even(2), True), (Even(3), False)]
    assert cache == {Even(2).task_id: True}


def test_a_check_that_raises_leaves_its_traceback() -> None:
    answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
    check_complete(Even(-1), answers)
    task, answer = answers.get()
    assert task == Even(-1)
    assert isinstance(answer, TracebackWrapper)
    assert "ValueError: below zero" in answer.trace


def test_an_exception_of_another_process_carries_its_traceback() -> None:
    error = AsyncCompletionException("Traceback …")
    assert (error.trace, error.args) == ("Traceback …", ("Traceback …",))


def test_a_pool_without_processes_calls_on_the_spot() -> None:
    pool = SingleProcessPool()
    assert pool.apply_async(divmod, (7, 2)) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        pool.apply_async(divmod, (7, 0))
    pool.close()
    pool.join()


def test_remembering_asks_until_the_task_is_complete() -> None:
    remembering = Remembering(lambda task: task.complete(), RunRecord())
    assert [remembering(Even(n)) for n in (2, 2, 3, 3)] == [True, True, False, False]
    assert Even.asked == [2, 3, 3]


def test_a_task_that_ran_is_known_to_be_complete() -> None:
    record = RunRecord()
    record.seen[Even(3).task_id] = Seen(Even(3), "PENDING", ran=True)
    remembering = Remembering(lambda task: task.complete(), record)
    assert remembering(Even(3))
    assert (Even.asked, remembering.cache) == ([], {Even(3).task_id: True})


def test_a_copy_for_another_process_knows_what_was_known() -> None:
    record = RunRecord()
    remembering = Remembering(luigi_is_complete, record)
    remembering.remember(Even(3).task_id)
    record.seen[Even(5).task_id] = Seen(Even(5), "PENDING", ran=True)
    copy = pickle.loads(pickle.dumps(remembering))
    assert [copy(Even(n)) for n in (3, 5)] == [True, False]
