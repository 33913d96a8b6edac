"""`luigi.testing.http_server`: answers by a function."""

from __future__ import annotations

import http.client

import pytest

from luigi.testing.http_server import Answer, HttpServer, Request


def asked(server: HttpServer, method: str, path: str, body: bytes = b"") -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request(method, path, body, {"X-Name": "value"})
    answer = connection.getresponse()
    return answer, answer.read()


def test_the_function_answers() -> None:
    came: list[Request] = []

    def answer(request: Request) -> Answer:
        came.append(request)
        return Answer(201, b"made", {"X-Said": "yes"})

    with HttpServer(answer) as server:
        head, body = asked(server, "PUT", "/a?b=1", b'{"c": 2}')
    assert (head.status, head.headers["X-Said"], body) == (201, "yes", b"made")
    (request,) = came
    assert (request.method, request.path, request.json()) == ("PUT", "/a?b=1", {"c": 2})
    assert request.headers["x-name"] == "value"


def test_json_is_said_to_be_that() -> None:
    with HttpServer(lambda request: Answer.of_json({"n": 1}, 404)) as server:
        head, body = asked(server, "GET", "/")
    assert (head.status, head.headers["Content-Type"], body) == (404, "application/json", b'{"n": 1}')


def test_a_connection_serves_several_requests() -> None:
    with HttpServer(lambda request: Answer(body=request.path.encode())) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        for path in ("/one", "/two"):
            connection.request("GET", path)
            assert connection.getresponse().read() == path.encode()


def test_to_head_it_says_how_long_another_body_would_be() -> None:
    with HttpServer(lambda request: Answer(headers={"content-length": "7"})) as server:
        assert asked(server, "HEAD", "/")[0].headers["Content-Length"] == "7"
        assert asked(server, "GET", "/")[0].headers["Content-Length"] == "0"


def test_no_answer_is_a_closed_connection() -> None:
    with HttpServer(lambda request: None) as server, pytest.raises(http.client.RemoteDisconnected):
        asked(server, "GET", "/")


def test_an_answer_may_break_off() -> None:
    with HttpServer(lambda request: Answer(body=b"all of it", breaks_after=3)) as server:
        with pytest.raises(http.client.IncompleteRead) as broken:
            asked(server, "GET", "/")
        assert broken.value.partial == b"all"
