"""Failures: when a task is tried again, and when it is disabled for them."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.interfaces import RetryPolicy
from luigi.scheduler import events
from luigi.task_status import DISABLED, DONE, FAILED, PENDING


def fail(bench: Any, *times: float, task_id: str = "a") -> None:
    for bench.now in times:
        bench.run(task_id, FAILED)


def retried_after(bench: Any, longest: int = 10_000) -> int:
    """Seconds until the failed task `a` is PENDING again, to the full second."""
    for seconds in range(longest):
        if bench.status("a") == PENDING:
            return seconds
        bench.tick(1)
    raise AssertionError(f"not within {longest} s")


def test_a_failed_task_is_tried_again_after_the_delay(bench: Any) -> None:
    bench.run("a", FAILED)
    bench.tick(49)
    assert bench.take() == []
    bench.tick(1)
    assert bench.take() == ["a"]


def test_declaring_it_again_does_not_wait_for_the_delay(bench: Any) -> None:
    bench.run("a", FAILED)
    bench.declare("a")
    assert bench.take() == ["a"]


def test_a_retry_whose_time_came_before_the_last_failure_does_not_count(bench: Any) -> None:
    fail(bench, 0, 30)
    bench.tick(20)
    assert bench.status("a") == FAILED
    bench.tick(30)
    assert bench.status("a") == PENDING


def test_failing_once_more_while_it_waits_puts_a_growing_delay_off(new_bench: Any, policy: Any) -> None:
    bench = new_bench(policy._replace(backoff_factor=2))
    fail(bench, 0)
    bench.declare("a", status=FAILED)
    bench.tick(99)
    assert bench.status("a") == FAILED
    bench.tick(1)
    assert bench.status("a") == PENDING


def test_a_negative_delay_means_never(new_bench: Any, policy: Any) -> None:
    bench = new_bench(policy._replace(retry_delay=-1))
    bench.run("a", FAILED)
    bench.tick(10**8)
    assert bench.status("a") == FAILED


def test_too_many_failures_disable_a_task_until_its_time_is_over(new_bench: Any, policy: Any) -> None:
    bench = new_bench(policy._replace(retry_count=2))
    fail(bench, 0, 1)
    bench.declare("a")
    assert bench.status("a") == DISABLED, "declaring it again does not help"
    bench.tick(999)
    assert bench.status("a") == DISABLED
    bench.tick(1)
    assert bench.status("a") == FAILED
    bench.tick(50)
    assert bench.status("a") == PENDING
    bench.take()
    bench.report("a", FAILED)
    assert bench.status("a") == FAILED, "it began with a clean slate"


def test_a_disabled_task_that_is_complete_is_done(new_bench: Any, policy: Any) -> None:
    bench = new_bench(policy._replace(retry_count=1))
    bench.run("a", FAILED)
    bench.declare("a", status=DONE)
    assert bench.status("a") == DONE


def test_failures_outside_the_window_do_not_count(new_bench: Any, policy: Any) -> None:
    bench = new_bench(policy._replace(retry_count=2))
    fail(bench, 0, 101, 202)
    assert bench.status("a") == FAILED
    fail(bench, 302)
    assert bench.status("a") == DISABLED, "one 100 s ago does"


def test_a_failure_long_after_the_first_disables(new_bench: Any, policy: Any) -> None:
    bench = new_bench(policy._replace(disable_hard_timeout=600))
    fail(bench, 0, 599)
    assert bench.status("a") == FAILED
    fail(bench, 600)
    assert bench.status("a") == DISABLED


def test_being_done_does_not_clear_failures(new_bench: Any, policy: Any) -> None:
    bench = new_bench(policy._replace(retry_count=2))
    fail(bench, 0)
    bench.run("a", DONE)
    fail(bench, 1)
    assert bench.status("a") == DISABLED


def test_failures_are_counted_when_declared_too(new_bench: Any, policy: Any) -> None:
    bench = new_bench(policy._replace(retry_count=3))
    bench.declare("a")
    for expected in (FAILED, FAILED, DISABLED):
        bench.declare("a", status=FAILED)
        assert bench.status("a") == expected


def test_a_task_may_have_its_own_policy_value_by_value(new_bench: Any, policy: Any) -> None:
    bench = new_bench(policy._replace(retry_count=5))
    bench.run("a", FAILED, retry_policy=RetryPolicy(retry_count=1))
    assert bench.status("a") == DISABLED
    bench.tick(1000)
    assert bench.status("a") == FAILED, "what it does not say is the scheduler's"
    bench.run("b", FAILED, retry_policy=RetryPolicy(retry_delay=7))
    bench.tick(7)
    assert bench.status("b") == PENDING


def test_what_retry_on_does_not_name_disables_at_once(bench: Any) -> None:
    bench.declare("a")
    bench.take()
    bench.report("a", FAILED, retriable=False)
    assert bench.status("a") == DISABLED
    bench.tick(1000)
    assert bench.status("a") == FAILED


def test_a_class_that_is_disabled_may_be_enabled_by_any_worker(bench: Any) -> None:
    bench.declare("a", status=DISABLED)
    bench.tick(10**6)
    assert bench.status("a") == DISABLED, "time does not bring it back"
    bench.declare("a")
    assert bench.status("a") == PENDING


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, [50, 50, 50]),
        ({"backoff_factor": 2}, [50, 100, 200]),
        ({"backoff_factor": 2, "backoff_cap": 120}, [50, 100, 120]),
        ({"backoff_factor": 2, "backoff_cap": 20}, [50, 50, 50]),
        ({"backoff_factor": 0.5}, [50, 50, 50]),
        ({"backoff_factor": 1e300, "backoff_cap": 60}, [50, 60, 60]),
    ],
    ids=["plain", "doubled", "capped", "a cap below the delay", "never shorter", "more than a float holds"],
)
def test_delays_grow_with_the_failures_that_count(
    new_bench: Any, policy: Any, changed: dict[str, float], expected: list[int]
) -> None:
    bench = new_bench(policy._replace(disable_window=10_000, **changed))
    delays = []
    for _ in expected:
        bench.run("a", FAILED)
        delays.append(retried_after(bench))
    assert delays == expected


def test_jitter_spreads_retries_the_same_way_at_every_replay(new_bench: Any, policy: Any) -> None:
    bench = new_bench(policy._replace(backoff_jitter=0.5))
    names = [f"t{i}" for i in range(40)]
    for name in names:
        bench.run(name, FAILED)
    at_each: list[int] = []
    for _ in range(76):
        at_each.append(bench.statuses(names).count(PENDING))
        bench.tick(1)
    assert at_each[49] == 0
    assert 10 < at_each[62] < 30
    assert at_each[75] == 40
    bench.check_replay()


def test_a_changed_policy_counts_after_the_failure_it_came_with(new_bench: Any, policy: Any) -> None:
    bench = new_bench(policy)
    bench.run("a", FAILED)
    bench.declare("a", status=FAILED, retry_policy=RetryPolicy(retry_delay=80))
    bench.tick(50)
    assert bench.status("a") == FAILED
    bench.tick(30)
    assert bench.status("a") == PENDING


def test_forgetting_failures_takes_an_operator(new_bench: Any, policy: Any) -> None:
    bench = new_bench(policy._replace(retry_count=2))
    fail(bench, 0)
    bench.do(events.Forgiven("a"))
    bench.take()
    bench.report("a", FAILED)
    assert bench.status("a") == DISABLED, "forgiving does not clear them"
    bench.do(events.ReEnabled("a"))
    bench.tick(50)
    bench.take()
    bench.report("a", FAILED)
    assert bench.status("a") == FAILED, "re-enabling does"
