"""State stores that do one thing wrong, each with the tests of the suite that must find it out."""

from __future__ import annotations

import pytest

from luigi.errors import NotLeading, StoreError
from luigi.interfaces import Kept
from luigi.testing import MemoryStateStore
from luigi.testing.contracts import StateStoreContract

SUITE = StateStoreContract


class Sound(MemoryStateStore):
    """Does as it should; a place may be damaged."""

    def load(self):
        if hasattr(self.place, "damage"):
            raise StoreError(self.place.damage)
        return super().load()


class TestSound(StateStoreContract):
    kind = Sound
    caught_by = set()

    @pytest.fixture
    def place(self):
        return MemoryStateStore().place

    @pytest.fixture
    def reopen(self, place):
        return lambda: self.kind(place)

    @pytest.fixture
    def damage(self, place):
        def damage(kind):
            if kind:
                place.damage = kind
            return vars(place)["damage"]

        return damage


class TestSaysNothingOfItself(TestSound):
    caught_by = {"test_it_says_whether_it_keeps_anything"}

    class kind(Sound):
        durable = None


class TestIsNotEmpty(TestSound):
    caught_by = {"test_a_new_store_is_empty"}

    class kind(Sound):
        def load(self):
            kept = super().load()
            return kept if kept.parts else kept._replace(parts=["{}"])


class TestKeepsNothingAndSaysSo(TestSound):
    durable = False
    caught_by = {"test_one_that_keeps_nothing_takes_all"}

    class kind(Sound):
        durable = False


class TestNewestFirst(TestSound):
    caught_by = {"test_entries_come_back_as_they_were_and_in_order"}

    class kind(Sound):
        def load(self):
            kept = super().load()
            return kept._replace(entries=kept.entries[::-1])


class TestBeginsAnew(TestSound):
    caught_by = {"test_appending_goes_on_after_a_restart", "test_who_closes_lets_another_write"}

    class kind(Sound):
        def append(self, entries):
            if not vars(self).get("began"):
                self.place.entries.clear()
            self.began = True
            super().append(entries)


class TestRefusesWhatIsThere(TestSound):
    caught_by = {"test_an_entry_said_again_is_there_once", "test_an_entry_that_is_in_the_snapshot_may_be_said_again"}

    class kind(Sound):
        last = 0

        def append(self, entries):
            if entries[0][0] <= self.last:
                raise NotLeading("it is there already")
            super().append(entries)
            self.last = entries[-1][0]


class TestReplaces(TestSound):
    caught_by = {"test_another_entry_of_the_same_number_is_refused"}

    class kind(Sound):
        def append(self, entries):
            self.place.entries = {one: text for one, text in self.place.entries.items() if one < entries[0][0]}
            super().append(entries)


class TestBelongsToAThread(TestSound):
    caught_by = {"test_many_threads_may_append", "test_another_opener_may_save_while_entries_are_appended"}

    class kind(Sound):
        def __init__(self, place):
            import threading

            super().__init__(place)
            self.thread = threading.current_thread()

        def append(self, entries):
            import threading

            if threading.current_thread() is not self.thread:
                raise StoreError("not in this thread")
            super().append(entries)


class TestKeepsOldEntries(TestSound):
    caught_by = {"test_a_snapshot_takes_the_place_of_what_it_says"}

    class kind(Sound):
        def save(self, parts, upto):
            self.place.parts = list(parts)


class TestForgetsEntriesAfterASave(TestSound):
    caught_by = {
        "test_a_snapshot_takes_the_place_of_what_it_says",
        "test_another_opener_may_save_while_entries_are_appended",
    }

    class kind(Sound):
        def save(self, parts, upto):
            super().save(parts, upto)
            self.place.entries.clear()


class TestSavesPieceByPiece(TestSound):
    caught_by = {"test_a_snapshot_that_breaks_off_changes_nothing"}

    class kind(Sound):
        def save(self, parts, upto):
            self.place.parts = []
            for part in parts:
                self.place.parts.append(part)
            super().save(self.place.parts, upto)


class TestLoadsLate(TestSound):
    caught_by = {"test_loading_holds_while_entries_are_appended"}

    class kind(Sound):
        def load(self):
            kept = super().load()
            last = len(kept.entries)
            return kept._replace(entries=(entry for entry in super(type(self), self).load().entries[last:]))


class TestLoadsOnce(TestSound):
    caught_by = {"test_loading_changes_nothing"}

    class kind(Sound):
        def load(self):
            found = super().load()
            self.place.entries.clear()
            return found


class TestLetsEverybodyWrite(TestSound):
    caught_by = {"test_only_one_may_write"}

    class kind(Sound):
        def claim(self):
            return True


class TestNeverLetsGo(TestSound):
    caught_by = {"test_who_closes_lets_another_write", "test_a_scheduler_goes_on_where_the_last_one_was"}

    class kind(Sound):
        def close(self):
            pass


class TestReadsAnything(TestSound):
    caught_by = {"test_what_cannot_be_read_is_refused_and_left_alone"}

    class kind(Sound):
        def load(self):
            return Kept((), 0, ()) if hasattr(self.place, "damage") else super().load()
