"""Any calls in any order: never a 500, never a state changed by what was refused, and always something to look at."""

from __future__ import annotations

import json
from typing import Any

import pytest
from falcon.testing import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luigi.plugin_manager import PluginManager
from luigi.scheduler import Scheduler
from luigi.scheduler.snapshot import snapshot_of
from luigi.server.config import ServerSettings
from luigi.server.office import Office
from luigi.server.rooms import application_of
from luigi.server.standing import Alone
from luigi.testing import FakeClock

BOUNDED = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=5), below, max_size=3),
    max_leaves=5,
)

ids = st.sampled_from(["A_1", "A_2", "B_1", "B_2", "C_1"])
workers = st.sampled_from(["v", "w"])
tokens = st.integers(0, 6)
small = st.integers(0, 3)
words = st.dictionaries(st.sampled_from(["x", "y"]), st.sampled_from(["1", "2"]), max_size=2)
amounts = st.dictionaries(st.sampled_from(["db", "cpu"]), small, max_size=2)


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the fields."""
    return st.fixed_dictionaries({}, optional=fields)


def merged(*parts: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.tuples(*parts).map(lambda found: {name: value for part in found for name, value in part.items()})


policies = some(
    retry_count=small, retry_delay=st.floats(-1, 5), disable_window=st.just("Infinity"), backoff_factor=small
)
specs = merged(
    st.fixed_dictionaries({"task_id": ids}).flatmap(
        lambda spec: st.just({**spec, "family": spec["task_id"][0]}),
    ),
    some(
        params=words,
        status=st.sampled_from(["PENDING", "DONE", "UNKNOWN", "DISABLED", "FAILED"]),
        deps=st.none() | st.lists(ids, max_size=3),
        runnable=st.booleans(),
        priority=st.sampled_from([0, 5, -1.5, "Infinity", "-Infinity"]),
        resources=amounts,
        retry_policy=policies,
        batchable=st.booleans(),
        accepts_messages=st.booleans(),
        hidden=st.lists(st.sampled_from(["x", "z"]), max_size=2),
    ),
)
batchers = some(max_size=st.sampled_from([1, 2, "Infinity"])).map(
    lambda found: {"family": "A", "batched": ["x"], **found}
)
said = st.one_of(
    merged(
        st.fixed_dictionaries({"kind": st.just("report"), "task_id": ids, "token": tokens}),
        st.fixed_dictionaries({"status": st.sampled_from(["DONE", "FAILED", "PENDING"])}),
        some(new_deps=st.lists(ids, max_size=2), explanation=st.text(max_size=5), retriable=st.booleans()),
    ),
    merged(
        st.fixed_dictionaries({"kind": st.just("progress"), "task_id": ids, "token": tokens}),
        some(given_back=amounts, percentage=st.floats(0, 100), status_message=st.text(max_size=5)),
    ),
    st.fixed_dictionaries({"kind": st.just("began"), "token": tokens, "spec": specs}),
    st.fixed_dictionaries(
        {"kind": st.just("answer"), "task_id": ids, "message_id": st.just("m"), "text": st.just("t")}
    ),
)
calls = st.one_of(
    st.tuples(st.just("introduce"), st.fixed_dictionaries({"worker": workers, "info": some(assistant=st.booleans())})),
    st.tuples(
        st.just("declare"),
        st.fixed_dictionaries(
            {
                "worker": workers,
                "tasks": st.lists(specs, max_size=3),
                "call": small,
                "batchers": st.lists(batchers, max_size=1),
            }
        ),
    ),
    st.tuples(
        st.just("exchange"),
        st.fixed_dictionaries({"worker": workers, "said": st.lists(said, max_size=3), "want": small, "call": small}),
    ),
    st.tuples(
        st.just("control"),
        merged(
            st.fixed_dictionaries(
                {"verb": st.sampled_from("forgive mark_done re_enable send_message".split()), "subject": ids}
            ),
            some(worker=workers),
        ),
    ),
    st.tuples(
        st.just("control"),
        st.fixed_dictionaries(
            {
                "verb": st.sampled_from("set_limit disable_worker set_worker_processes pause unpause prune".split()),
                "subject": st.sampled_from(["v", "w", "db"]),
                "amount": small,
            }
        ),
    ),
    st.tuples(
        st.just("attempts"),
        st.fixed_dictionaries(
            {
                "worker": workers,
                "report": st.fixed_dictionaries({"task_id": ids, "token": tokens, "status": st.just("DONE")}),
            }
        ),
    ),
    st.tuples(st.just("farewell"), st.fixed_dictionaries({"worker": workers, "status": st.just("SUCCESS")})),
)


def spoilt(call: tuple[str, dict[str, Any]]) -> st.SearchStrategy[tuple[str, Any]]:
    """The call with one field that may be anything."""
    path, body = call
    return st.tuples(st.sampled_from([*body, "colour"]), anything).map(
        lambda field: (path, {**body, field[0]: field[1]})
    )


class Server:
    """A server over a scheduler in memory, and how to look at all of its state."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.scheduler = Scheduler(resources={}, clock=self.clock, retry_delay=5)
        plugins = PluginManager.with_installed(())
        office = Office(settings=ServerSettings(), standing=Alone(self.scheduler), plugins=plugins, clock=self.clock)
        self.client = TestClient(application_of(office), headers={"Host": "localhost"})

    def state(self) -> list[str]:
        return list(snapshot_of(self.scheduler.machine))

    def call(self, path: str, body: Any) -> None:
        before = self.state()
        headers = {"Content-Type": "application/json"}
        answer = self.client.simulate_post(f"/api/v1/{path}", body=json.dumps(body), headers=headers)
        assert answer.status_code in (200, 400, 404, 409), (path, body, answer.text)
        if answer.status_code != 200:
            assert self.state() == before, (path, body)
            assert answer.json["status"] == answer.status_code

    def look_around(self) -> None:
        paths = ["tasks", "counts", "families", "errors", "workers", "resources", "control", "changes"]
        for task_id in list(self.scheduler.machine.tasks):
            paths += [f"tasks/{task_id}{below}" for below in ("", "/story", "/explanation", "/graph")]
        before = self.state()
        for path in paths:
            assert self.client.simulate_get(f"/api/v1/{path}").status_code == 200, path
        assert self.state() == before


@pytest.mark.parametrize("spoil", [False, True])
def test_calls_in_any_order(spoil: bool) -> None:
    @BOUNDED
    @given(st.lists(st.tuples(calls.flatmap(spoilt) if spoil else calls, small), max_size=12))
    def check(story: list[tuple[tuple[str, Any], int]]) -> None:
        server = Server()
        for (path, body), seconds in story:
            server.call(path, body)
            server.clock.sleep(seconds * 3)
        server.look_around()

    check()
