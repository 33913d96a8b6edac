"""The HTTP server that keeps what it is sent."""

from __future__ import annotations

import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from luigi.testing.http_sink import HttpSink


def post(url: str, body: bytes = b"{}", timeout: float = 10) -> tuple[int, bytes]:
    request = urllib.request.Request(url, body, {"Content-Type": "application/json", "X-Token": "t"})
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        return answer.status, answer.read()


def test_it_keeps_what_it_is_sent() -> None:
    with HttpSink() as sink:
        assert post(f"{sink.url}a/b?c=d", b'{"text": "hello"}') == (200, b"ok")
        (request,) = sink.requests
        assert (request.method, request.path) == ("POST", "/a/b?c=d")
        assert request.headers["x-token"] == "t"
        assert request.json() == {"text": "hello"}
        with urllib.request.urlopen(sink.url) as answer:
            assert answer.read() == b"ok"
        assert [request.method for request in sink.wait_for(2)] == ["POST", "GET"]


def test_it_answers_as_told() -> None:
    with HttpSink(503, b"later") as sink:
        with pytest.raises(urllib.error.HTTPError) as caught:
            post(sink.url)
        assert (caught.value.code, caught.value.read()) == (503, b"later")
        sink.status = 202
        assert post(sink.url) == (202, b"later")


def test_it_may_never_answer() -> None:
    with ThreadPoolExecutor(1) as pool, HttpSink() as sink:
        sink.answering.clear()
        waiting = pool.submit(post, sink.url)
        sink.wait_for(1)
        with pytest.raises(TimeoutError):
            post(sink.url, timeout=0.05)
        assert not waiting.done()
        sink.answering.set()
        assert waiting.result() == (200, b"ok")


def test_what_does_not_come_is_said() -> None:
    with HttpSink() as sink, pytest.raises(TimeoutError, match=r"0 of 1 requests came within 0\.01 seconds"):
        sink.wait_for(1, timeout=0.01)


def test_it_stops_listening() -> None:
    with HttpSink() as sink:
        post(sink.url)
    with pytest.raises(urllib.error.URLError):
        post(sink.url)
