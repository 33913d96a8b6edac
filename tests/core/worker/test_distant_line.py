"""A scheduler in another process that is away for a while: what is said arrives once, what was handed out is run."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from luigi.errors import CallTooOld
from luigi.interfaces import Order, Progress, Question, Report, TaskSpec
from luigi.rpc.failures import RPCError, SchedulerAway
from luigi.scheduler import Scheduler
from luigi.task_status import DONE, FAILED, PENDING, RUNNING
from luigi.testing import FakeClock
from luigi.worker import Worker
from luigi.worker.config import worker as worker_config
from luigi.worker.distant_line import DistantLine
from luigi.worker.outage import Outage
from luigi.worker.record import RunRecord
from luigi.worker.staying import Staying

LOST, UNANSWERED = "lost", "unanswered"


class FarAway:
    """A scheduler behind a network: each call takes the next of `fates`, or arrives when there are no more."""

    def __init__(self, scheduler: Scheduler) -> None:
        self.scheduler = scheduler
        self.fates: list[str] = []
        self.down = False
        self.calls: list[str] = []
        self.ended: list[str] = []
        self.back_after = 10**9
        """How many calls come to nothing while it is down, before it is up again."""

    def add_worker(self, worker: str, info: Any, attempts: int | None = None) -> None:
        self._through("introduce", lambda: self.scheduler.add_worker(worker, info))

    def ping(self, worker: str) -> Any:
        reply = self._through("ping", lambda: self.scheduler.exchange(worker, [], 0))
        messages = [message._asdict() for message in reply.messages]
        return {"rpc_messages": messages, "stranger": reply.stranger, "enabled": reply.enabled, "pace": reply.pace}

    def declare(
        self, worker: str, tasks: Sequence[TaskSpec], batchers: Any = (), call: int = 0, submission: str = ""
    ) -> None:
        self._through("declare", lambda: self.scheduler.declare(worker, tasks, batchers, call, submission))

    def exchange(self, worker: str, said: Any, want: int, call: int = 0) -> Any:
        return self._through("exchange", lambda: self.scheduler.exchange(worker, said, want, call))

    def farewell(self, worker: str, status: str) -> None:
        self._through("farewell", lambda: self.ended.append(status))

    def _through(self, name: str, call: Callable[[], Any]) -> Any:
        self.calls.append(name)
        if self.down:
            self.back_after -= 1
            self.down = self.back_after > 0
        fate = LOST if self.down else self.fates.pop(0) if self.fates else ""
        if fate == LOST:
            raise SchedulerAway("nobody is there")
        try:
            answer = call()
        except CallTooOld as error:
            raise RPCError(str(error), status=409) from error
        if fate == UNANSWERED:
            raise SchedulerAway("no answer")
        return answer


@pytest.fixture
def far(clock: FakeClock) -> FarAway:
    return FarAway(Scheduler(resources={}, clock=clock, stable_done_cooldown_secs=0))


@pytest.fixture
def followed() -> list[Any]:
    return []


@pytest.fixture
def line(far: FarAway, clock: FakeClock, followed: list[Any]) -> DistantLine:
    made = DistantLine(far, followed.append, 3600, clock)
    made.introduce("me", [("host", "here")], RunRecord())
    return made


def status(far: FarAway, task_id: str) -> str | None:
    task = far.scheduler.view(Question("task", task_id))
    return None if task is None else str(task["status"])


def tasks(*names: str) -> list[TaskSpec]:
    return [TaskSpec(name, "T") for name in names]


# --- calls ----------------------------------------------------------------------------------------------------------


def test_one_call_for_each_thing(far: FarAway, line: DistantLine) -> None:
    line.declare("me", tasks("a", "b"))
    (first,) = line.ask("me", [], 1).assignments
    (second,) = line.ask("me", [Report(first.task_id, first.token, DONE)], 1).assignments
    reply = line.ask("me", [Report(second.task_id, second.token, DONE)], 1)
    assert (reply.assignments, reply.counts.pending) == ([], 0)
    assert far.calls == ["introduce", "declare", "exchange", "exchange", "exchange"]


@pytest.mark.parametrize("fate", [LOST, UNANSWERED])
def test_an_assignment_is_not_lost_with_its_answer(
    far: FarAway, line: DistantLine, clock: FakeClock, fate: str
) -> None:
    line.declare("me", tasks("a", "b"))
    far.fates = [fate]
    assert line.ask("me", [], 1).assignments == []
    assert line.is_away
    line.wait()
    (first,) = line.ask("me", [], 1).assignments
    assert not line.is_away
    assert [status(far, "a"), status(far, "b")] == [RUNNING, PENDING]
    assert line.ask("me", [Report(first.task_id, first.token, DONE)], 0).refused == []


@pytest.mark.parametrize("fate", [LOST, UNANSWERED])
def test_a_failure_counts_once(far: FarAway, line: DistantLine, fate: str) -> None:
    line.declare("me", [TaskSpec("a", "T")])
    (first,) = line.ask("me", [], 1).assignments
    far.fates = [fate, LOST]
    line.ask("me", [Report("a", first.token, FAILED)], 1)
    for _ in range(3):
        line.wait()
        line.ask("me", [], 1)
    assert not line.unheeded
    changes = far.scheduler.view(Question("story", "a"))
    assert len([change for change in changes if FAILED in str(change)]) == 1


def test_what_was_declared_meanwhile_is_known_before_what_is_said_of_it(far: FarAway, line: DistantLine) -> None:
    line.declare("me", tasks("a"))
    (first,) = line.ask("me", [], 1).assignments
    far.down = True
    line.ask("me", [], 0)
    line.declare("me", tasks("b"))
    line.ask("me", [Report("a", first.token, PENDING, ["b"])], 1)
    far.down = False
    line.wait()
    (second,) = line.ask("me", [], 1).assignments
    assert second.task_id == "b"
    assert far.scheduler.view(Question("task", "a"))["deps"] == ["b"]


def test_what_tasks_say_meanwhile_arrives(far: FarAway, line: DistantLine) -> None:
    line.declare("me", tasks("a"))
    (first,) = line.ask("me", [], 1).assignments
    far.down = True
    for n in range(100):
        line.exchange("me", [Progress("a", first.token, percentage=n)], 0)
    assert far.calls.count("exchange") == 2, "one that is away is not asked at every word"
    far.down = False
    line.wait()
    assert line.ask("me", [], 0).refused == []
    assert far.scheduler.view(Question("task", "a"))["percentage"] == 99


def test_work_that_comes_with_what_a_task_says_is_kept_for_who_asks(far: FarAway, line: DistantLine) -> None:
    line.declare("me", tasks("a", "b"))
    (first,) = line.ask("me", [], 1).assignments
    far.fates = [UNANSWERED]
    line.ask("me", [], 1)
    line.wait()
    assert line.exchange("me", [Progress("a", first.token, percentage=1)], 0).assignments == ()
    calls = len(far.calls)
    assert [assignment.task_id for assignment in line.ask("me", [], 1).assignments] == ["b"]
    assert len(far.calls) == calls + 1


def test_many_tasks_are_declared_in_pieces_that_arrive_once_each(far: FarAway, line: DistantLine) -> None:
    far.fates = ["", UNANSWERED]
    line.declare("me", tasks(*[f"t{n}" for n in range(2500)]))
    line.wait()
    line.ask("me", [], 0)
    assert far.calls.count("declare") == 4
    assert far.scheduler.view(Question("counts")) == {PENDING: 2500}


def test_numbers_grow_over_the_lives_of_a_worker(far: FarAway, line: DistantLine, clock: FakeClock) -> None:
    line.declare("me", tasks("a"))
    clock.advance(1)
    another = DistantLine(far, print, 3600, clock)
    assert [assignment.task_id for assignment in another.ask("me", [], 1).assignments] == ["a"]


def test_two_processes_of_one_name_are_told_and_served(
    far: FarAway, line: DistantLine, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    ahead = FakeClock(clock.now() + 60)
    DistantLine(far, print, 3600, ahead).declare("me", tasks("a"))
    clock.advance(1)
    line.ask("me", [], 0)
    clock.advance(61)
    assert "is older than its call" in caplog.text
    assert "Does another process have the same [worker] id?" in caplog.text
    assert [assignment.task_id for assignment in line.ask("me", [], 1).assignments] == ["a"]


@pytest.mark.parametrize("error", [RPCError("no such field", status=400), TypeError("no such field")])
def test_what_goes_wrong_otherwise_is_not_said_again(far: FarAway, clock: FakeClock, error: Exception) -> None:
    class Picky(FarAway):
        def exchange(self, *args: Any, **kwargs: Any) -> Any:
            self.calls.append("exchange")
            raise error

    picky = Picky(far.scheduler)
    line = DistantLine(picky, print, 3600, clock)
    with pytest.raises(type(error), match="no such field"):
        line.ask("me", [Report("a", 1, DONE)], 0)
    line.declare("me", tasks("a"))
    assert picky.calls == ["exchange", "declare"]
    assert status(far, "a") == PENDING


def test_what_went_unanswered_and_then_wrong_is_not_said_again(far: FarAway, clock: FakeClock) -> None:
    class Ailing(FarAway):
        errors: list[Exception] = [SchedulerAway("gone"), ValueError("no such number")]

        def exchange(self, *args: Any, **kwargs: Any) -> Any:
            raise self.errors.pop(0)

    line = DistantLine(Ailing(far.scheduler), print, 3600, clock)
    line.ask("me", [Report("a", 1, DONE)], 0)
    line.wait()
    with pytest.raises(ValueError, match="no such number"):
        line.ask("me", [], 0)
    line.declare("me", tasks("a"))
    assert status(far, "a") == PENDING


# --- messages and standing ------------------------------------------------------------------------------------------


def test_a_message_is_not_lost_with_its_answer(far: FarAway, line: DistantLine, followed: list[Any]) -> None:
    line.declare("me", tasks("a"))
    far.scheduler.control(Order("set_worker_processes", "me", 4))
    far.fates = [UNANSWERED]
    line.ask("me", [], 0)
    line.wait()
    line.ask("me", [], 0)
    assert followed == [{"name": "set_worker_processes", "kwargs": {"n": 4}}]


def test_one_that_has_forgotten_the_worker_is_told_who_it_is(far: FarAway, line: DistantLine, clock: FakeClock) -> None:
    far.scheduler = Scheduler(resources={}, clock=clock)
    line.ask("me", [], 1)
    assert line.unheeded[0].stranger
    line.declare("me", tasks("a"))
    (worker,) = far.scheduler.view(Question("workers"))
    assert worker["info"]["host"] == "here"


def test_a_sign_of_life_tells_of_the_worker_s_standing(far: FarAway, line: DistantLine, clock: FakeClock) -> None:
    far.scheduler = Scheduler(resources={}, clock=clock)
    line.ping("me")
    assert [reply.stranger for reply in line.unheeded] == [True]
    far.scheduler.add_worker("me", [])
    far.scheduler.control(Order("disable_worker", "me"))
    line.ping("me")
    assert [reply.enabled for reply in line.unheeded] == [True, False]


def test_a_stranger_whose_sign_of_life_was_not_answered_is_told_by_the_next_call(
    far: FarAway, line: DistantLine, clock: FakeClock
) -> None:
    far.scheduler = Scheduler(resources={}, clock=clock)
    far.fates = [UNANSWERED]
    with pytest.raises(SchedulerAway):
        line.ping("me")
    line.ask("me", [], 1)
    assert [reply.stranger for reply in line.unheeded] == [True]


def test_what_is_declared_for_a_submission_has_the_worker_s_number(far: FarAway, line: DistantLine) -> None:
    far.scheduler.submit("run-a", tasks("a"))
    far.fates = [UNANSWERED]
    line.declare_for("run-a", "me", [TaskSpec("b", "T"), TaskSpec("c", "T")])
    assert line.is_owing
    line.wait()
    line.ask("me", [], 0)
    assert not line.is_owing
    assert far.scheduler.view(Question("submission", "run-a"))["counts"] == {PENDING: 3}
    assert far.calls.count("declare") == 2


def test_a_sign_of_life_that_is_heard_ends_the_wait(far: FarAway, line: DistantLine, clock: FakeClock) -> None:
    far.down = True
    for _ in range(20):
        line.ask("me", [], 0)
        line.wait()
    line.ask("me", [], 0)
    far.down = False
    line.ping("me")
    slept = len(clock.slept)
    line.wait()
    line.ask("me", [], 0)
    assert not line.is_away
    assert len(clock.slept) == slept


# --- patience -------------------------------------------------------------------------------------------------------


def test_pauses_grow_and_are_bounded(far: FarAway, line: DistantLine, clock: FakeClock) -> None:
    far.down = True
    for _ in range(100):
        line.ask("me", [], 0)
        line.wait()
    assert 0.05 < clock.slept[0] < 0.15
    assert clock.slept[3] > 4 * clock.slept[0]
    assert max(clock.slept) <= 6.25


def test_a_server_may_say_when_it_wants_to_be_asked_again(clock: FakeClock) -> None:
    outage = Outage(3600, clock)
    for asked_for, waits in ((30.0, 30), (10**9, 60)):
        outage.note(SchedulerAway("429 Too Many Requests", retry_after=asked_for))
        outage.wait()
        assert waits < clock.slept[-1] < waits + 1


def test_patience_ends(far: FarAway, clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    line = DistantLine(far, print, 60, clock)
    line.introduce("me", [], RunRecord())
    far.down = True
    started = clock.now()
    with pytest.raises(SchedulerAway, match="nobody is there"):
        while True:
            line.ask("me", [], 1)
            line.wait()
    assert 60 < clock.now() - started < 70
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING] == [
        "nobody is there. What runs goes on; what it says is kept for up to 60 s"
    ]


def test_what_ended_after_that_is_said_all_the_same(far: FarAway, clock: FakeClock) -> None:
    line = DistantLine(far, print, 60, clock)
    line.declare("me", tasks("a"))
    (first,) = line.ask("me", [], 1).assignments
    far.down = True
    line.ask("me", [], 1)
    clock.advance(61)
    line.ask("me", [], 1)
    far.down = False
    line.ask("me", [Report("a", first.token, DONE)], 1)
    line.wait()
    line.ask("me", [], 1)
    assert status(far, "a") == DONE


# --- workers --------------------------------------------------------------------------------------------------------


def run(far: FarAway, clock: FakeClock, *roots: Any, **options: Any) -> bool:
    settings = {"worker_id": "w", "clock": clock, "ping_interval": 1000, "wait_jitter": 0, **options}
    with Worker(far, **settings) as worker:
        for root in roots:
            worker.add(root)
        return worker.run()


def test_a_run_goes_on_where_the_server_was_lost(far: FarAway, clock: FakeClock, kept: Any) -> None:
    class Cutting(kept):
        def run(self) -> None:
            far.fates = [UNANSWERED, LOST, LOST, UNANSWERED, LOST]
            self.finish()

    assert run(far, clock, *[Cutting(n) for n in range(5)])
    assert sorted(kept.ran) == [f"Cutting{n}" for n in range(5)]
    assert far.scheduler.view(Question("counts")) == {DONE: 5}
    assert far.ended == ["SUCCESS"]


def test_requirements_found_while_nobody_is_there(far: FarAway, clock: FakeClock, kept: Any) -> None:
    class Finding(kept):
        def run(self) -> Any:
            far.down = True
            yield kept(7)
            self.finish()

    far.back_after = 3
    assert run(far, clock, Finding(0))
    assert kept.ran == ["Kept7", "Finding0"]


def test_a_server_that_lost_everything_is_told_everything(far: FarAway, clock: FakeClock, kept: Any) -> None:
    class Losing(kept):
        def run(self) -> None:
            if not self.ran:
                far.scheduler = Scheduler(resources={}, clock=clock)
            self.finish()

    assert run(far, clock, *[Losing(n) for n in range(3)])
    assert sorted(kept.ran) == ["Losing0", "Losing1", "Losing2"]
    assert far.scheduler.view(Question("counts")) == {DONE: 3}


def test_a_run_that_never_reached_its_server_fails_at_once(far: FarAway, clock: FakeClock, kept: Any) -> None:
    far.down = True
    with pytest.raises(SchedulerAway):
        run(far, clock, kept())
    assert clock.slept == []


def test_a_run_ends_when_patience_does(far: FarAway, clock: FakeClock, kept: Any) -> None:
    class Cutting(kept):
        def run(self) -> None:
            far.down = True
            self.finish()

    with pytest.raises(SchedulerAway):
        run(far, clock, Cutting(), outage_patience=100)
    assert 100 < sum(clock.slept) < 110


@pytest.mark.parametrize(("raises", "status"), [(True, "FAILED"), (False, "SUCCESS")])
def test_the_scheduler_is_told_how_a_run_ended(
    far: FarAway, clock: FakeClock, kept: Any, raises: bool, status: str
) -> None:
    class Perhaps(kept):
        def run(self) -> None:
            if raises:
                raise ValueError
            self.finish()

    run(far, clock, Perhaps())
    assert far.ended == [status]


def test_that_it_does_not_hear_it_is_no_failure(far: FarAway, clock: FakeClock, kept: Any, caplog: Any) -> None:
    class Last(FarAway):
        def farewell(self, worker: str, status: str) -> None:
            raise SchedulerAway("gone")

    assert run(Last(far.scheduler), clock, kept())
    assert "was not told how the run of w ended: gone" in caplog.text


def test_a_server_hears_what_is_run(far: FarAway, clock: FakeClock, kept: Any) -> None:
    assert run(far, clock, kept(3))
    (worker,) = far.scheduler.view(Question("workers"))
    assert worker["info"]["roots"] == [kept(3).task_id]
    assert worker["info"]["command"]


# --- many workers ---------------------------------------------------------------------------------------------------


@pytest.fixture
def crowded(far: FarAway) -> FarAway:
    """A scheduler with a thousand workers: it wants a call of each every four seconds."""
    for number in range(1000):
        far.scheduler.add_worker(f"other-{number}", [])
    return far


def line_of(far: FarAway, clock: FakeClock) -> DistantLine:
    return DistantLine(far, lambda message: None, 100, clock)


def test_signs_of_life_are_as_frequent_as_the_worker_likes(far: FarAway, clock: FakeClock) -> None:
    line = line_of(far, clock)
    for _ in range(3):
        line.ping("w")
    assert (line.pace, far.calls) == (0, ["ping"] * 3)


def test_among_many_workers_a_sign_of_life_waits_until_it_says_something_new(
    crowded: FarAway, clock: FakeClock
) -> None:
    line = line_of(crowded, clock)
    line.ask("w", [], 0)
    assert line.pace == 4
    heard = []
    for second in range(1, 10):
        clock.sleep(1)
        line.ping("w")
        if second == 5:
            line.exchange("w", [Progress("a", 1)], 0)  # that is one too
        heard.append(len(crowded.calls))
    assert heard == [1, 1, 1, 2, 3, 3, 3, 3, 4]


@pytest.mark.parametrize(("pace", "waited"), [(0, 1), (0.5, 1), (4, 4)])
def test_among_many_workers_work_is_asked_for_less_often(clock: FakeClock, pace: float, waited: float) -> None:
    Staying(worker_config(wait_interval=1, wait_jitter=0), clock).wait(pace=pace)
    assert clock.slept == [waited]
