"""The four verbs in the kernel's own API, said to its own server; what is told of a server that refuses."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import waitress

import luigi
from luigi.clock import SYSTEM
from luigi.errors import KernelError
from luigi.interfaces import Answer, Batcher, Began, Order, Progress, Question, Report, RetryPolicy, TaskSpec
from luigi.output.handed_in import Piece, Printed
from luigi.plugin_manager import PluginManager
from luigi.rpc import RemoteScheduler, RPCError, SchedulerAway
from luigi.rpc.failures import NotSpoken
from luigi.rpc.luigi_wire import LuigiWire
from luigi.rpc.operators import read_explanation
from luigi.rpc.pieces import in_pieces
from luigi.scheduler import Scheduler
from luigi.server.config import ServerSettings
from luigi.server.office import Office
from luigi.server.rooms import application_of
from luigi.server.standing import Alone
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, RUNNING, UNKNOWN
from luigi.testing import FakeClock
from luigi.worker import Worker
from luigi.worker.distant_line import DistantLine
from luigi.worker.record import RunRecord


class Served:
    """A scheduler behind its server; `paths` are those of the calls that came. `instead` is answered first."""

    def __init__(self, logs_dir: str) -> None:
        self.scheduler = Scheduler(resources={}, stable_done_cooldown_secs=0)
        self.paths: list[str] = []
        self.instead: list[tuple[str, str, bytes]] = []
        standing = Alone(self.scheduler)
        settings, plugins = ServerSettings(logs_dir=logs_dir), PluginManager.with_installed()
        office = Office(settings=settings, standing=standing, plugins=plugins)
        self._application = application_of(office)
        self._server = waitress.create_server(self._answer, host="127.0.0.1", port=0, threads=4)
        self.url = f"http://127.0.0.1:{self._server.effective_port}/"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while not self._closed:
            self._server.asyncore.loop(timeout=0.05, map=self._server._map, count=1)

    _closed = False

    def close(self) -> None:
        self._closed = True
        self._thread.join()
        self._server.close()
        self._server.task_dispatcher.shutdown()

    def _answer(self, environ: Any, start: Any) -> Any:
        self.paths.append(environ["PATH_INFO"])
        if self.instead:
            status, media, body = self.instead.pop(0)
            start(status, [("Content-Type", media), ("Content-Length", str(len(body)))])
            return [body]
        return self._application(environ, start)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    server = Served(str(tmp_path / "logs"))
    yield server
    server.close()


@pytest.fixture
def remote(served: Served) -> Iterator[RemoteScheduler]:
    made = RemoteScheduler(served.url)
    yield made
    made.close()


def test_what_is_declared_arrives_whole(served: Served, remote: RemoteScheduler) -> None:
    policy = RetryPolicy(3, None, 60.5, backoff_factor=2)
    specs = [
        TaskSpec("b_1", "B", "m", {"x": "ä\n"}, DONE, None, False),
        TaskSpec(
            "a_1", "A", deps=["b_1"], priority=math.inf, resources={"gpu": 2}, retry_policy=policy, batchable=True
        ),
        TaskSpec("c_1", "C", status=UNKNOWN, explanation="why", hidden=["h"], owners=["me@home"], runnable=False),
    ]
    remote.declare("me", specs, [Batcher("A", ["x"], 10), Batcher("B", ["x"])])
    local = Scheduler(resources={}, stable_done_cooldown_secs=0)
    local.declare("me", specs, [Batcher("A", ["x"], 10), Batcher("B", ["x"])])
    for spec in specs:
        question = Question("task", spec.task_id)
        facts = [scheduler.view(question) for scheduler in (served.scheduler, local)]
        for fact in facts:
            for when in ("known_since", "updated"):
                fact.pop(when)
        assert facts[0] == facts[1]


def test_work_and_reports(served: Served, remote: RemoteScheduler) -> None:
    remote.declare("me", [TaskSpec("a_1", "A", "m", {"x": "1"}), TaskSpec("b_1", "B", deps=["a_1"])])
    (first,) = remote.exchange("me", [], 2, call=1).assignments
    assert first[:1] + first[2:6] == ("a_1", "A", "m", {"x": "1"}, ())
    assert remote.exchange("me", [], 2, call=1).assignments == (first,), "as it was answered before"
    said = [
        Progress("a_1", first.token, "http://x", "half", 50),
        Progress("b_1", 7),
        Answer("a_1", "m", "pong"),
        Report("a_1", first.token, DONE),
    ]
    reply = remote.exchange("me", said, 1, call=2)
    assert list(reply.refused) == ["b_1"]
    assert [assignment.task_id for assignment in reply.assignments] == ["b_1"]
    assert reply.counts[:4] == (0, 0, 0, {})
    assert served.scheduler.view(Question("task", "a_1"))["status"] == DONE


def test_a_batch(served: Served, remote: RemoteScheduler) -> None:
    members = [TaskSpec(f"a_{n}", "A", "m", {"x": str(n), "y": "0"}, batchable=True) for n in range(3)]
    remote.declare("me", members, [Batcher("A", ["x"])])
    (batch,) = remote.exchange("me", [], 1).assignments
    assert (list(batch.batch), batch.params) == (["a_0", "a_1", "a_2"], {"x": ["0", "1", "2"], "y": "0"})
    runner = TaskSpec("a_012", "A", "m", {"x": "012", "y": "0"}, deps=None)
    assert not remote.exchange("me", [Began(batch.token, runner)], 0).refused
    assert not remote.exchange("me", [Report("a_012", batch.token, DONE)], 0).refused
    assert served.scheduler.view(Question("counts")) == {DONE: 4}


def test_a_sign_of_life_brings_messages_and_tells_strangers(remote: RemoteScheduler) -> None:
    assert remote.ping("me") == {"rpc_messages": [], "stranger": True}
    remote.add_worker("me", [])
    remote.control(Order("set_worker_processes", "me", 4))
    assert remote.ping(worker="me") == {"rpc_messages": [{"name": "set_worker_processes", "kwargs": {"n": 4}}]}
    remote.control(Order("disable_worker", "me"))
    assert remote.ping("me") == {"rpc_messages": [], "enabled": False}


def test_orders_and_questions(served: Served, remote: RemoteScheduler) -> None:
    remote.declare("me", [TaskSpec("a_1", "A", retry_policy=RetryPolicy(1))])
    token = remote.exchange("me", [], 1).assignments[0].token
    remote.exchange("me", [Report("a_1", token, FAILED)], 0)
    assert remote.view(Question("task", "a_1"))["status"] == DISABLED
    assert remote.view(Question("tasks", "", {"status": DISABLED, "limit": 1}))["total"] == 1
    assert remote.view(Question("task", "nowhere")) is None
    remote.control(Order("mark_done", "a_1", by="somebody else"))
    assert remote.view(Question("story", "a_1"))[-1]["by"] == "operator"
    remote.control(Order("set_limit", "gpu", 0))
    assert [(told["name"], told["limit"]) for told in remote.view(Question("resources"))] == [("gpu", 0)]
    for asked in (Order("forgive", "a_1"), Order("dance", "a_1"), Order("forgive", "nowhere")):
        with pytest.raises(KernelError):
            remote.control(asked)
    with pytest.raises(KernelError, match="noun"):
        remote.view(Question("weather"))


def test_luigi_s_names_go_to_luigi_s_api(served: Served, remote: RemoteScheduler) -> None:
    remote.add_worker("me", [("host", "here")])
    assert remote.call("is_paused") == {"paused": False}
    assert remote.count_pending(worker="me")["n_pending_tasks"] == 0
    assert served.paths == ["/api/v1/introduce", "/api/is_paused", "/api/count_pending"]


def test_many_tasks_travel_in_pieces(served: Served, remote: RemoteScheduler) -> None:
    remote.declare("me", [TaskSpec(f"a_{n}", "A") for n in range(2001)])
    assert served.paths == ["/api/v1/declare"] * 3
    assert served.scheduler.view(Question("counts")) == {PENDING: 2001}


def test_pieces_are_bounded_by_their_texts_too() -> None:
    long = [TaskSpec(f"a_{n}", "A", params={"x": "y" * 400_000}) for n in range(5)]
    assert [len(piece) for piece in in_pieces(long)] == [2, 2, 1]
    huge = [TaskSpec("a", "A", params={"x": "y" * 4_000_000})]
    assert list(in_pieces(huge)) == [huge]
    assert list(in_pieces([])) == [[]]


@pytest.mark.parametrize("api", ["v1", "luigi"])
def test_of_a_text_that_is_no_unicode_the_rest_arrives(served: Served, remote: RemoteScheduler, api: str) -> None:
    served.instead = [("404 Not Found", *HTML)] if api == "luigi" else []
    broken = TaskSpec("c_1", "C", "m", status=UNKNOWN, runnable=False, explanation="no \udcff, c_1")
    remote.declare("me", [broken, TaskSpec("a_1", "A", "m", {"x": "\udcff"}), TaskSpec("b_1", "B", "m")])
    tokens = {one.task_id: one.token for one in remote.exchange("me", [], 2).assignments}
    message = served.scheduler.control(Order("send_message", "a_1", text="ping", worker="me"))
    said = [
        Progress("a_1", tokens["a_1"], status_message="half of \udcff"),
        Answer("a_1", message, "pong \udcff"),
        Report("b_1", tokens["b_1"], FAILED, explanation="no ä\udcff, b_1"),
    ]
    assert not remote.exchange("me", said, 0).refused
    shown = {name: served.scheduler.view(Question("task", name)) for name in ("a_1", "b_1", "c_1")}
    assert (shown["a_1"]["status_message"], shown["a_1"]["params"]) == ("half of ?", {"x": "?"})
    told = [read_explanation(shown[name]["explanation"]) for name in ("b_1", "c_1")]
    assert told == ["no ä?, b_1", "no ?, c_1"]
    assert served.scheduler.view(Question("answer", "a_1", {"message_id": message})) == "pong ?"
    assert isinstance(remote._api, LuigiWire) is (api == "luigi")


def test_what_json_does_not_have_is_said_before_it_travels(served: Served, remote: RemoteScheduler) -> None:
    for info in ({"pid": object()}, {"pid": math.nan}):
        with pytest.raises(RPCError, match="introduce: what is to be told is nothing that JSON has"):
            remote.add_worker("me", info.items())
    assert served.paths == []


# --- runs -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def written(tmp_path: Any) -> Any:
    """A task class whose tasks write a file each."""

    class WrittenByV1(luigi.Task):
        n = luigi.IntParameter()

        def output(self) -> Any:
            return luigi.LocalTarget(str(tmp_path / f"{type(self).__name__}{self.n}"))

        def run(self) -> Any:
            self.set_status_message("writing") if self.n == -1 else None
            with self.output().open("w"):
                pass

    return WrittenByV1


def test_one_call_for_each_task(served: Served, written: Any) -> None:
    class Many(written):
        def requires(self) -> Any:
            return [written(n) for n in range(100)]

    with Worker(RemoteScheduler(served.url), ping_interval=1000) as worker:
        worker.add(Many(0))
        assert worker.run()
    calls = [path.rpartition("/")[2] for path in served.paths]
    assert calls == ["introduce", "declare", *["exchange"] * 102, "farewell"]


def test_messages_reach_a_task_and_its_answer_the_sender(served: Served, written: Any) -> None:
    class Listening(written):
        accepts_messages = True

        def run(self) -> Any:
            message = self.scheduler_messages.get()
            message.respond(f"{message.content} pong")
            super().run()

    sent: list[str] = []

    def operate() -> None:
        operator, task_id = RemoteScheduler(served.url), Listening(1).task_id
        while (operator.view(Question("task", task_id)) or {}).get("status") != RUNNING:
            SYSTEM.sleep(0.02)
        sent.append(operator.control(Order("send_message", task_id, text="ping", worker="me")))

    with Worker(RemoteScheduler(served.url), worker_id="me", ping_interval=0.05) as worker:
        worker.add(Listening(1))
        operator = threading.Thread(target=operate)
        operator.start()
        assert worker.run()
    operator.join()
    asked = Question("answer", Listening(1).task_id, {"message_id": sent[0]})
    assert served.scheduler.view(asked) == "ping pong"


@pytest.mark.parametrize("workers", [1, 2])
def test_a_run(served: Served, written: Any, workers: int) -> None:
    class Dynamic(written):
        def requires(self) -> Any:
            return [written(n) for n in range(-1, 3)]

        def run(self) -> Any:
            yield [written(n) for n in range(10, 13)]
            super().run()

    assert luigi.build([Dynamic(0)], scheduler_url=served.url, workers=workers, log_level="WARNING")
    assert served.scheduler.view(Question("counts")) == {DONE: 8}


# --- refusals -------------------------------------------------------------------------------------------------------


def problem(status: str, **told: Any) -> tuple[str, str, bytes]:
    return status, "application/problem+json", json.dumps(told).encode()


HTML = "text/html", b"<html>not here</html>"


def test_a_server_without_this_api_is_spoken_to_in_luigi_s(served: Served, remote: RemoteScheduler) -> None:
    served.instead = [("404 Not Found", *HTML)]
    remote.add_worker("me", [("host", "here"), ("roots", ["a"])])
    remote.declare("me", [TaskSpec("a", "A")])
    assert isinstance(remote._api, LuigiWire)
    assert served.paths == ["/api/v1/introduce", "/api/add_worker", "/api/add_task"]
    assert served.scheduler.view(Question("workers"))[0]["info"] == {"host": "here"}


def test_once_it_was_heard_another_answer_is_that_of_what_stands_between(
    served: Served, remote: RemoteScheduler
) -> None:
    remote.ping("me")
    served.instead = [("404 Not Found", *HTML)]
    with pytest.raises(SchedulerAway, match="answers 404 Not Found"):
        remote.exchange("me", [], 1, call=1)
    assert remote.exchange("me", [], 1, call=1).assignments == ()


def test_a_refusal_is_told_with_its_hint(served: Served, remote: RemoteScheduler) -> None:
    with pytest.raises(RPCError, match="want") as raised:
        remote.exchange("me", [], -1)
    assert raised.value.status == 400
    remote.exchange("me", [], 0, call=5)
    with pytest.raises(RPCError, match="older") as raised:
        remote.exchange("me", [], 0, call=4)
    assert raised.value.status == 409
    served.instead = [problem("401 Unauthorized", detail="who are you?")]
    with pytest.raises(RPCError, match="view at the scheduler .* failed: 401 Unauthorized: who are you") as raised:
        remote.view(Question("counts"))
    assert "LUIGI_SCHEDULER_TOKEN" in raised.value.hint


@pytest.mark.parametrize("body", [b"welcome", b"[]", b'"x"'])
def test_what_is_no_answer_of_a_scheduler(served: Served, remote: RemoteScheduler, body: bytes) -> None:
    served.instead = [("200 OK", "text/plain", body)]
    with pytest.raises(RPCError, match="the answer is not that of a scheduler"):
        remote.exchange("me", [], 1)


def test_a_reply_that_is_none(served: Served, remote: RemoteScheduler) -> None:
    served.instead = [("200 OK", "application/json", b'{"response": "yes"}')]
    with pytest.raises(RPCError, match="exchange at the scheduler .*: the answer is not that of a scheduler"):
        remote.exchange("me", [], 1)


def test_a_numbered_call_is_tried_once(served: Served, remote: RemoteScheduler) -> None:
    served.instead = [problem("503 Service Unavailable", detail="another server leads")]
    with pytest.raises(SchedulerAway, match="answers 503 Service Unavailable"):
        remote.exchange("me", [], 1, call=1)
    assert len(served.paths) == 1


def test_a_message_is_never_sent_twice(served: Served, remote: RemoteScheduler) -> None:
    served.instead = [problem("503 Service Unavailable", detail="another server leads")]
    with pytest.raises(SchedulerAway):
        remote.control(Order("send_message", "a", text="ping", worker="me"))
    assert len(served.paths) == 1


def test_who_was_forgotten_is_introduced_again_without_a_pause(served: Served) -> None:
    """The line waits for the scheduler, not the call: what waits in a call keeps every task that speaks waiting."""
    clock = FakeClock()
    line = DistantLine(RemoteScheduler(served.url, clock=clock), print, 3600, clock)
    served.instead = [("200 OK", "application/json", b"{}")]  # and then knows nothing of it
    line.introduce("me", [("host", "here")], RunRecord())
    line.ask("me", [], 0)
    assert line.unheeded[0].stranger
    served.instead = [problem("503 Service Unavailable", detail="another server leads")]
    line.ask("me", [], 0)
    assert line.is_away
    assert clock.slept == []
    line.wait()
    line.ask("me", [], 0)
    assert not line.is_away
    assert served.scheduler.view(Question("workers"))[0]["info"]["host"] == "here"
    calls = [path.rpartition("/")[2] for path in served.paths]
    assert calls == ["introduce", "exchange", "introduce", "introduce", "exchange"]


# --- output ---------------------------------------------------------------------------------------------------------


def test_output_arrives_and_what_is_not_the_worker_s_is_refused(served: Served, remote: RemoteScheduler) -> None:
    remote.declare("me", [TaskSpec("a", "A"), TaskSpec("b", "B")])
    first, second = remote.exchange("me", [], 2).assignments
    pieces = [Piece(1.0, "stderr", "said \udcff\0\n"), Piece(2.0, lost=5), Piece(3.0, text="more")]
    assert remote.takes_output
    assert remote.output("me", [Printed("a", first.token, 0, pieces, 4.0)]) == []
    assert remote.output("me", [Printed("b", second.token, 0), Printed("b", 99, 0)]) == [99]
    with pytest.raises(RPCError, match="none of these attempts") as told:
        remote.output("other", [Printed("a", first.token, 0, pieces)])
    assert told.value.status == 409


def test_a_server_that_speaks_luigi_s_api_alone_takes_no_output(served: Served, remote: RemoteScheduler) -> None:
    served.instead = [("404 Not Found", *HTML)]
    remote.add_worker("me", [])
    assert not remote.takes_output
    calls = len(served.paths)
    with pytest.raises(NotSpoken):
        remote.output("me", [Printed("a", 1, 0)])
    assert len(served.paths) == calls
