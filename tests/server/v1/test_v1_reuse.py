"""Answers that are kept: as long as they hold, a few of them, made by one at a time, gone when nobody asks."""

from __future__ import annotations

import threading

from luigi.clock import SYSTEM
from luigi.server.v1.idleness import Idleness
from luigi.server.v1.reuse import SHARE, Reused
from luigi.testing import FakeClock


def test_an_answer_holds_while_the_state_is_the_same_and_for_a_moment() -> None:
    clock, made = FakeClock(), []
    reused: Reused[int] = Reused(clock, least=2)

    def ask(state: str) -> tuple[int, str]:
        found = reused.get("asked", state, lambda: made.append(1) or len(made))  # type: ignore[func-returns-value]
        return found.value, found.state

    assert ask("s1") == (1, "s1")
    clock.advance(100)
    assert ask("s1") == (1, "s1")
    assert ask("s2") == (2, "s2")
    clock.advance(1.9)
    assert ask("s3") == (2, "s2")
    clock.advance(0.2)
    assert ask("s3") == (3, "s3")


def test_what_takes_long_holds_longer() -> None:
    clock = FakeClock()
    reused: Reused[None] = Reused(clock, least=2)
    reused.get("asked", "s1", lambda: clock.advance(1))
    clock.advance(SHARE - 0.1)
    assert reused.get("asked", "s2", lambda: None).state == "s1"
    clock.advance(0.2)
    assert reused.get("asked", "s2", lambda: None).state == "s2"


def test_those_asked_for_last_are_kept() -> None:
    reused: Reused[str] = Reused(FakeClock(), least=2, most=2)
    for asked in ("a", "b", "a", "c"):
        reused.get(asked, "s", lambda: "first")
    assert [reused.get(asked, "s", lambda: "again").value for asked in ("a", "c", "b")] == ["first", "first", "again"]


def test_what_several_ask_for_is_made_once() -> None:
    reused: Reused[int] = Reused(SYSTEM, least=60)
    made, begun, go_on = [], threading.Event(), threading.Event()

    def make() -> int:
        made.append(1)
        begun.set()
        assert go_on.wait(30)
        return 1

    threads = [threading.Thread(target=reused.get, args=("asked", "s", make)) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert begun.wait(30)
    go_on.set()
    for thread in threads:
        thread.join(30)
    assert len(made) == 1


def test_what_was_made_is_given_while_another_is_being_made() -> None:
    reused: Reused[int] = Reused(SYSTEM, least=60)
    reused.get("ready", "s", lambda: 1)

    def make() -> int:
        asking = threading.Thread(target=lambda: found.append(reused.get("ready", "s", lambda: 3).value))
        asking.start()
        asking.join(30)
        return 2

    found: list[int] = []
    reused.get("slow", "s", make)
    assert found == [1]


def test_what_nobody_asks_for_is_forgotten() -> None:
    forgotten = threading.Event()
    idleness = Idleness(SYSTEM, forgotten.set, seconds=0.02)
    idleness.asked()
    assert forgotten.wait(30)
    forgotten.clear()
    idleness.asked()
    assert forgotten.wait(30)


def test_what_somebody_asks_for_is_not_forgotten() -> None:
    clock, forgotten = FakeClock(), threading.Event()
    idleness = Idleness(clock, forgotten.set, seconds=0.02)
    idleness.asked()
    assert not forgotten.wait(0.1)
    clock.advance(0.03)
    assert forgotten.wait(30)
