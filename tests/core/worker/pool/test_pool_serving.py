"""A pool's worker against a scheduler in this process: what it plans, runs, refuses and gives back."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

import luigi
from luigi.interfaces import Order, Question, TaskSpec
from luigi.scheduler import Scheduler
from luigi.submissions import stand_in
from luigi.task_register import Register
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, RUNNING
from luigi.testing import FakeClock
from luigi.worker import Worker
from luigi.worker.pool import Pool, Served, serve
from luigi.worker.pool.rounds import LONGEST_SUSPENDED, REMEMBERED

RUN = "run-1"


class Bench:
    """A scheduler with a pool's worker beside it, on a clock that nobody waits for."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.scheduler = Scheduler(
            resources={}, clock=clock, prune_on_get_work=True, stable_done_cooldown_secs=0, retry_count=2, retry_delay=5
        )

    def submit(self, *tasks: Any, unplanned: bool = True, **facts: Any) -> None:
        """Submit tasks that nobody has planned."""
        self.scheduler.submit(RUN, [spec(task)._replace(unplanned=unplanned) for task in tasks], **facts)

    def told(self, what: str = RUN) -> Any:
        """How the submission stands."""
        return self.scheduler.view(Question("submission", what))

    def task(self, task_id: str) -> Any:
        """How a task stands."""
        return self.scheduler.view(Question("task", task_id))

    def serve(self, pool: Pool | None = None, until: Callable[[], bool] | None = None, **options: Any) -> Served:
        """Work until the submission is settled."""

        def settled() -> bool:
            told = self.told()
            return told is None or told["settled"] is not None

        options = {"wait_interval": 1, "wait_jitter": 0, "worker_id": "w", "clock": self.clock, **options}
        return serve(self.scheduler, pool, until=until or settled, **options)


def spec(task: Any) -> TaskSpec:
    return TaskSpec(task.task_id, task.task_family, task.task_module, task.to_str_params())


@pytest.fixture
def pooled() -> Bench:
    return Bench(FakeClock(1000))


def test_it_plans_what_nobody_has_planned_and_runs_it(pooled: Bench, kept: Any) -> None:
    class PoolsTop(kept):
        def requires(self) -> Any:
            return [kept(n) for n in range(3)]

    pooled.submit(PoolsTop())
    assert pooled.serve() == Served(done=4, failed=0)
    assert kept.ran == ["Kept0", "Kept1", "Kept2", "PoolsTop0"]
    assert (pooled.told()["status"], pooled.told()["counts"]) == ("SUCCESS", {DONE: 4})


def test_what_needs_nothing_is_run_as_soon_as_that_is_known(pooled: Bench, kept: Any) -> None:
    class PoolsReady(kept):
        def requires(self) -> Any:
            return kept(1)

    changes: list[str] = []
    pooled.scheduler.watch(lambda changed, at: changes.append(changed.after))
    kept(1).finish()
    pooled.submit(PoolsReady())
    assert pooled.serve().done == 1
    assert changes.count(RUNNING) == 1


def test_what_is_complete_is_not_run(pooled: Bench, kept: Any) -> None:
    kept(5).finish()
    pooled.submit(kept(5))
    pooled.serve()
    assert (kept.ran, pooled.task(kept(5).task_id)["status"]) == (["Kept5"], DONE)


def test_what_a_run_turns_out_to_want_is_wanted_by_the_submission(pooled: Bench, kept: Any) -> None:
    class PoolsDynamic(kept):
        def run(self) -> Any:
            yield [kept(1), kept(2)]
            yield kept(3)
            self.finish()

    pooled.submit(PoolsDynamic())
    assert pooled.serve().done == 4
    assert kept.ran == ["Kept1", "Kept2", "Kept3", "PoolsDynamic0"]
    assert pooled.told()["counts"] == {DONE: 4}


def test_a_family_that_can_be_batched_is_run(pooled: Bench, kept: Any) -> None:
    class PoolsSummed(kept):
        n = luigi.IntParameter(batch_method=sum)

        def run(self) -> Any:
            yield kept(7)
            self.finish()
            self.done.update(PoolsSummed(n).task_id for n in range(1, 4))

    class PoolsOfBatch(kept):
        def requires(self) -> Any:
            return [PoolsSummed(n) for n in range(1, 4)]

    pooled.submit(PoolsOfBatch())
    pooled.serve()
    assert pooled.told()["status"] == "SUCCESS"
    assert pooled.task(PoolsOfBatch().task_id)["status"] == DONE


def test_nothing_is_waited_for_in_vain_for_ever(pooled: Bench, kept: Any) -> None:
    class Unreal(kept):
        def run(self) -> None:
            """It never makes what it is to make."""

    class PoolsWaiting(kept):
        def run(self) -> Any:
            yield Unreal()

    pooled.submit(PoolsWaiting())
    pooled.serve()
    assert "Unfulfilled dependency" in pooled.task(PoolsWaiting().task_id)["explanation"]


@pytest.mark.parametrize("method", ["complete", "requires"])
def test_what_cannot_be_planned_fails_and_says_why(pooled: Bench, kept: Any, method: str) -> None:
    class PoolsBroken(kept):
        pass

    def broken(self: Any) -> Any:
        raise ValueError("no such day")

    setattr(PoolsBroken, method, broken)
    pooled.submit(PoolsBroken())
    assert pooled.serve().failed
    task = pooled.task(PoolsBroken().task_id)
    assert task["status"] in (FAILED, DISABLED)
    assert "ValueError: no such day" in task["explanation"]


def test_a_graph_that_cannot_be_fails(pooled: Bench, kept: Any) -> None:
    class PoolsRing(kept):
        def requires(self) -> Any:
            return PoolsRing((self.n + 1) % 3)

    pooled.submit(PoolsRing())
    pooled.serve()
    assert "PoolsRing" in pooled.task(PoolsRing().task_id)["explanation"]
    assert kept.ran == []


def test_a_class_that_is_disabled_is_not_run(pooled: Bench, kept: Any) -> None:
    class PoolsOff(kept):
        disabled = True

    pooled.submit(PoolsOff())
    pooled.serve()
    assert (pooled.task(PoolsOff().task_id)["status"], kept.ran) == (DISABLED, [])


def test_missing_external_data_is_missing(pooled: Bench, kept: Any, missing: Any) -> None:
    class PoolsNeeding(kept):
        def requires(self) -> Any:
            return missing()

    pooled.submit(PoolsNeeding())
    pooled.serve()
    assert (pooled.told()["status"], kept.ran) == ("MISSING_EXT", [])


def test_what_others_make_is_waited_for_beside_what_runs(pooled: Bench, kept: Any) -> None:
    class PoolsAwaited(luigi.ExternalTask):
        poke = luigi.Poke(interval=10)

        def complete(self) -> bool:
            return pooled.clock.now() > 1500

    class PoolsPatient(kept):
        def requires(self) -> Any:
            return [PoolsAwaited(), kept(1)]

    pooled.submit(PoolsPatient(), kept(2))
    pooled.serve()
    assert sorted(kept.ran[:2]) == ["Kept1", "Kept2"]
    assert (pooled.told()["status"], pooled.told()["counts"]) == ("SUCCESS", {DONE: 4})
    assert 1500 < pooled.clock.now() < 1520


def test_what_is_asked_for_may_itself_be_waited_for(pooled: Bench) -> None:
    class PoolsAskedFor(luigi.ExternalTask):
        poke = luigi.Poke(interval=10, timeout=100)

        def complete(self) -> bool:
            return False

    pooled.submit(PoolsAskedFor())
    pooled.serve(until=lambda: pooled.told()["settled"] is not None or pooled.clock.now() > 2000)
    assert pooled.clock.now() < 1200
    assert pooled.task(PoolsAskedFor().task_id)["status"] in (FAILED, DISABLED)


def test_a_big_graph_holds_up_no_small_one(pooled: Bench, kept: Any) -> None:
    order: list[str] = []

    class PoolsBig(kept):
        def requires(self) -> Any:
            return [PoolsLeaf(n) for n in range(1500)]

    class PoolsLeaf(kept):
        def complete(self) -> bool:
            order.append("checked")
            return True

    class PoolsSmall(kept):
        def requires(self) -> Any:
            order.append("planned")
            return []

    pooled.submit(PoolsBig(), PoolsSmall())
    pooled.serve(concurrency=2)
    assert order.index("planned") < 1000
    assert pooled.told()["counts"] == {DONE: 1502}


def test_no_more_is_asked_for_than_can_be_planned_and_run(pooled: Bench, kept: Any) -> None:
    leased: list[int] = []

    class PoolsWide(kept):
        def requires(self) -> Any:
            leased.append(pooled.scheduler.view(Question("counts"))[RUNNING])
            return []

    pooled.submit(*[PoolsWide(n) for n in range(10)])
    pooled.serve()
    assert set(leased) == {1}


# --- stand-ins ------------------------------------------------------------------------------------------------------


class PoolsStoodFor(luigi.Task):
    """A task whose id is not known to who names one of its parameters."""

    day = luigi.DateParameter()
    size = luigi.IntParameter(default=3)
    ran: list[str] = []

    def complete(self) -> bool:
        return self.task_id in self.ran

    def run(self) -> None:
        self.ran.append(self.task_id)


def test_a_stand_in_is_done_when_what_it_stands_for_is(pooled: Bench) -> None:
    PoolsStoodFor.ran.clear()
    name = stand_in("PoolsStoodFor", RUN)
    root = TaskSpec(name, "PoolsStoodFor", __name__, {"day": "2013-07-04"}, unplanned=True)
    pooled.scheduler.submit(RUN, [root])
    pooled.serve(Pool([__name__]))
    (ran,) = PoolsStoodFor.ran
    assert pooled.task(name)["status"] == DONE
    assert pooled.task(ran)["params"] == {"day": "2013-07-04", "size": "3"}
    assert pooled.told()["status"] == "SUCCESS"


def test_a_stand_in_for_no_task_fails(pooled: Bench) -> None:
    name = stand_in("PoolsStoodFor", RUN)
    pooled.scheduler.submit(RUN, [TaskSpec(name, "PoolsStoodFor", __name__, {"day": "x"}, unplanned=True)])
    pooled.serve()
    assert "day" in pooled.task(name)["explanation"]


# --- which tasks ----------------------------------------------------------------------------------------------------


@pytest.fixture
def namesakes() -> Iterator[list[type[luigi.Task]]]:
    """Two modules with a task of the same family."""
    found: list[type[luigi.Task]] = []
    for name in ("pools_first", "pools_second"):
        module = ModuleType(name)
        sys.modules[name] = module
        body = {"__module__": name, "ran": [], "complete": lambda self: bool(self.ran), "run": _note}
        found.append(type("PoolsNamesake", (luigi.Task,), body))
    yield found
    for name in ("pools_first", "pools_second"):
        del sys.modules[name]
    del Register._families["PoolsNamesake"]


def _note(self: Any) -> None:
    self.ran.append(self.__module__)


def test_of_several_families_of_one_name_the_module_says_which(pooled: Bench, namesakes: Any) -> None:
    pooled.submit(namesakes[0]())
    pooled.serve()
    assert (namesakes[0].ran, namesakes[1].ran) == (["pools_first"], [])


def test_another_pool_s_tasks_are_left_alone(pooled: Bench, kept: Any) -> None:
    pooled.submit(kept(1))
    pooled.serve(Pool(["elsewhere"]), until=lambda: pooled.clock.now() > 1010)
    assert pooled.task(kept(1).task_id)["status"] == PENDING


def test_queues_and_labels_are_the_task_s(pooled: Bench, kept: Any) -> None:
    class PoolsHeavy(kept):
        worker_queue = "heavy"
        worker_labels = "gpu"

        def requires(self) -> Any:
            return kept(1)

    with Worker(pooled.scheduler, worker_id="declares", clock=pooled.clock) as declaring:
        declaring.add(PoolsHeavy())
    told = pooled.scheduler.machine.tasks[PoolsHeavy().task_id].demand
    assert tuple(told[:2]) == ("heavy", ("gpu",))


def test_a_module_that_is_not_here_is_the_task_s_failure(pooled: Bench) -> None:
    pooled.scheduler.submit(RUN, [TaskSpec("Gone_1", "Gone", "no_such_module_here")])
    assert pooled.serve().failed
    assert "module no_such_module_here cannot be imported here" in pooled.task("Gone_1")["explanation"]


def test_unless_another_worker_may_have_it(pooled: Bench) -> None:
    pooled.scheduler.add_worker("other", [("assistant", True), ("pool", {})])
    pooled.scheduler.submit(RUN, [TaskSpec("T_1", "T", "not_installed_here")])
    pooled.serve(until=lambda: pooled.clock.now() > 1010)
    assert pooled.task("T_1")["status"] == PENDING
    assert [one.task_id for one in pooled.scheduler.exchange("other", [], 1).assignments] == ["T_1"]


def test_a_task_that_is_another_here_says_what_differs(pooled: Bench) -> None:
    params = {"day": "2013-07-04", "size": "3", "colour": "red"}
    pooled.scheduler.submit(RUN, [TaskSpec("PoolsStoodFor_1", "PoolsStoodFor", __name__, params)])
    pooled.serve()
    explanation = pooled.task("PoolsStoodFor_1")["explanation"]
    assert "PoolsStoodFor has no parameter colour here: the code is another version" in explanation


def test_the_task_of_a_run_is_run_for_it(pooled: Bench, kept: Any) -> None:
    class PoolsRuns(kept):
        def run(self) -> Any:
            yield kept(1)
            self.finish()

    with Worker(pooled.scheduler, worker_id="declares", clock=pooled.clock) as declaring:
        declaring.add(PoolsRuns())
    pooled.serve(until=lambda: PoolsRuns().complete() or pooled.clock.now() > 1100)
    assert kept.ran == ["Kept1", "PoolsRuns0"]


# --- staying --------------------------------------------------------------------------------------------------------


def test_it_stays_until_it_was_idle_for_too_long(pooled: Bench) -> None:
    pooled.scheduler.submit("run-2", [TaskSpec("Other_1", "Other", "m", queue="elsewhere")])
    assert pooled.serve(until=lambda: False, max_keep_alive_idle_duration=_minutes(2)) == Served(0, 0)
    assert 1120 <= pooled.clock.now() < 1125


def _minutes(number: int) -> Any:
    from datetime import timedelta

    return timedelta(minutes=number)


def test_it_leaves_at_once_when_what_was_just_handed_in_was_the_last(pooled: Bench, kept: Any) -> None:
    pooled.submit(kept(1))
    pooled.serve(wait_interval=60)
    assert pooled.clock.now() < 1060


def test_an_operator_has_it_leave(pooled: Bench, kept: Any) -> None:
    class PoolsLast(kept):
        def run(self) -> None:
            pooled.scheduler.control(Order("disable_worker", "w"))
            self.finish()

    pooled.submit(PoolsLast(), kept(1))
    assert pooled.serve(until=lambda: False).done == 1
    assert pooled.task(kept(1).task_id)["status"] == PENDING


def test_what_ran_when_it_was_ended_is_anybody_s_at_once(pooled: Bench, kept: Any) -> None:
    class PoolsEnded(kept):
        def run(self) -> None:
            if not self.ran:
                self.ran.append("once")
                raise KeyboardInterrupt
            self.finish()

    pooled.submit(PoolsEnded())
    with pytest.raises(KeyboardInterrupt):
        pooled.serve()
    task = pooled.task(PoolsEnded().task_id)
    assert (task["status"], task["explanation"]) == (PENDING, None)
    assert pooled.serve(worker_id="another") == Served(1, 0)
    assert pooled.clock.now() < 1002, "nobody waits for a retry"


def test_it_says_which_pool_it_is_in(pooled: Bench) -> None:
    pooled.serve(Pool(["m"], ["q"], ["l"]), until=lambda: True)
    (worker,) = [one for one in pooled.scheduler.view(Question("workers")) if one["worker_id"] == "w"]
    assert worker["info"]["pool"] == {"modules": ["m"], "queues": ["q"], "labels": ["l"]}


# --- forgetting -----------------------------------------------------------------------------------------------------


def test_what_has_ended_is_forgotten(pooled: Bench, kept: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from luigi.worker.pool.worker import PoolWorker

    pooled.submit(*[kept(n) for n in range(REMEMBERED + 100)])
    worker = PoolWorker(
        pooled.scheduler,
        Pool(),
        until=lambda: pooled.told()["settled"] is not None,
        clock=pooled.clock,
        worker_id="w",
    )
    with worker:
        worker.run()
    assert worker.done == REMEMBERED + 100
    assert len(worker.record.seen) <= REMEMBERED
    assert len(worker._planner._submissions) <= REMEMBERED


def test_a_suspended_run_is_not_kept_for_ever(pooled: Bench, kept: Any) -> None:
    closed: list[float] = []

    class PoolsSleeping(kept):
        def run(self) -> Any:
            try:
                yield Elsewhere()
            except GeneratorExit:
                closed.append(pooled.clock.now())
                raise
            self.finish()

    class Elsewhere(kept):
        worker_queue = "elsewhere"

    pooled.submit(PoolsSleeping())
    pooled.serve(until=lambda: bool(closed) or pooled.clock.now() > 10_000)
    assert closed
    assert 1000 + LONGEST_SUSPENDED <= closed[0] < 1010 + LONGEST_SUSPENDED
