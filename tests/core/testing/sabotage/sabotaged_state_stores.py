"""State stores that do one thing wrong, each with the tests of the suite that must find it out."""

from __future__ import annotations

import pytest

from luigi.testing.contracts import StateStoreContract

SUITE = StateStoreContract


class Sound:
    """Does as it should."""

    def __init__(self, place):
        self.place = place

    def load(self):
        return self.place.get("state"), list(self.place.get("events", ()))

    def save(self, state):
        self.place.update(state=state, events=[])

    def append(self, event):
        self.place.setdefault("events", []).append(event)


class TestSound(StateStoreContract):
    kind = Sound
    caught_by = set()

    @pytest.fixture
    def reopen(self):
        place = {}
        return lambda: self.kind(place)


class TestIsNotEmpty(TestSound):
    caught_by = {"test_a_new_store_is_empty"}

    class kind(Sound):
        def load(self):
            state, events = super().load()
            return state or {}, events


class TestNewestFirst(TestSound):
    caught_by = {"test_events_come_back_equal_and_in_order"}

    class kind(Sound):
        def append(self, event):
            self.place.setdefault("events", []).insert(0, event)


class TestBeginsAnew(TestSound):
    caught_by = {"test_appending_goes_on_after_a_restart"}

    class kind(Sound):
        fresh = True

        def append(self, event):
            if self.fresh:
                self.place["events"] = []
            self.fresh = False
            super().append(event)


class TestKeepsOldEvents(TestSound):
    caught_by = {"test_a_saved_state_takes_the_place_of_the_events_before_it"}

    class kind(Sound):
        def save(self, state):
            self.place.update(state=state)


class TestForgetsEventsAfterASave(TestSound):
    caught_by = {"test_events_after_a_save_come_with_the_state"}

    class kind(Sound):
        def append(self, event):
            if "state" not in self.place:
                super().append(event)


class TestLoadsOnce(TestSound):
    caught_by = {"test_loading_changes_nothing"}

    class kind(Sound):
        def load(self):
            found = super().load()
            self.place.clear()
            return found
