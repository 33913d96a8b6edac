"""Traces by OpenTelemetry: a span for each run, task and attempt, sent to an OTLP collector."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import luigi
from luigi.extras import need
from luigi.hookspecs import Provider
from luigi.plugin_settings import setting

EXTRA = "otel"
NEEDS = ("opentelemetry.sdk.trace", "opentelemetry.exporter.otlp.proto.http.trace_exporter")


@dataclass(frozen=True)
class Settings:
    """The section `[otel]`. What is not here is taken from OpenTelemetry's own variables: `OTEL_TRACES_SAMPLER`,
    `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_EXPORTER_OTLP_CERTIFICATE` and so on."""

    endpoint: str = setting(
        "", help="the collector, over HTTP; unless given, OTEL_EXPORTER_OTLP_ENDPOINT or http://localhost:4318"
    )
    headers: str = setting("", help="sent with every request, as name=value,name=value", secret=True)
    service_name: str = setting("", help="unless given, OTEL_SERVICE_NAME or luigi")
    timeout: float = setting(3.0, help="seconds until a request is given up")
    deadline: float = setting(5.0, help="seconds the end of the program waits for what is not sent then")


def _observer(settings: Settings) -> object:
    for module in NEEDS:
        need(module, EXTRA, "[core] observers = otel")
    from luigi.plugins.observers.otel.observer import Observer

    return Observer(settings)


def _check(settings: Settings) -> str:
    """Connect to the collector, and send nothing."""
    import socket
    from urllib.parse import urlsplit

    from luigi.plugins.observers.otel.sending import address

    url = urlsplit(address(settings))
    port = url.port or (443 if url.scheme == "https" else 80)
    socket.create_connection((url.hostname or "", port), settings.timeout).close()
    return f"{url.hostname}:{port} takes connections"


@luigi.hookimpl
def luigi_observers() -> Iterable[Provider]:
    """The one of the name `otel`."""
    facts: dict[str, Any] = {"settings": Settings, "extra": EXTRA, "needs": NEEDS, "check": _check}
    yield Provider("otel", _observer, "traces by OpenTelemetry, to an OTLP collector", **facts)
