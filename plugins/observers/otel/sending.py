"""The way of spans to the collector: by a courier, so that nobody waits for it; what did not arrive is said once."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from luigi.couriers import Courier

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan

    from luigi.plugins.observers.otel import Settings

CAPACITY = 20_000
"""Spans that wait; the rest is dropped."""

AT_ONCE = 512
"""Spans in one request."""

_TRACES = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
_ANYTHING = "OTEL_EXPORTER_OTLP_ENDPOINT"
_LOG = "opentelemetry.exporter.otlp.proto.http.trace_exporter"  # where the exporter says why spans were not taken

logger = logging.getLogger("luigi.plugins")


def address(settings: Settings) -> str:
    """The URL that spans are posted to: OTLP's own path, where only a server is named."""
    given = settings.endpoint or os.environ.get(_TRACES)
    if given and urlsplit(given).path.strip("/"):
        return given
    return (given or os.environ.get(_ANYTHING) or "http://localhost:4318").rstrip("/") + "/v1/traces"


class NotTaken(Exception):
    """The collector did not take spans."""


class Sending:
    """Takes spans as an exporter does, and has a courier bring them to the real one."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._exporter: Any = None
        self._reasons = _Reasons()
        self._posted = 0
        self._courier: Courier[ReadableSpan] = Courier(
            "the OpenTelemetry collector",
            self._deliver,
            self._reasons.note,
            capacity=CAPACITY,
            at_once=AT_ONCE,
            deadline=settings.deadline,
        )

    def export(self, spans: Sequence[ReadableSpan]) -> Any:
        """Called by the SDK in whatever thread a span ends."""
        from opentelemetry.sdk.trace.export import SpanExportResult

        for span in spans:
            self._courier.post(span)
        self._posted += len(spans)
        return SpanExportResult.SUCCESS

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Whether all was delivered within this time."""
        return self._courier.flush(timeout_millis / 1000, timeout_millis / 1000)

    def shutdown(self) -> None:
        """Wait for what is under way, within the deadline, and say what did not arrive."""
        self._courier.close()
        lost, self._posted = self._posted - self._courier.delivered, self._courier.delivered
        if lost:
            sentence = "otel: %d spans did not get to %s: %s"
            logger.warning(sentence, lost, address(self._settings), self._reasons.last)

    def _deliver(self, spans: list[ReadableSpan]) -> None:
        from opentelemetry.sdk.trace.export import SpanExportResult

        if self._exporter is None:
            self._exporter = _exporter(self._settings)
        with self._reasons.read_from(_LOG):
            if self._exporter.export(spans) is not SpanExportResult.SUCCESS:
                raise NotTaken


def _exporter(settings: Settings) -> Any:
    """OpenTelemetry's own, which knows its variables too."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    headers = dict(pair.strip().split("=", 1) for pair in settings.headers.split(",") if "=" in pair)
    return OTLPSpanExporter(address(settings), headers=headers or None, timeout=settings.timeout)


class _Reasons(logging.Filter):
    """Why spans were not taken. The exporter says so in its log alone, at every try; the last is kept, none shown."""

    def __init__(self) -> None:
        super().__init__()
        self.last = "it has not answered in time"
        self._thread = 0

    def note(self, error: BaseException, spans: object) -> None:
        """What was raised, where it says more than the log."""
        if not isinstance(error, NotTaken):
            self.last = repr(error)

    @contextmanager
    def read_from(self, name: str) -> Iterator[None]:
        """While the block runs, from what this thread logs there."""
        said_by = logging.getLogger(name)
        self._thread = threading.get_ident()
        said_by.addFilter(self)
        try:
            yield
        finally:
            said_by.removeFilter(self)

    def filter(self, record: logging.LogRecord) -> bool:
        if record.thread != self._thread:
            return True
        self.last = record.getMessage()
        return False
