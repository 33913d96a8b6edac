"""A courier: order, isolation, what is dropped when, how long an end waits."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Generator
from typing import Any

import pytest

from luigi.couriers import Courier


class Receiver:
    """Takes facts, waits at the gate while it is shut, raises at those it cannot bear."""

    def __init__(self) -> None:
        self.got: list[Any] = []
        self.sizes: list[int] = []
        self.failures: list[tuple[BaseException, list[Any]]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.arrived = threading.Event()
        self.bears: Callable[[Any], bool] = lambda fact: True
        self.raises: type[BaseException] = ValueError

    def deliver(self, facts: list[Any]) -> None:
        self.arrived.set()
        self.gate.wait(20)
        if not all(self.bears(fact) for fact in facts):
            raise self.raises(facts)
        self.got += facts
        self.sizes.append(len(facts))

    def failed(self, error: BaseException, facts: list[Any]) -> None:
        self.failures.append((error, facts))

    def courier(self, **settings: Any) -> Courier[Any]:
        return Courier("them", self.deliver, self.failed, **settings)

    def hang(self, courier: Courier[Any]) -> None:
        """Be stuck in the delivery of one fact."""
        self.gate.clear()
        courier.post("stuck")
        assert self.arrived.wait(20)


@pytest.fixture
def receiver() -> Generator[Receiver, None, None]:
    made = Receiver()
    yield made
    made.gate.set()


def test_facts_arrive_in_the_order_they_were_posted(receiver: Receiver) -> None:
    courier = receiver.courier()
    for fact in range(1000):
        courier.post(fact)
    assert courier.flush()
    assert receiver.got == list(range(1000))
    assert (courier.delivered, courier.lost) == (1000, 0)


def test_one_call_takes_no_more_than_it_may(receiver: Receiver) -> None:
    courier = receiver.courier(at_once=10)
    receiver.hang(courier)
    for fact in range(25):
        courier.post(fact)
    receiver.gate.set()
    assert courier.flush()
    assert receiver.sizes == [1, 10, 10, 5]


def test_without_facts_there_is_no_thread_and_nothing_to_wait_for(receiver: Receiver) -> None:
    before = threading.active_count()
    courier = receiver.courier()
    assert courier.flush()
    assert courier.close()
    assert threading.active_count() == before


def test_one_that_raises_is_told_on(receiver: Receiver) -> None:
    receiver.bears = lambda fact: fact != 2
    courier = receiver.courier()
    for fact in range(4):
        courier.post(fact)
    assert courier.flush()
    assert receiver.got == [0, 1, 3]
    ((error, facts),) = receiver.failures
    assert (type(error), facts) == (ValueError, [2])
    assert (courier.delivered, courier.failed, courier.dropped) == (3, 1, 0)


def test_one_that_wants_to_end_the_process_ends_nothing(receiver: Receiver) -> None:
    receiver.raises, receiver.bears = SystemExit, lambda fact: fact != 0
    courier = receiver.courier()
    courier.post(0)
    courier.post(1)
    assert courier.flush()
    assert receiver.got == [1]


def test_after_so_many_failures_in_a_row_it_is_told_no_more(receiver: Receiver) -> None:
    receiver.bears = lambda fact: fact == 2
    courier = receiver.courier(mute_after=3)
    for fact in range(10):
        courier.post(fact)
    assert courier.flush()
    assert [facts for _, facts in receiver.failures] == [[0], [1], [3], [4], [5]], "2 was taken in between"
    assert courier.muted
    assert (courier.delivered, courier.failed, courier.dropped) == (1, 5, 4)


def test_a_full_queue_of_one_that_hangs_drops_what_comes(receiver: Receiver) -> None:
    courier = receiver.courier(capacity=5)
    receiver.hang(courier)
    for fact in range(100):
        courier.post(fact)
    assert courier.dropped == 95
    receiver.gate.set()
    assert courier.flush(patience=20)
    assert receiver.got == ["stuck", 0, 1, 2, 3, 4]


def test_a_quick_one_is_waited_for_and_gets_all(receiver: Receiver) -> None:
    courier = receiver.courier(capacity=3)
    for fact in range(500):
        courier.post(fact)
    assert courier.flush()
    assert receiver.got == list(range(500))
    assert courier.dropped == 0


def test_a_flush_does_not_wait_for_one_that_hangs(receiver: Receiver) -> None:
    courier = receiver.courier()
    receiver.hang(courier)
    assert not courier.flush(patience=0.01)
    receiver.gate.set()
    assert courier.flush(patience=20)


def test_a_flush_waits_no_longer_than_its_deadline(receiver: Receiver) -> None:
    courier = receiver.courier()
    receiver.hang(courier)
    assert not courier.flush(patience=20, deadline=0.01)


def test_what_is_not_delivered_by_the_deadline_is_dropped_and_so_is_the_rest(receiver: Receiver) -> None:
    courier = receiver.courier(deadline=0.01)
    receiver.hang(courier)
    courier.post("late")
    assert not courier.close()
    courier.post("later")
    assert courier.dropped == 3, "the one it is stuck in, the one behind it, the one that came after"


def test_a_first_call_that_never_came_back_is_not_waited_for_till_the_deadline(receiver: Receiver) -> None:
    courier = receiver.courier(deadline=20, first_call=0.01)
    receiver.hang(courier)
    assert not courier.close()


def test_one_that_came_back_before_has_till_the_deadline(receiver: Receiver) -> None:
    courier = receiver.courier(deadline=20, first_call=0.01)
    courier.post("first")
    assert courier.flush()
    receiver.arrived.clear()
    receiver.hang(courier)
    threading.Timer(0.1, receiver.gate.set).start()
    assert courier.close()
    assert receiver.got == ["first", "stuck"]


def test_after_a_close_a_new_fact_starts_it_again(receiver: Receiver) -> None:
    courier = receiver.courier()
    courier.post(1)
    assert courier.close()
    courier.post(2)
    assert courier.close()
    assert receiver.got == [1, 2]


def test_what_is_posted_last_is_delivered_before_the_process_ends() -> None:
    program = """
        import time
        from luigi.couriers import Courier

        def deliver(facts):
            time.sleep(0.05)
            print(*facts, flush=True)

        courier = Courier("slow", deliver, print)
        for fact in "abc":
            courier.post(fact)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == ["a", "b", "c"]
