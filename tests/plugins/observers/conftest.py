"""A real OTLP collector (rotel) that hands on what it took, and pipelines in processes of their own."""

from __future__ import annotations

import contextlib
import gzip
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from luigi.clock import SYSTEM
from luigi.testing.http_sink import HttpSink
from luigi.testing.ports import free_port


class Sent(NamedTuple):
    """A span as it came out of the collector."""

    name: str
    trace_id: str
    span_id: str
    parent_id: str
    start: float
    end: float
    error: str | None
    """The description of the status, when that is an error."""
    facts: dict[str, Any]
    events: list[dict[str, Any]]
    resource: dict[str, Any]


class Collector:
    """A collector, and what it has handed on."""

    def __init__(self, port: int, sink: HttpSink) -> None:
        self.endpoint = f"http://127.0.0.1:{port}"
        self._sink = sink
        self._seen = 0

    def spans(self, count: int) -> list[Sent]:
        """What came since the last call, once it is `count` spans; no more may come."""
        until = SYSTEM.monotonic() + 10
        while len(found := self._found()) < count and SYSTEM.monotonic() < until:
            SYSTEM.sleep(0.02)
        self._seen = len(self._sink.requests)
        assert len(found) == count, sorted(span.name for span in found)
        return found

    def _found(self) -> list[Sent]:
        return [span for request in self._sink.requests[self._seen :] for span in spans_of(request.body)]


def spans_of(body: bytes) -> Iterator[Sent]:
    """Those of one OTLP request."""
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    message = ExportTraceServiceRequest()
    message.ParseFromString(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)
    for of_resource in message.resource_spans:
        resource = _values(of_resource.resource.attributes)
        for scope in of_resource.scope_spans:
            for span in scope.spans:
                yield Sent(
                    span.name,
                    span.trace_id.hex(),
                    span.span_id.hex(),
                    span.parent_span_id.hex(),
                    span.start_time_unix_nano / 1e9,
                    span.end_time_unix_nano / 1e9,
                    span.status.message if span.status.code == 2 else None,
                    _values(span.attributes),
                    [_values(event.attributes) for event in span.events],
                    resource,
                )


def _values(attributes: Any) -> dict[str, Any]:
    return {one.key: _value(one.value) for one in attributes}


def _value(value: Any) -> Any:
    kind = value.WhichOneof("value")
    return [_value(one) for one in value.array_value.values] if kind == "array_value" else getattr(value, kind)


@pytest.fixture(scope="session")
def rotel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    """The collector that all tests share, one after the other."""
    package = find_spec("rotel")
    if package is None or package.origin is None:
        pytest.skip("there is no rotel: pip install rotel")
    port, grpc = free_port(), free_port()
    log = tmp_path_factory.mktemp("rotel") / "log"
    with HttpSink(body=b"") as sink, log.open("w") as out:
        command = [
            *(str(Path(package.origin).with_name("rotel-agent")), "start", "--disable-batching"),
            *("--otlp-http-endpoint", f"127.0.0.1:{port}", "--otlp-grpc-endpoint", f"127.0.0.1:{grpc}"),
            *("--exporter", "otlp", "--otlp-exporter-protocol", "http", "--otlp-exporter-endpoint", sink.url[:-1]),
        ]
        server = subprocess.Popen(command, stdout=out, stderr=out)
        try:
            _wait_until_it_listens(server, port, log)
            yield Collector(port, sink)
        finally:
            server.terminate()
            server.wait(timeout=30)


@pytest.fixture
def rotel_service(rotel: Collector) -> Collector:
    """A collector that has nothing left from other tests."""
    rotel._seen = len(rotel._sink.requests)
    return rotel


def _wait_until_it_listens(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(200):
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), 1):
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            pytest.fail(f"rotel ended with {server.wait(timeout=0.05)}: {log.read_text()}")
    pytest.fail(f"rotel does not listen: {log.read_text()}")


Pipeline = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    """A function that runs a program, with this luigi.cfg, in a process and a folder of its own."""

    def run(program: str, config: str, **environment: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "luigi.cfg").write_text(config)
        (tmp_path / "program.py").write_text(program)
        inherited = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("LUIGI", "OPENLINEAGE", "OTEL", "TRACE"))
        }
        command = [sys.executable, "program.py"]
        env = {**inherited, **environment}
        return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=False)

    return run
