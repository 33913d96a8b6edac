"""Posting to a URL that is a secret: it arrives, or an error says why, and never where."""

from __future__ import annotations

import socket
import threading
import traceback
from collections.abc import Iterator

import pytest

from luigi.errors import ConfigurationError
from luigi.notifying.http_post import NotDelivered, as_json, check, post, reach
from luigi.testing.http_sink import HttpSink


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with HttpSink() as opened:
        yield opened


def test_what_is_posted_arrives(sink: HttpSink) -> None:
    post(sink.url + "path?key=1", as_json({"text": "Grüße"}), {"X-More": "1"}, 5, "it")
    (request,) = sink.requests
    assert (request.method, request.path, request.json()) == ("POST", "/path?key=1", {"text": "Grüße"})
    assert request.headers["content-type"] == "application/json"
    assert request.headers["x-more"] == "1"


def test_anything_can_be_written() -> None:
    assert as_json({"a": ("b", {1}), "half": "\ud800"}) == b'{"a": ["b", "{1}"], "half": "\\ud800"}'


@pytest.mark.parametrize("status", [400, 404, 429, 500, 302])
def test_an_answer_other_than_success_is_an_error(sink: HttpSink, status: int) -> None:
    sink.status, sink.body = status, b"no_service " + b"x" * 1000
    with pytest.raises(NotDelivered) as caught:
        post(sink.url, b"{}", {}, 5, "Slack")
    assert str(caught.value).startswith(f"Slack answered {status}: no_service xxx")
    assert len(str(caught.value)) < 300


def test_nobody_there_is_an_error() -> None:
    with pytest.raises(NotDelivered, match="Slack cannot be reached: ConnectionRefusedError: Connection refused"):
        post("http://127.0.0.1:9/", b"{}", {}, 5, "Slack")


def test_no_answer_is_an_error_after_the_timeout(sink: HttpSink) -> None:
    sink.answering.clear()
    with pytest.raises(NotDelivered, match="Slack cannot be reached: TimeoutError: no answer in time"):
        post(sink.url, b"{}", {}, 0.05, "Slack")


def test_one_that_speaks_no_http_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)
        client = socket.create_connection(server.getsockname())
        accepted, _ = server.accept()
        client.close()
        accepted.close()
        port = server.getsockname()[1]

        def babble() -> None:
            connection, _ = server.accept()
            connection.recv(10_000)
            connection.sendall(b"220 mail server\r\n")
            connection.close()

        thread = threading.Thread(target=babble)
        thread.start()
        with pytest.raises(NotDelivered, match="it does not speak HTTP"):
            post(f"http://127.0.0.1:{port}/secret-path", b"{}", {}, 5, "Slack")
        thread.join()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.slack.com/services/secret-path",
        "file:///etc/passwd?secret-path",
        "https://",
        "https://host:port/secret-path",
        "http://127.0.0.1:9/secret-path\r\nX: y",
        "http://127.0.0.1:9/secret path",
    ],
)
def test_what_is_no_url_is_a_mistake_that_is_not_shown(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        post(url, b"{}", {}, 5, "Slack")
    assert "secret" not in "".join(traceback.format_exception(caught.value))
    assert "the url is not one of http or https" in str(caught.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/secret-path", "http://no-such-host.invalid/secret-path"])
def test_no_error_tells_the_url(url: str) -> None:
    with pytest.raises(NotDelivered) as caught:
        post(url, b"{}", {}, 5, "Slack")
    assert "secret-path" not in "".join(traceback.format_exception(caught.value))


def test_headers_that_cannot_be_sent_are_an_error() -> None:
    headers = {"X-Token": "very" + "private\r\nX: y"}
    with pytest.raises(NotDelivered, match="it cannot be asked like that") as caught:
        post("http://127.0.0.1:9/", b"{}", headers, 5, "Slack")
    assert "veryprivate" not in "".join(traceback.format_exception(caught.value))


def test_the_usual_ports() -> None:
    assert check("https://host/path", "it") == ("host", 443)
    assert check("http://host:81", "it") == ("host", 81)


def test_a_look_posts_nothing(sink: HttpSink) -> None:
    assert reach(sink.url, 5, "it") == f"127.0.0.1:{sink.port} can be reached"
    assert sink.requests == []
    with pytest.raises(ConnectionRefusedError):
        reach("http://127.0.0.1:9/", 5, "it")
