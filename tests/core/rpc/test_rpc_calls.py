"""Calls of Luigi's API, against a server of the standard library that notes what reaches it and answers as told."""

from __future__ import annotations

import contextlib
import json
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote

import pytest

from luigi.clock import SYSTEM
from luigi.configuration import get_config
from luigi.interfaces import Progress, Report, TaskSpec
from luigi.rpc import RemoteScheduler, RPCError, SchedulerAway
from luigi.task_status import DONE, UNKNOWN


@dataclass
class Seen:
    """One request."""

    path: str
    data: object
    headers: dict[str, str]
    connection: object


@dataclass
class Server:
    """What reached the server, and the statuses it answers with, one a request; 200 when there are no more."""

    url: str
    seen: list[Seen] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    body: bytes = b'{"response": "yes"}'
    hangs_up: bool = False
    retry_after: str = ""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        told: Server = self.server.told
        if self.path.startswith("/api/v1/"):  # Luigi's server knows nothing of it
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_error(404)
            return
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode(), strict_parsing=True)
        told.seen.append(Seen(self.path, json.loads(form["data"][0]), dict(self.headers), self.connection))
        self.send_response(told.statuses.pop(0) if told.statuses else 200)
        self.send_header("Content-Length", str(len(told.body)))
        if told.retry_after:
            self.send_header("Retry-After", told.retry_after)
        self.end_headers()
        self.wfile.write(told.body)
        self.close_connection = told.hangs_up  # without saying so in a header, as a server does that restarts

    def log_message(self, format: str, *args: object) -> None:
        pass


class UnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


class UnixHandler(Handler):
    disable_nagle_algorithm = False  # there is none on a Unix socket


WORK: Mapping[str, Any] = {
    "task_id": "T_1",
    "task_family": "T",
    "task_module": "m",
    "task_params": {},
    "running_tasks": [],
    "n_pending_tasks": 3,
    "n_unique_pending": 2,
    "n_pending_last_scheduled": 1,
    "worker_state": "active",
}
"""What a server answers that hands out a task."""


@contextlib.contextmanager
def serving(server: socketserver.BaseServer, url: str) -> Iterator[Server]:
    server.told = Server(url)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Listening(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False


@pytest.fixture
def server() -> Iterator[Server]:
    listening = Listening(("127.0.0.1", 0), Handler)
    with serving(listening, f"http://127.0.0.1:{listening.server_port}") as told:
        yield told


@dataclass
class Pauses:
    """A clock whose pauses take no time and are noted."""

    slept: list[float] = field(default_factory=list)
    now = SYSTEM.now
    monotonic = SYSTEM.monotonic

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


# --- what is sent ------------------------------------------------------------------------------------------------


def test_a_call_is_a_form_with_json_in_its_field_data(server: Server) -> None:
    assert RemoteScheduler(server.url).call("say", text="ä&=\n", nothing=None) == "yes"
    (seen,) = server.seen
    assert (seen.path, seen.data) == ("/api/say", {"text": "ä&=\n", "nothing": None})
    assert seen.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert "Authorization" not in seen.headers


@pytest.mark.parametrize("path", ["/behind/a/proxy", "/behind/a/proxy/"])
def test_the_path_of_the_url_is_kept(server: Server, path: str) -> None:
    RemoteScheduler(server.url + path).call("say")
    assert server.seen[0].path == "/behind/a/proxy/api/say"


def test_credentials_become_a_basic_header_and_are_not_shown(server: Server) -> None:
    server.statuses = [500]
    with pytest.raises(RPCError) as raised:
        RemoteScheduler(server.url.replace("//", "//me%40home:p%3Aw@")).call("say")
    assert server.seen[0].headers["Authorization"] == "Basic bWVAaG9tZTpwOnc="  # me@home:p:w
    assert str(raised.value) == f"say at the scheduler {server.url} failed: 500 Internal Server Error"


def test_a_token_of_the_environment_is_for_urls_without_a_password(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUIGI_SCHEDULER_TOKEN", "t0ken")
    RemoteScheduler(server.url).call("say")
    RemoteScheduler(server.url.replace("//", "//me:pw@")).call("say")
    assert [seen.headers["Authorization"] for seen in server.seen] == ["Bearer t0ken", "Basic bWU6cHc="]


def test_one_connection_serves_many_calls(server: Server) -> None:
    scheduler = RemoteScheduler(server.url)
    for _ in range(3):
        scheduler.call("say")
    assert len({seen.connection for seen in server.seen}) == 1
    scheduler.close()
    scheduler.call("say")
    assert len({seen.connection for seen in server.seen}) == 2


def test_a_connection_that_the_server_gave_up_is_no_failure(server: Server, pauses: Pauses) -> None:
    scheduler = RemoteScheduler(server.url, clock=pauses)
    server.hangs_up = True
    assert [scheduler.call("say") for _ in range(3)] == ["yes"] * 3
    assert len(server.seen) == 3
    assert not pauses.slept


def test_a_forked_child_has_a_connection_of_its_own(server: Server) -> None:
    script = """
import os, sys
from luigi.rpc import RemoteScheduler
scheduler = RemoteScheduler(sys.argv[1])
scheduler.call("before")
if os.fork() == 0:
    scheduler.call("child")
    os._exit(0)
assert os.wait()[1] == 0
scheduler.call("after")
"""
    subprocess.run([sys.executable, "-c", script, server.url], check=True, timeout=30)
    connections = {seen.path: seen.connection for seen in server.seen}
    assert connections["/api/before"] is connections["/api/after"]
    assert connections["/api/before"] is not connections["/api/child"]


def test_a_check_that_raised_is_announced_before_the_task_is_declared(server: Server) -> None:
    params = {"n": "1", "h": "2"}
    spec = TaskSpec("T_1", "T", "m", params, UNKNOWN, runnable=False, explanation="complete() raised", hidden=["h"])
    RemoteScheduler(server.url).declare("me", [spec])
    assert [seen.path for seen in server.seen] == [
        "/api/add_worker",
        "/api/announce_scheduling_failure",
        "/api/add_task",
    ]
    announced = {"worker": "me", "task_name": "T(n=1)", "family": "T", "params": params, "owners": []}
    more = {"expl": "complete() raised", "param_visibilities": {"h": 1}}
    assert server.seen[1].data == announced | more


def test_progress_costs_one_call(server: Server) -> None:
    scheduler = RemoteScheduler(server.url)
    scheduler.declare("me", [TaskSpec("T_1", "T", "m")])
    server.body = json.dumps({"response": WORK}).encode()
    (assignment,) = scheduler.exchange("me", [], 1).assignments
    calls = len(server.seen)
    reply = scheduler.exchange("me", [Progress("T_1", assignment.token, status_message="half of it")], 0)
    assert [seen.path for seen in server.seen[calls:]] == ["/api/set_task_status_message"]
    assert reply.counts.pending == WORK["n_pending_tasks"]


def test_a_numbered_exchange_goes_on_from_where_it_stopped(server: Server) -> None:
    scheduler = RemoteScheduler(server.url)
    scheduler.declare("me", [TaskSpec(f"T_{n}", "T", "m") for n in (1, 2)])
    tokens = {}
    for n in (1, 2):
        server.body = json.dumps({"response": {**WORK, "task_id": f"T_{n}"}}).encode()
        (assignment,) = scheduler.exchange("me", [], 1, call=n).assignments
        tokens[n] = assignment.token
    said = [Report(f"T_{n}", tokens[n], DONE) for n in (1, 2)]
    calls, server.statuses = len(server.seen), [200, 503]
    with pytest.raises(SchedulerAway):
        scheduler.exchange("me", said, 0, call=3)
    assert scheduler.exchange("me", said, 0, call=3).refused == []
    told = [(seen.path.rpartition("/")[2], seen.data.get("task_id")) for seen in server.seen[calls:]]
    assert told == [("add_task", "T_1"), ("add_task", "T_2"), ("add_task", "T_2"), ("count_pending", None)]


def test_what_was_handed_out_before_the_server_went_is_not_lost(server: Server) -> None:
    scheduler = RemoteScheduler(server.url)
    scheduler.declare("me", [TaskSpec("T_1", "T", "m")])
    server.body, server.statuses = json.dumps({"response": WORK}).encode(), [200, 503]
    with pytest.raises(SchedulerAway):
        scheduler.exchange("me", [], 2, call=1)
    server.body = json.dumps({"response": {**WORK, "task_id": None}}).encode()
    assert [assignment.task_id for assignment in scheduler.exchange("me", [], 2, call=1).assignments] == ["T_1"]


def test_who_numbers_what_it_declares_is_introduced_without_a_pause(server: Server, pauses: Pauses) -> None:
    scheduler = RemoteScheduler(server.url, clock=pauses)
    server.statuses = [503]
    with pytest.raises(SchedulerAway):
        scheduler.declare("me", [TaskSpec("T_1", "T", "m")], call=1)
    assert pauses.slept == []
    scheduler.declare("me", [TaskSpec("T_1", "T", "m")], call=1)
    assert [seen.path for seen in server.seen] == ["/api/add_worker", "/api/add_worker", "/api/add_task"]


def test_an_introduction_is_tried_as_often_as_it_says(server: Server, pauses: Pauses) -> None:
    server.statuses = [503] * 3
    with pytest.raises(SchedulerAway):
        RemoteScheduler(server.url, clock=pauses).add_worker("me", [], attempts=1)
    assert pauses.slept == []
    assert len(server.seen) == 1


def test_threads_that_find_out_at_once_what_a_server_speaks_go_on_as_one() -> None:
    asked, told, second_asks = threading.Lock(), threading.Event(), threading.Event()

    class Slow(Handler):
        def do_POST(self) -> None:
            """Who asks first is answered when another asks too; that one, when the first has gone on."""
            if not self.path.startswith("/api/v1/"):
                told.set()
            elif asked.acquire(blocking=False):
                assert second_asks.wait(30)
            else:
                second_asks.set()
                assert told.wait(30)
            super().do_POST()

    listening = Listening(("127.0.0.1", 0), Slow)
    with serving(listening, f"http://127.0.0.1:{listening.server_port}") as server:
        scheduler = RemoteScheduler(server.url)
        declaring = [
            threading.Thread(target=scheduler.declare, args=(f"w_{n}", [TaskSpec(f"T_{n}", "T", "m")])) for n in (1, 2)
        ]
        for thread in declaring:
            thread.start()
        for thread in declaring:
            thread.join()
        for n in (1, 2):
            server.body = json.dumps({"response": {**WORK, "task_id": f"T_{n}"}}).encode()
            assert [one.task_id for one in scheduler.exchange(f"w_{n}", [], 1).assignments] == [f"T_{n}"]
    paths = [seen.path for seen in server.seen]
    assert "/api/get_running_task_resources" not in paths, "what the other thread declared is known"
    assert paths.count("/api/add_worker") == 2


# --- other ways to a server --------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="needs Unix sockets")
def test_a_unix_socket(tmp_path: Path) -> None:
    path = tmp_path / "Luigi.sock"  # an upper-case letter: host names have none
    url = f"http+unix://{quote(str(path), safe='')}/"
    with serving(UnixServer(str(path), UnixHandler), url) as server:
        assert RemoteScheduler(url).call("say") == "yes"
    assert server.seen[0].path == "/api/say"


def test_https_wants_a_certificate_it_can_trust(
    tmp_path: Path, pauses: Pauses, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = tmp_path / "localhost.pem"
    make_certificate(certificate)
    listening = Listening(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listening.socket = context.wrap_socket(listening.socket, server_side=True)
    with serving(listening, f"https://localhost:{listening.server_port}") as server:
        with pytest.raises(RPCError, match="certificate verify failed"):
            RemoteScheduler(server.url, clock=pauses).call("say")
        with settings(rpc_ca_file=str(certificate)):
            assert RemoteScheduler(server.url).call("say") == "yes"
        with settings(rpc_ca_file=str(tmp_path / "nowhere.pem")), pytest.raises(RPCError, match=r"nowhere\.pem"):
            RemoteScheduler(server.url, clock=pauses).call("say")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert RemoteScheduler(server.url).call("say") == "yes"


@contextlib.contextmanager
def settings(**values: str) -> Iterator[None]:
    """Options of [core], for a while."""
    config = get_config()
    for option, value in values.items():
        config.set("core", option, value)
    try:
        yield
    finally:
        for option in values:
            config.remove_option("core", option)


def make_certificate(file: Path) -> None:
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost".split()
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(file), "-out", f"{file}.crt"]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    file.write_text(file.read_text() + Path(f"{file}.crt").read_text())


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("ftp://host/", "its scheme is 'ftp', not one of http, https, http+unix"),
        ("localhost:8082", "its scheme is 'localhost', not one of http, https, http+unix"),
        ("http://", "it names no server"),
        ("http://host:port/", "Port could not be cast to integer value as 'port'"),
    ],
)
def test_a_url_that_cannot_be_used(url: str, problem: str) -> None:
    with pytest.raises(RPCError) as raised:
        RemoteScheduler(url)
    assert str(raised.value) == f"the scheduler's URL cannot be used: {problem}"


# --- when it goes wrong ------------------------------------------------------------------------------------------


def test_nobody_there(unused_port: int, pauses: Pauses, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(RPCError) as raised:
        RemoteScheduler(f"http://127.0.0.1:{unused_port}/", clock=pauses).call("say")
    assert str(raised.value) == f"the scheduler at http://127.0.0.1:{unused_port} cannot be reached: Connection refused"
    assert raised.value.hint == "start the server, or run with --local-scheduler"
    assert isinstance(raised.value.sub_exception, ConnectionRefusedError)
    assert pauses.slept == [30.0, 30.0]
    assert [record.getMessage().rpartition("; ")[2] for record in caplog.records] == [
        "trying again in 30 s, attempts left: 2",
        "trying again in 30 s, attempts left: 1",
    ]


def test_the_configuration_says_how_often_and_how_long(unused_port: int, pauses: Pauses) -> None:
    with settings(rpc_retry_attempts="5", rpc_retry_wait="0.5"), pytest.raises(RPCError):
        RemoteScheduler(f"http://127.0.0.1:{unused_port}/", clock=pauses).call("say")
    assert pauses.slept == [0.5] * 4


def test_the_next_server_is_asked_when_one_is_not_there_or_cannot(
    server: Server, unused_port: int, pauses: Pauses
) -> None:
    urls = f"http://127.0.0.1:{unused_port}/, {server.url}"
    scheduler = RemoteScheduler(urls, clock=pauses)
    assert [scheduler.call("say") for _ in range(2)] == ["yes", "yes"]
    assert not pauses.slept
    server.statuses = [503] * 3
    with pytest.raises(SchedulerAway) as raised:
        scheduler.call("say")
    first, second = str(raised.value).split("; ")
    assert first.endswith("answers 503 Service Unavailable"), "the one that answered last is asked first"
    assert second.endswith("cannot be reached: Connection refused")
    assert pauses.slept == [30.0, 30.0]


def test_a_server_may_say_when_to_ask_again(server: Server, pauses: Pauses) -> None:
    server.statuses, server.retry_after = [503], "2"
    assert RemoteScheduler(server.url, clock=pauses).call("say") == "yes"
    assert pauses.slept == [2.0]


def test_of_several_servers_the_last_to_be_ready_is_waited_for(
    server: Server, unused_port: int, pauses: Pauses
) -> None:
    listening = Listening(("127.0.0.1", 0), Handler)
    with serving(listening, f"http://127.0.0.1:{listening.server_port}") as other:
        server.statuses, server.retry_after = [503] * 3, "7"
        other.statuses, other.retry_after = [429] * 3, "2"
        urls = f"{server.url},{other.url},http://127.0.0.1:{unused_port}/"
        with pytest.raises(SchedulerAway) as raised:
            RemoteScheduler(urls, clock=pauses).call("say")
    assert pauses.slept == [7.0, 7.0]
    assert (raised.value.retry_after, raised.value.status) == (7.0, 503)
    assert isinstance(raised.value.sub_exception, ConnectionRefusedError)


@pytest.mark.parametrize(("retry_after", "told"), [("4", 4.0), ("", None)])
def test_who_numbers_calls_is_told_when_to_ask_again(
    server: Server, pauses: Pauses, retry_after: str, told: float | None
) -> None:
    scheduler = RemoteScheduler(server.url, clock=pauses)
    server.statuses, server.retry_after = [503], retry_after
    with pytest.raises(SchedulerAway) as raised:
        scheduler.exchange("me", [], 1, call=1)
    assert (raised.value.retry_after, raised.value.status) == (told, 503)


def test_a_silent_server_is_given_up_after_the_timeout(pauses: Pauses) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        scheduler = RemoteScheduler(f"http://127.0.0.1:{silent.getsockname()[1]}", 0.02, clock=pauses)
        with pytest.raises(RPCError, match="cannot be reached: timed out") as raised:
            scheduler.call("say")
    assert isinstance(raised.value.sub_exception, TimeoutError)


def test_a_busy_server_is_asked_again(server: Server, pauses: Pauses) -> None:
    server.statuses = [503, 502]
    assert RemoteScheduler(server.url, clock=pauses).call("say") == "yes"
    assert len(pauses.slept) == 2


def test_a_server_that_stays_busy_is_named_with_its_status(server: Server, pauses: Pauses) -> None:
    server.statuses = [503] * 3
    with pytest.raises(SchedulerAway, match="^the scheduler at .* answers 503 Service Unavailable$"):
        RemoteScheduler(server.url, clock=pauses).call("say")
    assert len(server.seen) == 3


@pytest.mark.parametrize(
    ("status", "hint"),
    [
        (500, "the server's log says more"),
        (404, "is the URL that of a scheduler's server?"),
        (401, "put user:password@"),
    ],
)
def test_a_failure_of_the_server_is_not_repeated(server: Server, pauses: Pauses, status: int, hint: str) -> None:
    server.statuses = [status]
    with pytest.raises(RPCError, match=f"^say at the scheduler .* failed: {status} ") as raised:
        RemoteScheduler(server.url, clock=pauses).call("say")
    assert raised.value.hint.startswith(hint)
    assert len(server.seen) == 1


@pytest.mark.parametrize("body", [b"<html>welcome</html>", b"[]", b"{}"])
def test_something_that_is_no_scheduler(server: Server, body: bytes) -> None:
    server.body = body
    with pytest.raises(RPCError, match="the answer is not that of a scheduler"):
        RemoteScheduler(server.url).call("say")


def test_something_that_does_not_speak_http(pauses: Pauses) -> None:
    class Rude(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.sendall(b"220 mail.example.com ESMTP\r\n")

    listening = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Rude)
    url = f"http://127.0.0.1:{listening.server_address[1]}"
    with serving(listening, url), pytest.raises(RPCError, match="cannot be reached"):
        RemoteScheduler(url, clock=pauses).call("say")


def test_a_ping_is_tried_once(unused_port: int, pauses: Pauses) -> None:
    with pytest.raises(RPCError):
        RemoteScheduler(f"http://127.0.0.1:{unused_port}/", clock=pauses).ping("me")
    assert not pauses.slept


def test_no_sockets_are_loaded_before_a_server_is_spoken_to() -> None:
    script = "import sys, luigi.rpc; print([name for name in ('http.client', 'socket', 'ssl') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
