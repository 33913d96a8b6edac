"""The state stores that tests use are sound themselves, and away when they say so."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from luigi.errors import StoreAway
from luigi.testing import MemoryStateStore, UnreliableStore
from luigi.testing.contracts import StateStoreContract


class TestMemoryStateStore(StateStoreContract):
    reads_files = False

    @pytest.fixture
    def reopen(self) -> Callable[[], MemoryStateStore]:
        place = MemoryStateStore().place
        return lambda: MemoryStateStore(place)


def test_an_unreliable_store_is_away_in_turn_before_and_after() -> None:
    store = UnreliableStore(MemoryStateStore(), every=2)
    kept = []
    for number in range(1, 5):
        try:
            store.append([(number, "entry")])
        except StoreAway:
            kept.append((number, number in [one for one, _ in store.load().entries]))
    assert kept == [(2, False), (4, True)]
