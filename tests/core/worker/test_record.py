"""What a worker writes down of a run."""

from __future__ import annotations

from typing import Any


def test_every_task_met_is_noted_in_the_order_of_the_walk(bench: Any, kept: Any, missing: Any) -> None:
    class Done(kept):
        def complete(self) -> bool:
            return True

    class Top(kept):
        def requires(self) -> Any:
            return [Done(), missing()]

    bench.run(Top(), kept(1))
    record = bench.worker.record
    assert record.roots == [Top(), kept(1)]
    assert [type(seen.task).__name__ for seen in record.seen.values()] == ["Top", "Done", "Missing", "Kept"]
    assert [seen.declared for seen in record.seen.values()] == ["PENDING", "DONE", "PENDING", "PENDING"]
    assert [seen.external for seen in record.seen.values()] == [False, False, True, False]
    assert bench.seen(Top()).deps == [Done().task_id, missing().task_id]
    assert [seen.ran for seen in record.seen.values()] == [False, False, False, True]


def test_failures_are_counted_and_a_later_success_noted(bench: Any, kept: Any) -> None:
    class Flaky(kept):
        def run(self) -> None:
            self.ran.append("try")
            if len(self.ran) < 3:
                raise ValueError
            self.finish()

    assert not bench.run(Flaky(), keep_alive=True)
    seen = bench.seen(Flaky())
    assert (seen.failures, seen.ran, seen.status) == (2, True, "DONE")


def test_what_a_task_yielded_joins_what_it_requires_once(bench: Any, kept: Any) -> None:
    class Top(kept):
        def requires(self) -> Any:
            return kept(1)

        def run(self) -> Any:
            yield [kept(1), kept(2)]
            yield kept(2), kept(3)
            self.finish()

    bench.run(Top())
    assert bench.seen(Top()).deps == [kept(n).task_id for n in (1, 2, 3)]
    assert not bench.seen(Top()).missing_dynamic


def test_a_task_left_suspended_is_noted_as_such(bench: Any, kept: Any, missing: Any) -> None:
    class Top(kept):
        def run(self) -> Any:
            yield missing()

    assert bench.run(Top()), "nothing failed"
    assert bench.seen(Top()).missing_dynamic
    assert bench.seen(Top()).status == "PENDING"


def test_a_check_that_raises_makes_scheduling_fail(bench: Any, kept: Any) -> None:
    class Broken(kept):
        def complete(self) -> bool:
            raise ValueError("broken check")

    class Top(kept):
        def requires(self) -> Any:
            return Broken()

    bench.run(Top(), kept(1))
    assert bench.added == [False, True]
    assert not bench.worker.record.scheduling_succeeded
    assert bench.seen(Broken()).declared == "UNKNOWN"
    assert kept.ran == ["Kept1"], "the rest runs"
    assert "ValueError: broken check" in bench.failure(Broken())
