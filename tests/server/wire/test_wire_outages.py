"""What cannot be kept is not acknowledged: 503, and Luigi's workers say it again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import pytest
from falcon.testing import TestClient

from luigi.errors import StoreAway
from luigi.plugin_manager import PluginManager
from luigi.scheduler import Scheduler
from luigi.server.config import ServerSettings
from luigi.server.office import Office
from luigi.server.rooms import application_of
from luigi.server.standing import Alone
from luigi.testing import FakeClock
from luigi.testing.state_stores import MemoryStateStore


class FullStore(MemoryStateStore):
    """One that takes nothing while it is full."""

    full = False

    def append(self, entries: Sequence[tuple[int, str]]) -> None:
        """Keep entries, if there is room."""
        if self.full:
            raise StoreAway("full, on purpose")
        super().append(entries)


class Kept:
    """A server whose scheduler, with a failed and a pending task, is kept in `store`."""

    def __init__(self) -> None:
        self.store = FullStore()
        self.scheduler = Scheduler(resources={}, clock=FakeClock(), store=self.store)
        self.scheduler.add_task(task_id="A", worker="w", status="FAILED", family="F")
        self.scheduler.add_task(task_id="C", worker="w", family="F")
        office = Office(
            settings=ServerSettings(),
            standing=Alone(self.scheduler),
            plugins=PluginManager.with_installed(()),
            clock=self.scheduler.clock,
        )
        self.client = TestClient(application_of(office), headers={"Host": "127.0.0.1:8082"})

    def post(self, method: str, said: dict[str, Any]) -> Any:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.client.simulate_post(f"/api/{method}", body=urlencode({"data": json.dumps(said)}), headers=headers)


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("add_task", {"task_id": "B", "worker": "w"}),
        ("get_work", {"worker": "w"}),
        ("forgive_failures", {"task_id": "A"}),
        ("mark_as_done", {"task_id": "A"}),
        ("update_resource", {"resource": "r", "amount": 3}),
        ("update_resources", {"r": 3}),
        ("send_scheduler_message", {"worker": "w", "task": "A", "content": "hello"}),
        ("pause", {}),
        ("disable_worker", {"worker": "w"}),
        ("set_worker_processes", {"worker": "w", "n": 2}),
    ],
)
def test_what_cannot_be_kept_is_not_acknowledged(kept: Kept, method: str, said: dict[str, Any]) -> None:
    kept.store.full = True
    answer = kept.post(method, said)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    kept.store.full = False
    assert kept.post(method, said).status_code == 200


def test_reading_goes_on(kept: Kept) -> None:
    kept.store.full = True
    rows = kept.post("task_list", {}).json["response"]
    assert {task_id: row["status"] for task_id, row in rows.items()} == {"A": "FAILED", "C": "PENDING"}
    assert kept.post("is_paused", {}).status_code == 200


def test_a_server_that_does_not_lead_says_when_to_come_again(kept: Kept) -> None:
    other = MemoryStateStore(kept.store.place)
    kept.store.place.writer = other
    answer = kept.post("pause", {})
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
