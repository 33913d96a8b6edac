"""The metrics collector `datadog`, as a run finds it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import luigi
from luigi.contrib.datadog_metric import DatadogMetricsCollector, datadog
from luigi.metrics import MetricsCollectors
from luigi.plugins.metrics import datadog as plugin
from luigi.plugins.metrics.datadog import check
from luigi.testing.contracts.plugins import PluginContract
from luigi.testing.http_sink import HttpSink
from luigi.testing.udp_sink import UdpSink


class TestDatadogPlugin(PluginContract):
    plugin = plugin


def test_luigis_name_gives_luigis_class() -> None:
    assert type(MetricsCollectors.get(MetricsCollectors.datadog)) is DatadogMetricsCollector


def test_a_run_tells_datadog(
    datagrams: UdpSink, luigi_http_sink: HttpSink, luigi_config: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    class ToldToDatadog(luigi.Task):
        number = luigi.IntParameter()
        password = luigi.Parameter(default="s3cr3t", visibility=luigi.parameter.ParameterVisibility.PRIVATE)
        done = False

        def complete(self) -> bool:
            return self.done

        def run(self) -> None:
            self.done = True

    monkeypatch.setenv("DATADOG_HOST", luigi_http_sink.url)
    luigi_config("scheduler", metrics_collector="datadog")
    luigi_config("datadog", statsd_host="127.0.0.1", statsd_port=datagrams.port, api_key="K")
    assert luigi.build([ToldToDatadog(number) for number in range(5)], local_scheduler=True, log_level="CRITICAL")
    lines = datagrams.lines()
    assert sum(line.startswith("luigi.task.done:1|c|#task_name:ToldToDatadog,number:") for line in lines) == 5
    titles = [request.json()["title"] for request in luigi_http_sink.requests]
    assert titles.count("Luigi: A task has been completed!") == 5
    assert "s3cr3t" not in f"{lines} {luigi_http_sink.requests}"


def test_the_check_says_what_goes_where() -> None:
    assert (
        check(datadog(statsd_host="127.0.0.1")) == "figures go to 127.0.0.1 port 8125; no events: there is no api_key"
    )
    assert check(datadog(statsd_host="127.0.0.1", api_key="K")).endswith("events are sent with the api_key")
    with pytest.raises(OSError):
        check(datadog(statsd_host="nobody.invalid"))
