"""Whatever is said in Luigi's calls: never a fault of the server's, and a call that is refused has changed nothing.

What was not refused is there after a restart.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any
from urllib.parse import urlencode

import falcon.testing
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luigi.plugin_manager import PluginManager
from luigi.scheduler import Scheduler, SimpleTaskState
from luigi.server.config import ServerSettings
from luigi.server.office import Office
from luigi.server.rooms import application_of
from luigi.server.standing import Alone
from luigi.server.wire import kinds
from luigi.server.wire.methods import METHODS, Method
from luigi.testing import FakeClock
from luigi.testing.state_stores import MemoryPlace, MemoryStateStore

FORM = {"Content-Type": "application/x-www-form-urlencoded"}

IDS = st.sampled_from(["A", "B", "C_1", "D(x=1)", "é \U0001f600", "w1", "w2", "r", "a b&c=d%41+"])
"""Few, so that calls are about the same things."""

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | IDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(IDS, inner, max_size=3),
    max_leaves=6,
)

FITTING: dict[str, st.SearchStrategy[Any]] = {
    "status": st.sampled_from(
        ["PENDING", "DONE", "FAILED", "RUNNING", "DISABLED", "UNKNOWN", "SUSPENDED", "BATCH_RUNNING"]
    ),
    "info": st.lists(st.tuples(IDS, JUNK), max_size=3),
    "params": st.dictionaries(IDS, IDS, max_size=2),
    "resources": st.dictionaries(IDS, st.integers(-1, 5), max_size=2),
    "decrease_resources": st.dictionaries(IDS, st.integers(0, 5), max_size=2),
    "param_visibilities": st.dictionaries(IDS, st.integers(0, 2), max_size=2),
    "retry_policy_dict": st.fixed_dictionaries(
        {}, optional={"retry_count": st.integers() | st.none(), "disable_window": st.floats()}
    ),
    "statistics": st.dictionaries(IDS, JUNK, max_size=2),
    "max_batch_size": st.just(float("inf")) | st.integers(1, 3),
    "priority": st.integers(-5, 5) | st.floats(),
    "n": st.integers(0, 10**20),
    "amount": st.integers(-1, 10**20),
}


def value_of(name: str, kind: kinds.Kind) -> st.SearchStrategy[Any]:
    """Mostly what fits, so that calls get deep; now and then anything."""
    if name in FITTING:
        return FITTING[name] | JUNK
    if kind is kinds.flag:
        return st.booleans() | JUNK
    if name in ("deps", "new_deps", "current_tasks", "batched_args", "owners"):
        return st.lists(IDS, max_size=3) | st.none() | JUNK
    return IDS | IDS | IDS | JUNK


@st.composite
def calls(draw: st.DrawFn) -> tuple[Method, dict[str, Any]]:
    method = draw(st.sampled_from(METHODS))
    required = {name: value_of(name, kind) for name, kind in method.required.items()}
    optional = {name: value_of(name, kind) for name, kind in method.optional.items()}
    said = draw(st.fixed_dictionaries(required, optional=optional))
    return method, said | draw(st.just({}) | st.just({}) | st.dictionaries(IDS, JUNK, max_size=1))


def scheduler_in(place: MemoryPlace, clock: FakeClock) -> Scheduler:
    """A scheduler that goes on from what is kept in `place`."""
    store = MemoryStateStore(place)
    return Scheduler(resources={"r": 2}, store=store, clock=clock, retry_delay=5.0, retry_count=2, remove_delay=20.0)


@cache
def server() -> tuple[Alone, falcon.testing.TestClient]:
    """One server for all examples: each gives it a scheduler of its own."""
    standing = Alone(Scheduler(resources={}))
    office = Office(
        settings=ServerSettings(), standing=standing, plugins=PluginManager.with_installed(()), clock=FakeClock()
    )
    return standing, falcon.testing.TestClient(application_of(office), headers={"Host": "127.0.0.1:8082"})


def fresh(place: MemoryPlace | None = None) -> tuple[Scheduler, FakeClock, falcon.testing.TestClient]:
    standing, client = server()
    clock = FakeClock()
    standing.scheduler = scheduler_in(place or MemoryPlace(), clock)
    return standing.scheduler, clock, client


def state_of(scheduler: Scheduler) -> Any:
    return SimpleTaskState("unused", scheduler).get_state()


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(said=st.lists(st.tuples(calls(), st.sampled_from([0.0, 1.0, 30.0])), min_size=1, max_size=12))
def test_no_call_breaks_the_server(said: list[tuple[tuple[Method, dict[str, Any]], float]]) -> None:
    place = MemoryPlace()
    scheduler, clock, client = fresh(place)
    for (method, arguments), pause in said:
        clock.advance(pause)
        before = state_of(scheduler)
        body = urlencode({"data": json.dumps(arguments)})
        answer = client.simulate_post(f"/api/{method.name}", body=body, headers=FORM)
        assert answer.status_code in (200, 400), answer.text
        if answer.status_code == 400:
            assert answer.json["detail"]
            assert state_of(scheduler) == before
        else:
            json.loads(answer.text, parse_constant=refuse)
    left = shown(scheduler)
    place.writer = None  # as if the process had ended
    assert shown(scheduler_in(place, clock)) == left


def shown(scheduler: Scheduler) -> Any:
    """All that pages show, as if no time had passed since."""
    workers = {row["name"]: (row["state"], row["num_unread_rpc_messages"]) for row in scheduler.worker_list()}
    return scheduler.graph(), workers, scheduler.resource_list(), scheduler.is_paused()


def refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


@settings(deadline=None, max_examples=150)
@given(
    body=st.binary(max_size=60) | st.text(max_size=60).map(lambda text: f"data={text}".encode()),
    name=st.sampled_from(METHODS),
)
def test_no_body_breaks_the_server(body: bytes, name: Method) -> None:
    _, _, client = fresh()
    answer = client.simulate_post(f"/api/{name.name}", body=body, headers=FORM)
    assert answer.status_code in (200, 400), answer.text


@settings(deadline=None, max_examples=100)
@given(query=st.text(alphabet=st.characters(max_codepoint=126, min_codepoint=33), max_size=40))
def test_no_query_breaks_the_server(query: str) -> None:
    _, _, client = fresh()
    answer = client.simulate_get("/api/task_list", query_string=query.replace("#", "").replace("?", ""))
    assert answer.status_code in (200, 400), answer.text


PIECES = st.lists(
    st.sampled_from(
        [
            b"--cut",
            b"--cut--",
            b"\r\n",
            b"\r\n\r\n",
            b'Content-Disposition: form-data; name="data"',
            b"Content-Disposition: form-data; name*=utf-8''%FF",
            b"Content-Disposition: \xff",
            b"Content-Transfer-Encoding: base64",
            b'{"task_id": "A"}',
            b"\xff\x00",
        ]
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=200)
@given(pieces=PIECES, boundary=st.sampled_from(["; boundary=cut", "; boundary=", "", "; boundary=" + "x" * 90]))
def test_no_form_in_parts_breaks_the_server(pieces: list[bytes], boundary: str) -> None:
    _, _, client = fresh()
    headers = {"Content-Type": "multipart/form-data" + boundary}
    answer = client.simulate_post("/api/fetch_error", body=b"".join(pieces), headers=headers)
    assert answer.status_code in (200, 400), answer.text
