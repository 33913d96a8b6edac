"""What both stores do alike, whatever they keep the state in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator

import pytest

from luigi.errors import NotLeading, StoreError
from luigi.interfaces import StateStore

Opens = Callable[..., StateStore]


def kept(store: StateStore) -> tuple[list[str], int, list[tuple[int, str]]]:
    """All that is there."""
    found = store.load()
    return list(found.parts), found.upto, list(found.entries)


def claimed(opens: Opens, **settings: object) -> StateStore:
    store = opens(**settings)
    assert store.claim()
    return store


# --- what is kept ----------------------------------------------------------------------------------------------------


def test_nothing_is_there_at_first_and_looking_makes_nothing(open_store: Opens) -> None:
    assert kept(open_store()) == ([], 0, [])
    with pytest.raises(StoreError, match="no state"):
        open_store().save(["a part"], 0)


@pytest.mark.parametrize("text", ["", "plain", '[1.5, [["Täg ☃"]]]', "a\0b", "half a pair: \ud800", "x" * 1_000_000])
def test_any_text_comes_back_as_it_was(open_store: Opens, text: str) -> None:
    store = claimed(open_store)
    store.append([(1, text), (2, "other")])
    store.save([text, "more"], 1)
    assert kept(open_store()) == ([text, "more"], 1, [(2, "other")])


def test_many_entries_come_back_in_order(open_store: Opens) -> None:
    store = claimed(open_store)
    for first in range(1, 3_001, 100):
        store.append([(number, f"entry {number}") for number in range(first, first + 100)])
    assert kept(open_store()) == ([], 0, [(number, f"entry {number}") for number in range(1, 3_001)])


def test_nothing_to_append_is_no_mistake(open_store: Opens) -> None:
    store = claimed(open_store)
    store.append([])
    assert kept(store) == ([], 0, [])


def test_what_is_said_again_is_there_once(open_store: Opens) -> None:
    store = claimed(open_store)
    store.append([(1, "one"), (2, "two")])
    store.append([(1, "one"), (2, "two"), (3, "three")])
    assert kept(store) == ([], 0, [(1, "one"), (2, "two"), (3, "three")])


def test_what_a_snapshot_has_taken_the_place_of_is_not_kept_when_said_again(open_store: Opens) -> None:
    store = claimed(open_store, keep_hours=1)
    store.append([(1, "one"), (2, "two")])
    store.save(["state"], 2)
    store.append([(2, "two"), (3, "three")])
    assert kept(store) == (["state"], 2, [(3, "three")])


def test_another_text_under_a_number_is_another_writers(open_store: Opens) -> None:
    store = claimed(open_store)
    store.append([(1, "one"), (2, "two")])
    with pytest.raises(NotLeading):
        store.append([(2, "too"), (3, "three")])
    assert kept(open_store()) == ([], 0, [(1, "one"), (2, "two")]), "all or none"
    with pytest.raises(NotLeading):
        store.append([(3, "three")])
    assert not store.claim(), "what it knew is not what is there"


def test_a_gap_is_damage(open_store: Opens) -> None:
    claimed(open_store).append([(1, "one"), (3, "three")])
    with pytest.raises(StoreError, match="damaged: number 2 is missing"):
        kept(open_store())


# --- who writes ------------------------------------------------------------------------------------------------------


def test_one_has_it_as_often_as_it_asks(open_store: Opens) -> None:
    store = open_store()
    assert [store.claim(), store.claim()] == [True, True]


def test_another_gets_it_when_the_first_is_closed(open_store: Opens) -> None:
    first, second = claimed(open_store), open_store()
    assert not second.claim()
    with pytest.raises(NotLeading):
        second.append([(1, "one")])
    assert kept(second) == ([], 0, [])
    first.close()
    assert second.claim()
    second.append([(1, "one")])
    assert kept(second) == ([], 0, [(1, "one")])


def test_one_that_was_closed_writes_no_more(open_store: Opens) -> None:
    store = claimed(open_store)
    store.close()
    with pytest.raises(NotLeading):
        store.append([(1, "of a time that is over")])
    assert not store.claim()
    assert kept(open_store()) == ([], 0, [])


def test_who_appends_without_asking_asks(open_store: Opens) -> None:
    open_store().append([(1, "one")])
    assert not open_store().claim()


def test_of_many_at_once_one_gets_it(open_store: Opens) -> None:
    stores = [open_store() for _ in range(8)]
    got: list[bool] = []
    threads = [threading.Thread(target=lambda store=store: got.append(store.claim())) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False] * 7 + [True]


def test_threads_may_append_and_read_at_once(open_store: Opens) -> None:
    store = claimed(open_store)
    numbers, turn = iter(range(1, 201)), threading.Lock()
    seen: list[int] = []

    def work() -> None:
        for _ in range(50):
            with turn:  # as the journal does: numbers come in order
                store.append([(next(numbers), "text")])
            seen.append(len(kept(store)[2]))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 200
    assert len(kept(store)[2]) == 200


# --- snapshots -------------------------------------------------------------------------------------------------------


def test_a_snapshot_takes_the_place_of_the_last_one_and_of_entries(open_store: Opens) -> None:
    store = claimed(open_store)
    store.append([(1, "one"), (2, "two"), (3, "three")])
    store.save(["a", "b", "c"], 1)
    store.save(iter(["d"]), 2)
    assert kept(open_store()) == (["d"], 2, [(3, "three")])
    store.save([], 3)
    assert kept(open_store()) == ([], 3, [])


def test_entries_are_appended_while_another_process_would_save(open_store: Opens) -> None:
    store = claimed(open_store)
    store.append([(1, "one")])

    def parts() -> Iterator[str]:
        for number in range(2, 7):
            store.append([(number, "meanwhile")])
            yield f"part {number}"

    open_store().save(parts(), 1)
    assert kept(store) == ([f"part {n}" for n in range(2, 7)], 1, [(n, "meanwhile") for n in range(2, 7)])


def test_what_is_read_does_not_change_while_it_is_saved(open_store: Opens) -> None:
    store = claimed(open_store)
    store.append([(1, "one"), (2, "two")])
    store.save(["a", "b"], 1)
    reading = store.load()
    parts = iter(reading.parts)
    assert next(parts) == "a"
    store.append([(3, "three")])
    open_store().save(["c"], 3)
    assert [*parts] == ["b"]
    assert [*reading.entries] == [(2, "two")]
    assert kept(store) == (["c"], 3, [])


def test_one_that_cannot_be_made_leaves_the_last_one(open_store: Opens) -> None:
    store = claimed(open_store)
    store.append([(1, "one"), (2, "two")])
    store.save(["whole"], 1)

    def parts() -> Iterator[str]:
        yield "half"
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        store.save(parts(), 2)
    assert kept(open_store()) == (["whole"], 1, [(2, "two")])
    store.save(["next"], 2)
    assert kept(open_store()) == (["next"], 2, [])


def test_one_of_an_earlier_state_that_comes_late_is_left(open_store: Opens) -> None:
    store = claimed(open_store)
    store.append([(1, "one"), (2, "two"), (3, "three")])

    def late() -> Iterator[str]:
        store.save(["of now"], 3)
        yield "of then"

    with_late(open_store(), late())
    assert kept(open_store()) == (["of now"], 3, [])


def with_late(store: StateStore, parts: Iterable[str]) -> None:
    """SQLite's may say that somebody else has begun meanwhile; PostgreSQL's need not."""
    try:
        store.save(parts, 1)
    except StoreError as error:
        assert "another process has begun to save" in str(error)  # noqa: PT017


def test_one_who_does_not_lead_any_more_saves_nothing(open_store: Opens, overtake: Callable[[], StateStore]) -> None:
    first = claimed(open_store)
    first.append([(1, "one")])
    second = overtake()
    second.append([(2, "two")])
    with pytest.raises(NotLeading):
        first.save(["of a time that is over"], 2)
    with pytest.raises(NotLeading):
        first.append([(2, "of a time that is over")])
    assert not first.claim()
    assert kept(second) == ([], 0, [(1, "one"), (2, "two")])


def test_entries_are_kept_as_long_as_they_are_to_be(open_store: Opens, count_entries: Callable[[], int]) -> None:
    store = claimed(open_store, keep_hours=1)
    store.append([(1, "one"), (2, "two")])
    store.save(["state"], 2)
    assert count_entries() == 2
    assert kept(store) == (["state"], 2, [])
    open_store(keep_hours=0).save(["state"], 2)
    assert count_entries() == 0
