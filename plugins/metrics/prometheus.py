"""Metrics for Prometheus: on the server's page of metrics, on a port of a local run, or pushed when it ends."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

from luigi.contrib.prometheus_metric import PrometheusMetricsCollector, prometheus
from luigi.hookspecs import Provider, hookimpl

PUSH_TIMEOUT = 4.0
"""Seconds after which a gateway that does not answer is given up."""

logger = logging.getLogger("luigi.plugins")


@hookimpl
def luigi_metrics_collectors() -> Iterator[Provider]:
    """The collector of `luigi.contrib.prometheus_metric`, with ways out of a run."""
    yield Provider(
        "prometheus",
        RunCollector,
        "counts for Prometheus to fetch",
        settings=prometheus,
        extra="prometheus",
        needs=("prometheus_client",),
        check=check,
    )


class RunCollector(PrometheusMetricsCollector):
    """One that can be scraped on a port of its own, and pushes its figures when it is closed."""

    def __init__(self, settings: prometheus) -> None:
        super().__init__(**settings.param_kwargs)
        self._settings = settings
        self.port: int | None = None
        """The port it listens on."""
        self._stop: Callable[[], None] | None = None
        if settings.listen_port is not None:
            self._listen(settings.listen_address, settings.listen_port)

    def _listen(self, address: str, port: int) -> None:
        try:
            server, thread = self._client.start_http_server(port, address, self.registry)
        except OSError as error:  # of two runs at a time with one configuration, the second works, too
            logger.warning("metrics for Prometheus cannot be scraped on %s port %d: %s", address, port, error)
            return
        self.port = server.server_port

        def stop() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        self._stop = stop
        logger.info("metrics for Prometheus are at http://%s:%d/metrics", address, self.port)

    def close(self) -> None:
        """Push the figures, if there is a gateway, and let the port go. Raises OSError when the gateway fails."""
        stop, self._stop = self._stop, None
        if stop is not None:
            stop()
        if self._settings.pushgateway_url:
            self._push(self._settings.pushgateway_url, self._settings.pushgateway_job)

    def _push(self, url: str, job: str) -> None:
        from socket import gethostname

        group = {"instance": gethostname()}
        self._client.push_to_gateway(url, job, self.registry, group, timeout=PUSH_TIMEOUT)


def check(settings: prometheus) -> str:
    """Whether the labels can be, and what is to listen can. Raises ConfigurationError, MissingExtra or OSError."""
    labels = PrometheusMetricsCollector(**settings.param_kwargs).labels
    said = [f"counts by {', '.join(labels)}"]
    if settings.listen_port is not None:
        _try_port(settings.listen_address, settings.listen_port)
        said.append(f"port {settings.listen_port} of {settings.listen_address} is free")
    return "; ".join(said)


def _try_port(address: str, port: int) -> None:
    import socket

    (family, kind, _, _, place), *_ = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)
    with socket.socket(family, kind) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind(place)
