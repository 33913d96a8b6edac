"""What every state store must do, as a pytest class to subclass.

class TestMyStore(StateStoreContract):
    @pytest.fixture
    def reopen(self, tmp_path):
        return lambda: MyStore(tmp_path / "state")

    @pytest.fixture
    def damage(self, tmp_path):
        return lambda kind: …  # make the place "damaged", "foreign" or "newer"
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from luigi.errors import NotLeading, StoreError
from luigi.interfaces import Kept, StateStore, TaskSpec
from luigi.testing.contracts.contract import Contract, only_where

Open = Callable[[], StateStore]

ENTRIES = [(1, '[1.5,[["Seen","w\\u00f6rker"]]]'), (2, "[2.5,[]]"), (3, "x" * 100_000)]


def read(kept: Kept) -> tuple[list[str], int, list[tuple[int, str]]]:
    """What was loaded, as values that can be compared."""
    return list(kept.parts), kept.upto, [(number, text) for number, text in kept.entries]


class StateStoreContract(Contract):
    """Claiming, loading, appending and saving of a `luigi.interfaces.StateStore`."""

    durable = True  # False for a store that by its nature ends with the process
    reads_files = True  # False for one that cannot come upon a place that is not its own

    @pytest.fixture
    def reopen(self) -> Open:
        """A function that opens the store, at the same empty place each time, as after a restart."""
        raise NotImplementedError("give a `reopen` fixture")

    @pytest.fixture
    def damage(self) -> Callable[[str], Any]:
        """A function that makes the place "damaged", "foreign" (something else is there) or "newer" (a later version
        has written there), and gives what is there then: called without a word, it only gives that."""
        raise NotImplementedError("give a `damage` fixture")

    @pytest.fixture
    def opened(self, reopen: Open) -> Iterator[Open]:
        """The same, but each store is closed in the end."""
        stores: list[StateStore] = []

        def open_one() -> StateStore:
            stores.append(reopen())
            return stores[-1]

        yield open_one
        for store in reversed(stores):
            store.close()

    def test_it_says_whether_it_keeps_anything(self, opened: Open) -> None:
        assert opened().durable is self.durable

    def test_a_new_store_is_empty(self, opened: Open) -> None:
        assert read(opened().load()) == ([], 0, [])

    @only_where(durable=False)
    def test_one_that_keeps_nothing_takes_all(self, opened: Open) -> None:
        store = opened()
        assert store.claim()
        store.append(ENTRIES)
        store.save(iter(["part"]), 3)
        assert read(store.load()) == ([], 0, [])

    # --- entries -----------------------------------------------------------------------------------------------

    @only_where(durable=True)
    def test_entries_come_back_as_they_were_and_in_order(self, opened: Open) -> None:
        store = opened()
        assert store.claim()
        store.append(ENTRIES[:2])
        store.append(ENTRIES[2:])
        assert read(opened().load()) == ([], 0, ENTRIES)

    @only_where(durable=True)
    def test_appending_goes_on_after_a_restart(self, opened: Open) -> None:
        for entry in ENTRIES:
            store = opened()
            assert store.claim()
            store.append([entry])
            store.close()
        assert read(opened().load()) == ([], 0, ENTRIES)

    @only_where(durable=True)
    def test_an_entry_said_again_is_there_once(self, opened: Open) -> None:
        store = opened()
        assert store.claim()
        store.append(ENTRIES[:2])
        store.append(ENTRIES[1:])
        assert read(opened().load()) == ([], 0, ENTRIES)

    @only_where(durable=True)
    def test_another_entry_of_the_same_number_is_refused(self, opened: Open) -> None:
        store = opened()
        assert store.claim()
        store.append(ENTRIES)
        with pytest.raises(StoreError):
            store.append([(3, "another"), (4, "more")])
        assert read(opened().load()) == ([], 0, ENTRIES)

    @only_where(durable=True)
    def test_many_threads_may_append(self, opened: Open) -> None:
        """One at a time says what comes next, as the journal does; each from a thread of its own."""
        store, lock, errors = opened(), threading.Lock(), []
        assert store.claim()
        numbers = iter(range(1, 101))

        def append() -> None:
            try:
                while True:
                    with lock:
                        number = next(numbers, None)
                        if number is None:
                            return
                        store.append([(number, str(number))])
            except Exception as error:
                errors.append(error)

        threads = [threading.Thread(target=append) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert read(opened().load())[2] == [(number, str(number)) for number in range(1, 101)]

    # --- snapshots ---------------------------------------------------------------------------------------------

    @only_where(durable=True)
    def test_a_snapshot_takes_the_place_of_what_it_says(self, opened: Open) -> None:
        store = opened()
        assert store.claim()
        store.append(ENTRIES[:2])
        store.save(iter(["first"]), 1)
        assert read(opened().load()) == (["first"], 1, ENTRIES[1:2])
        store.append(ENTRIES[2:])
        store.save(iter(["second", "", "third"]), 2)
        assert read(opened().load()) == (["second", "", "third"], 2, ENTRIES[2:])

    @only_where(durable=True)
    def test_an_entry_that_is_in_the_snapshot_may_be_said_again(self, opened: Open) -> None:
        store = opened()
        assert store.claim()
        store.append(ENTRIES[:2])
        store.save(["state"], 2)
        store.append(ENTRIES[1:])
        assert read(opened().load()) == (["state"], 2, ENTRIES[2:])

    @only_where(durable=True)
    def test_a_snapshot_that_breaks_off_changes_nothing(self, opened: Open) -> None:
        store = opened()
        assert store.claim()
        store.append(ENTRIES)
        store.save(["whole"], 1)

        def parts() -> Iterator[str]:
            yield "half"
            raise LookupError("broken off")

        with pytest.raises(LookupError):
            store.save(parts(), 3)
        assert read(opened().load()) == (["whole"], 1, ENTRIES[1:])

    @only_where(durable=True)
    def test_another_opener_may_save_while_entries_are_appended(self, opened: Open) -> None:
        """As compaction does, in its own process."""
        store, other = opened(), opened()
        assert store.claim()
        store.append(ENTRIES[:1])

        def parts() -> Iterator[str]:
            yield "one"
            writer = threading.Thread(target=store.append, args=(ENTRIES[1:2],))
            writer.start()
            writer.join(0.2)  # a store that can have only one writer lets it wait until the snapshot is there
            self._writers.append(writer)
            yield "two"

        self._writers: list[threading.Thread] = []
        other.save(parts(), 1)
        for writer in self._writers:
            writer.join()
        store.append(ENTRIES[2:])
        assert read(opened().load()) == (["one", "two"], 1, ENTRIES[1:])

    @only_where(durable=True)
    def test_loading_holds_while_entries_are_appended(self, opened: Open) -> None:
        store, other = opened(), opened()
        assert store.claim()
        store.append(ENTRIES[:2])
        store.save(["part"], 1)
        kept = other.load()
        parts = list(kept.parts)
        store.append(ENTRIES[2:])
        numbers = [number for number, _ in kept.entries]
        assert (parts, kept.upto) == (["part"], 1)
        assert numbers in ([2], [2, 3]), "those of then, and perhaps what came since, without a gap"

    @only_where(durable=True)
    def test_loading_changes_nothing(self, opened: Open) -> None:
        store = opened()
        assert store.claim()
        store.save(["state"], 0)
        store.append(ENTRIES)
        assert read(opened().load()) == read(opened().load()) == (["state"], 0, ENTRIES)

    # --- who writes --------------------------------------------------------------------------------------------

    @only_where(durable=True)
    def test_only_one_may_write(self, opened: Open) -> None:
        first, second = opened(), opened()
        assert first.claim()
        assert first.claim(), "as often as it asks"
        assert not second.claim()
        with pytest.raises(NotLeading):
            second.append(ENTRIES[:1])
        first.append(ENTRIES[:1])
        assert read(second.load()) == ([], 0, ENTRIES[:1]), "others may read"

    @only_where(durable=True)
    def test_who_closes_lets_another_write(self, opened: Open) -> None:
        first, second = opened(), opened()
        assert first.claim()
        first.append(ENTRIES[:1])
        first.close()
        assert second.claim()
        second.append(ENTRIES[1:])
        assert read(opened().load()) == ([], 0, ENTRIES)

    # --- what is not its own -----------------------------------------------------------------------------------

    @only_where(durable=True, reads_files=True)
    @pytest.mark.parametrize("kind", ["damaged", "foreign", "newer"])
    def test_what_cannot_be_read_is_refused_and_left_alone(
        self, reopen: Open, damage: Callable[[str], Any], kind: str
    ) -> None:
        store = reopen()
        assert store.claim()
        store.append(ENTRIES)
        store.close()
        there = damage(kind)

        def use() -> None:
            store = reopen()
            try:
                store.claim()
                read(store.load())
            finally:
                store.close()

        with pytest.raises(StoreError):
            use()
        assert damage("") == there

    # --- the whole ---------------------------------------------------------------------------------------------

    @only_where(durable=True)
    def test_a_scheduler_goes_on_where_the_last_one_was(self, opened: Open) -> None:
        from luigi.scheduler import Scheduler

        store = opened()
        first = Scheduler(resources={}, store=store)
        first.declare("worker", [TaskSpec("T_1", "T", params={"text": "w\u00f6rter \u2028 \ud800 \x00"})], (), 1)
        assigned = first.exchange("worker", [], 1, 2).assignments
        store.close()
        store = opened()
        second = Scheduler(resources={}, store=store)
        assert second.exchange("worker", [], 1, 2).assignments == assigned
        second.save()
        store.close()
        assert Scheduler(resources={}, store=opened()).exchange("worker", [], 1, 2).assignments == assigned
