"""What is kept before it is answered, what is not, and what happens while the store cannot take it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from luigi.errors import CallTooOld, KernelError, NotLeading, StoreAway, StoreError
from luigi.interfaces import Kept, Order, Progress, Question, Report, RetryPolicy, TaskSpec
from luigi.scheduler import Scheduler, codec, recovery
from luigi.scheduler.compaction import Compaction, compact
from luigi.scheduler.events import Heard, Introduced, WorkerLost
from luigi.scheduler.journal import Journal
from luigi.testing import FakeClock, MemoryStateStore, Unreliable, UnreliableStore


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(1000.0)


@pytest.fixture
def store() -> MemoryStateStore:
    return MemoryStateStore()


@pytest.fixture
def start(clock: FakeClock, store: MemoryStateStore) -> Callable[..., Scheduler]:
    """Starts a scheduler on the store, as after a restart."""

    def start(on: Any = None, **options: Any) -> Scheduler:
        options = {"resources": {"db": 2}, "worker_disconnect_delay": 60} | options
        return Scheduler(clock=clock, store=on or store, **options)

    return start


@pytest.fixture
def away(store: MemoryStateStore) -> Any:
    return Unreliable(store)


def spec(task_id: str, **fields: Any) -> TaskSpec:
    return TaskSpec(task_id, "F", **fields)


def status(scheduler: Scheduler, task_id: str) -> str:
    return str(scheduler.view(Question("task", task_id))["status"])


def entries(store: MemoryStateStore) -> list[tuple[int, str]]:
    return list(store.load().entries)


# --- what is kept ------------------------------------------------------------------------------------------------


def test_a_call_is_one_entry(start: Any, store: MemoryStateStore) -> None:
    scheduler = start()
    scheduler.declare("w", [spec("a"), spec("b")], (), 1)
    (one,) = scheduler.exchange("w", [], 1, 2).assignments
    scheduler.exchange("w", [Report("a", one.token, "DONE")], 1, 3)
    kept = [codec.read_entry(text) for _, text in entries(store)]
    assert [[type(event).__name__ for event in entry.happened] for entry in kept] == [
        ["Configured"],
        ["Called", "Declared"],
        ["Called", "Asked"],
        ["Called", "HandedIn", "Asked"],
    ]


def test_signs_of_life_are_not_kept(start: Any, store: MemoryStateStore) -> None:
    scheduler = start()
    scheduler.declare("w", [spec("a")])
    (one,) = scheduler.exchange("w", [], 1).assignments
    before = len(entries(store))
    scheduler.exchange("w", [], 0, 7)
    scheduler.exchange("w", [Progress("a", one.token)], 0)
    scheduler.ping(worker="w")
    assert len(entries(store)) == before
    scheduler.ping(worker="nobody knew it")
    assert len(entries(store)) == before + 1


def test_who_gave_signs_of_life_alone_is_not_lost_in_a_replay(
    start: Any, store: MemoryStateStore, clock: FakeClock
) -> None:
    scheduler = start()
    for worker in "wv":
        scheduler.declare(worker, [spec(f"of-{worker}")])
    for _ in range(3):
        clock.advance(50)
        scheduler.exchange("w", [], 0)
    scheduler.tick()
    assert [worker.worker_id for worker in recovery.recovered(store.load()).machine.workers] == ["w"]


def test_the_last_call_of_a_worker_is_known_although_it_was_a_sign_of_life(start: Any, store: MemoryStateStore) -> None:
    scheduler = start()
    scheduler.declare("w", [spec("a")])
    scheduler.exchange("w", [], 0, 7)
    scheduler.exchange("w", [], 1)
    store.close()
    again = start(MemoryStateStore(store.place))
    with pytest.raises(CallTooOld):
        again.exchange("w", [], 0, 6)


def test_when_a_worker_asked_is_known_although_it_got_nothing(
    start: Any, store: MemoryStateStore, clock: FakeClock
) -> None:
    scheduler = start()
    for worker in "wv":
        scheduler.declare(worker, [spec(f"of-{worker}")])
    scheduler.disable_worker("w")
    clock.advance(50)
    scheduler.get_work(worker="w")
    clock.advance(50)
    scheduler.tick()
    (worker,) = recovery.recovered(store.load()).machine.workers
    assert (worker.worker_id, worker.asked) == ("w", 1050.0)


def test_who_asks_in_vain_waits_for_what_is_freed_also_in_a_replay(start: Any, store: MemoryStateStore) -> None:
    scheduler = start()
    scheduler.declare("w", [spec("a", deps=["b"])])
    assert scheduler.exchange("w", [], 1).assignments == []
    assert recovery.recovered(store.load()).machine._lanes.waiting == {"w": 1000.0}


def test_a_repeated_call_is_kept_once(start: Any, store: MemoryStateStore) -> None:
    scheduler = start()
    for _ in range(2):
        scheduler.declare("w", [spec("a", retry_policy=RetryPolicy(retry_count=2))], (), 1)
    assert len(entries(store)) == 2
    assert recovery.recovered(store.load()).machine.tasks["a"].policy.retry_count == 2


def test_how_far_a_worker_is_is_kept(start: Any, store: MemoryStateStore) -> None:
    scheduler = start()
    scheduler.declare("w", [spec("a")])
    (one,) = scheduler.exchange("w", [], 1).assignments
    scheduler.exchange("w", [Progress("a", one.token, percentage=50)], 0)
    assert recovery.recovered(store.load()).machine.tasks["a"].lease.percentage == 50


def test_what_is_written_is_ascii_and_has_the_time_to_the_last_digit(
    start: Any, store: MemoryStateStore, clock: FakeClock
) -> None:
    scheduler = start()
    clock.advance(1 / 3)
    scheduler.declare("w", [spec("a", params={"text": "é\u2028\ud800\x00"})])
    text = entries(store)[-1][1]
    assert text.isascii()
    entry = codec.read_entry(text)
    assert entry.at == 1000 + 1 / 3
    assert entry.happened[0].tasks[0].params == {"text": "é\u2028\ud800\x00"}


def test_what_a_worker_says_of_itself_is_kept_as_far_as_json_goes(start: Any, store: MemoryStateStore) -> None:
    start().add_worker("w", [("host", "h"), ("path", Path("x")), ("names", {"one"})])
    (worker,) = recovery.recovered(store.load()).machine.workers
    assert worker.info == {"host": "h", "path": "x", "names": ["one"]}


def test_what_cannot_be_written_changes_nothing(start: Any, store: MemoryStateStore) -> None:
    scheduler = start()
    circle: list[Any] = []
    circle.append(circle)
    with pytest.raises(KernelError, match="cannot be kept"):
        scheduler.add_worker("w", [("circle", circle)])
    assert list(scheduler.machine.workers) == []
    assert len(entries(store)) == 1


def test_a_fault_in_the_middle_of_a_call_is_replayed_as_one(start: Any, store: MemoryStateStore) -> None:
    scheduler = start()
    with pytest.raises(TypeError):
        scheduler.declare("w", [spec("a"), spec("b", resources={"db": "two"}), spec("c")])
    scheduler.declare("w", [spec("d")])
    assert list(recovery.recovered(store.load()).machine.tasks) == list(scheduler.machine.tasks) == ["a", "b", "d"]


def test_threads_share_what_is_written(start: Any, store: MemoryStateStore) -> None:
    """While one write is under way, the others wait for the next."""
    groups: list[int] = []
    append, go_on, began = store.append, threading.Event(), threading.Event()

    def slow(batch: Sequence[tuple[int, str]]) -> None:
        groups.append(len(batch))
        if len(groups) == 2:
            began.set()
            go_on.wait(10)
        append(batch)

    store.append = slow  # type: ignore[method-assign]
    scheduler = start()
    threads = [threading.Thread(target=scheduler.declare, args=(f"w{n}", [spec(f"t{n}")])) for n in range(9)]
    threads[0].start()
    assert began.wait(10)
    for thread in threads[1:]:
        thread.start()
    while len(scheduler.machine.tasks) < 9:
        began.wait(0)
    go_on.set()
    for thread in threads:
        thread.join()
    assert groups == [1, 1, 8]


# --- while the store is away -------------------------------------------------------------------------------------


def test_what_is_not_kept_is_not_answered_and_nobody_is_told(start: Any, away: Any) -> None:
    scheduler = start(away)
    heard: list[str] = []
    scheduler.watch(lambda change, at: heard.append(change.task_id))
    away.fail(StoreAway("no"), times=3)
    for _ in range(2):
        with pytest.raises(StoreAway):
            scheduler.declare("w", [spec("a")], (), 1)
    with pytest.raises(StoreAway):
        scheduler.declare("v", [spec("b")], (), 1)
    assert heard == []
    assert list(scheduler.machine.tasks) == ["a"], "from the second on, calls are refused before they change anything"
    scheduler.tick()
    assert heard == ["a"], "the tick has had it kept"
    scheduler.declare("w", [spec("a")], (), 1)
    assert heard == ["a"]


def test_a_repeated_call_is_answered_once_the_first_is_kept(start: Any, away: Any, store: MemoryStateStore) -> None:
    scheduler = start(away)
    scheduler.declare("w", [spec("a")], (), 1)
    away.fail(StoreAway("no"), times=1)
    with pytest.raises(StoreAway):
        scheduler.exchange("w", [], 1, 2)
    assert [one.task_id for one in scheduler.exchange("w", [], 1, 2).assignments] == ["a"]
    store.close()
    assert [one.task_id for one in start(MemoryStateStore(store.place)).exchange("w", [], 1, 2).assignments] == ["a"]


def test_what_was_not_taken_is_written_again_in_its_order(away: Any, store: MemoryStateStore) -> None:
    journal = Journal(away, 0, 0)
    for text in "abc":
        journal.note(text, Heard(()))
    away.fail(StoreAway("no"), times=1)
    with pytest.raises(StoreAway):
        journal.settle()
    written: list[tuple[int, str]] = []
    store.append = written.extend  # type: ignore[method-assign]
    journal.settle()
    assert written == [(1, "a"), (2, "b"), (3, "c")]


def test_who_waits_for_a_try_that_is_in_vain_is_told_the_same(store: MemoryStateStore) -> None:
    """A store may take seconds to say that it is away: callers do not wait for that one after the other."""
    trying, waiting = threading.Event(), threading.Event()

    class Slow(MemoryStateStore):
        tries = 0

        def append(self, entries: Any) -> None:
            self.tries += 1
            trying.set()
            assert waiting.wait(30)
            raise StoreAway("the disk is full", hint="make room")

    slow = Slow()
    journal = Journal(slow, 0, 0)
    journal.note("[]", Heard(()))
    said: list[StoreAway] = []

    def settle() -> None:
        with pytest.raises(StoreAway) as raised:
            journal.settle()
        said.append(raised.value)

    first = threading.Thread(target=settle)
    first.start()
    assert trying.wait(30)
    others = [threading.Thread(target=settle) for _ in range(5)]
    for other in others:
        other.start()
    waiting.set()
    for thread in (first, *others):
        thread.join(30)
    assert len(said) == 6
    assert {(str(error), error.hint) for error in said} == {("the disk is full", "make room")}
    assert slow.tries <= 2, "one who came late may try again"


def test_what_an_interrupt_stops_is_written_the_next_time(away: Any, store: MemoryStateStore) -> None:
    journal = Journal(away, 0, 0)
    journal.note("one", Heard(()))
    away.fail(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        journal.settle()
    away.recover()
    journal.note("two", Heard(()))
    journal.settle()
    assert entries(store) == [(1, "one"), (2, "two")]


def test_nobody_is_told_late_of_what_is_not_kept_yet(start: Any, away: Any) -> None:
    scheduler = start(away)
    told: list[str] = []
    scheduler.watch(lambda change, at: told.append(change.task_id))
    away.fail(StoreAway("away"))
    with pytest.raises(StoreAway):
        scheduler.declare("w", [spec("a")])
    scheduler._tell_late(scheduler._journal)
    assert told == []
    away.recover()
    scheduler.save()
    assert told == ["a"]


def test_who_leads_no_more_answers_nothing(start: Any, away: Any) -> None:
    scheduler = start(away)
    away.fail(NotLeading("another does"), times=1)
    for _ in range(2):
        with pytest.raises(NotLeading, match="another does"):
            scheduler.declare("w", [spec("a")])
    for call in (scheduler.save, scheduler.tick):
        with pytest.raises(NotLeading):
            call()


def test_a_store_that_breaks_ends_it(start: Any, away: Any) -> None:
    scheduler = start(away)
    away.fail(ZeroDivisionError("a fault in the store"), times=1)
    with pytest.raises(ZeroDivisionError):
        scheduler.declare("w", [spec("a")])
    with pytest.raises(StoreError, match="the state store broke: ZeroDivisionError"):
        scheduler.exchange("w", [], 0)


def test_a_call_that_is_too_old_changes_nothing(start: Any, store: MemoryStateStore, clock: FakeClock) -> None:
    scheduler = start()
    scheduler.declare("w", [spec("a")], (), 5)
    clock.advance(9)
    with pytest.raises(CallTooOld):
        scheduler.declare("w", [spec("b")], (), 4)
    assert list(scheduler.machine.tasks) == ["a"]
    assert scheduler.machine.workers.get("w").active == 1000
    assert len(entries(store)) == 2


# --- starting ----------------------------------------------------------------------------------------------------


def test_an_outage_loses_no_worker(start: Any, store: MemoryStateStore, clock: FakeClock) -> None:
    scheduler = start()
    scheduler.declare("w", [spec("a")])
    scheduler.exchange("w", [], 1)
    clock.advance(3600)
    again = start()
    again.tick()
    assert status(again, "a") == "RUNNING"
    clock.advance(61)
    again.tick()
    assert status(again, "a") == "FAILED"


def test_settings_are_those_of_the_start(start: Any, clock: FakeClock) -> None:
    scheduler = start(retry_delay=1000)
    scheduler.declare("w", [spec("a", status="FAILED")])
    clock.advance(10)
    again = start(retry_delay=10)
    again.tick()
    assert status(again, "a") == "PENDING"


def test_a_limit_that_an_operator_set_stays_until_it_is_configured_otherwise(start: Any) -> None:
    scheduler = start(resources={"db": 2, "gpu": 1, "old": 1})
    scheduler.control(Order("set_limit", "db", 5))
    scheduler.control(Order("set_limit", "gpu", 5))
    assert start(resources={"db": 2, "gpu": 2}).machine.resources.limits == {"db": 5, "gpu": 2}
    assert start(resources={"db": 2, "gpu": 2}).machine.resources.limits == {"db": 5, "gpu": 2}


def test_entries_of_other_rules_are_refused_unless_a_snapshot_has_them(
    start: Any, store: MemoryStateStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduler = start()
    scheduler.declare("w", [spec("a")])
    monkeypatch.setattr(recovery, "REPLAYED", frozenset())
    with pytest.raises(StoreError, match="rules of another version") as caught:
        start()
    assert "stop it cleanly" in caught.value.hint
    scheduler.save()
    assert status(start(), "a") == "PENDING"


def test_only_a_new_scheduler_takes_a_state_in(start: Any, store: MemoryStateStore) -> None:
    scheduler = start()
    with pytest.raises(KernelError, match="has begun already"):
        scheduler.keep_in(store)
    with pytest.raises(NotLeading, match="another process writes"):
        start(MemoryStateStore(store.place))


@pytest.mark.parametrize(
    ("kept", "sentence"),
    [
        (Kept((), 0, [(2, "[1,[]]")]), "entry 2 comes after 0"),
        (Kept((), 0, [(1, "[1,[")]), "entry 1 .* cannot be replayed"),
        (Kept((), 0, [(1, '[1,[["Exploded"]]]')]), "entry 1 .* cannot be replayed"),
        (Kept((), 0, [(1, '[1,[["Paused"]]]')]), "rules of another version"),
        (Kept(["{}"], 3, ()), "part 0 of the snapshot cannot be read"),
        (Kept(['["state",99,{}]'], 3, ()), "not a snapshot that can be read here"),
        (Kept(['["state",1,{}]'], 3, ()), "part 0 of the snapshot cannot be read"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(kept: Kept, sentence: str) -> None:
    with pytest.raises(StoreError, match=sentence):
        recovery.recovered(kept)


def test_an_entry_that_went_wrong_has_to_do_so_again(start: Any, store: MemoryStateStore) -> None:
    start()
    first = entries(store)[0]
    with pytest.raises(StoreError, match="does not now"):
        recovery.recovered(Kept((), 0, [first, (2, '[1000.0,[["Paused"]],1]')]))


def test_an_entry_that_goes_wrong_for_the_first_time_is_refused(start: Any, store: MemoryStateStore) -> None:
    scheduler = start()
    with pytest.raises(TypeError):
        scheduler.declare("w", [spec("a", resources={"db": "two"})])
    scheduler._journal.settle()
    first, (number, text) = entries(store)
    kept = Kept((), 0, [first, (number, text.removesuffix(",1]") + "]")])
    with pytest.raises(StoreError, match="entry 2 .* cannot be replayed"):
        recovery.recovered(kept)


def test_who_watches_workers_hears_of_the_known_and_the_lost(start: Any, clock: FakeClock) -> None:
    scheduler = start()
    heard: list[Any] = []
    scheduler.watch_workers(lambda one, at: heard.append((one, at)))
    scheduler.add_worker("w", [("host", "h")])
    clock.advance(61)
    scheduler.tick()
    assert heard == [(Introduced("w", {"host": "h"}), 1000.0), (WorkerLost("w"), 1061.0)]
    scheduler.unwatch_workers(scheduler._worker_watchers[0])
    scheduler.add_worker("w", [])
    assert len(heard) == 2


# --- snapshots ---------------------------------------------------------------------------------------------------


def test_a_clean_end_leaves_a_snapshot_alone(start: Any, store: MemoryStateStore) -> None:
    scheduler = start()
    scheduler.declare("w", [spec("a"), spec("b")], (), 1)
    first = scheduler.exchange("w", [], 1, 2)
    scheduler.save()
    assert entries(store) == []
    assert start().exchange("w", [], 1, 2).assignments == first.assignments


def test_what_comes_after_a_snapshot_is_kept(start: Any, store: MemoryStateStore) -> None:
    scheduler = start()
    scheduler.save()
    scheduler.declare("w", [spec("a")])
    assert list(start().machine.tasks) == ["a"]


def test_a_snapshot_has_parts_of_a_bounded_size(start: Any, store: MemoryStateStore) -> None:
    scheduler = start()
    scheduler.declare("w", [spec(f"t{n}", params={"n": str(n)}) for n in range(2500)])
    scheduler.save()
    assert sum('["tasks"' in part for part in store.place.parts) == 3
    again = start()
    assert [task.params for task in again.machine.tasks.values()] == [{"n": str(n)} for n in range(2500)]


def test_growth_is_measured_from_the_last_snapshot(start: Any, store: MemoryStateStore) -> None:
    scheduler = start()
    assert not scheduler.grown()
    scheduler._journal.last += 50_000
    assert scheduler.grown()
    scheduler.compacted(scheduler._journal.last)
    assert not scheduler.grown()


def test_compacting_keeps_what_comes_meanwhile(start: Any, store: MemoryStateStore) -> None:
    scheduler = start()
    scheduler.declare("w", [spec("a")])
    save = store.save
    store.save = lambda parts, upto: (scheduler.declare("w", [spec("b")]), save(parts, upto))  # type: ignore[method-assign]
    assert compact(store) == 2
    assert [number for number, _ in entries(store)] == [3]
    assert list(start().machine.tasks) == ["a", "b"]


def test_a_compaction_does_not_change_what_time_brings(start: Any, store: MemoryStateStore, clock: FakeClock) -> None:
    scheduler = start(retry_delay=10)
    scheduler.declare("w", [spec("a", status="FAILED")])
    compact(store)
    clock.advance(10)
    scheduler.tick()
    assert recovery.recovered(store.load()).machine.tasks["a"].status == "PENDING"


def test_compaction_is_a_process_of_its_own() -> None:
    compaction = Compaction.start(MemoryStateStore)
    assert compaction.wait(60)
    assert (compaction.running, compaction.error, compaction.upto) == (False, "", 0)


def test_a_compaction_that_fails_says_why() -> None:
    compaction = Compaction.start(partial(UnreliableStore, None))
    assert compaction.error.startswith("AttributeError")
    assert compaction.upto == 0


def test_a_compaction_may_be_ended() -> None:
    compaction = Compaction.start(signal.pause)  # a store that never opens
    assert compaction.running
    compaction.stop()
    assert not compaction.running
    assert compaction.error == f"its process ended with -{int(signal.SIGTERM)}"
