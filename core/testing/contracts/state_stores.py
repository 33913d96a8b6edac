"""What every state store must do, as a pytest class to subclass.

class TestMyStore(StateStoreContract):
    @pytest.fixture
    def reopen(self, tmp_path):
        return lambda: MyStore(tmp_path / "state")
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from luigi.interfaces import StateStore, TaskSpec
from luigi.scheduler.events import Asked, Declared

EVENTS: list[Any] = [
    (Declared("worker", (TaskSpec("Task_1_ab", "Task", "module", {"n": "1"}, resources={"db": 2}),)), 1.5),
    (Asked("worker", 1), 2.5),
    (Asked("wörker", 2), 2.5),
]


class StateStoreContract:
    """Loading, saving and appending of a `luigi.interfaces.StateStore`."""

    survives = True  # False for a store that by its nature ends with the process

    @pytest.fixture
    def reopen(self) -> Callable[[], StateStore]:
        """A function that opens the store, at the same empty place each time, as after a restart."""
        raise NotImplementedError("give a `reopen` fixture")

    def kept(self, store: StateStore) -> tuple[Any, list[Any]]:
        """What `store` loads, with the events as a list."""
        state, events = store.load()
        return state, list(events)

    def as_kept(self, state: Any, events: list[Any]) -> tuple[Any, list[Any]]:
        """What must be loaded after `state` and then `events` were handed in."""
        return (state, events) if self.survives else (None, [])

    def test_a_new_store_is_empty(self, reopen: Callable[[], StateStore]) -> None:
        assert self.kept(reopen()) == (None, [])

    def test_events_come_back_equal_and_in_order(self, reopen: Callable[[], StateStore]) -> None:
        store = reopen()
        for event in EVENTS:
            store.append(event)
        assert self.kept(reopen()) == self.as_kept(None, EVENTS)

    def test_appending_goes_on_after_a_restart(self, reopen: Callable[[], StateStore]) -> None:
        for event in EVENTS:
            store = reopen()
            store.load()
            store.append(event)
        assert self.kept(reopen()) == self.as_kept(None, EVENTS)

    def test_a_saved_state_takes_the_place_of_the_events_before_it(self, reopen: Callable[[], StateStore]) -> None:
        store = reopen()
        store.append(EVENTS[0])
        store.save({"tasks": ["first"]})
        store.append(EVENTS[1])
        store.save({"tasks": ["first", "second"]})
        assert self.kept(reopen()) == self.as_kept({"tasks": ["first", "second"]}, [])

    def test_events_after_a_save_come_with_the_state(self, reopen: Callable[[], StateStore]) -> None:
        store = reopen()
        store.append(EVENTS[0])
        store.save({"tasks": 1})
        for event in EVENTS[1:]:
            store.append(event)
        assert self.kept(reopen()) == self.as_kept({"tasks": 1}, EVENTS[1:])

    def test_loading_changes_nothing(self, reopen: Callable[[], StateStore]) -> None:
        store = reopen()
        store.save({"tasks": 1})
        store.append(EVENTS[0])
        assert self.kept(reopen()) == self.kept(reopen())
