"""Metrics for Datadog: figures through its agent, events through its API."""

from __future__ import annotations

from collections.abc import Iterator

from luigi.contrib.datadog_metric import NO_KEY, DatadogMetricsCollector, datadog
from luigi.hookspecs import Provider, hookimpl


@hookimpl
def luigi_metrics_collectors() -> Iterator[Provider]:
    """The collector of `luigi.contrib.datadog_metric`."""
    yield Provider(
        "datadog",
        collector,
        "counts and events for Datadog",
        settings=datadog,
        extra="datadog",
        needs=("datadog",),
        check=check,
    )


def collector(settings: datadog) -> DatadogMetricsCollector:
    """One with these settings."""
    return DatadogMetricsCollector(**settings.param_kwargs)


def check(settings: datadog) -> str:
    """Whether the agent's name is known; over UDP nobody says that he listens. Raises OSError when it is not."""
    import socket

    socket.getaddrinfo(settings.statsd_host, settings.statsd_port, type=socket.SOCK_DGRAM)
    events = "no events: there is no api_key" if settings.api_key == NO_KEY else "events are sent with the api_key"
    return f"figures go to {settings.statsd_host} port {settings.statsd_port}; {events}"
