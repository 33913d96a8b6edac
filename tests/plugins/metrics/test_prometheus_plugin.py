"""A run's figures reach Prometheus: scraped while it lasts, pushed when it ends; where they do not, the run goes on."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

import luigi
from luigi.contrib.prometheus_metric import prometheus
from luigi.errors import ConfigurationError
from luigi.plugins.metrics import prometheus as plugin
from luigi.plugins.metrics.prometheus import RunCollector, check
from luigi.telling import TaskFacts
from luigi.testing.contracts.plugins import PluginContract

Config = Callable[..., None]
LOAD = TaskFacts("Load_1", "Load", time_running=1000.0, updated=1003.0)


class TestPrometheusPlugin(PluginContract):
    plugin = plugin


@pytest.fixture
def collector() -> Iterator[Callable[..., RunCollector]]:
    """Makes collectors with options of `[prometheus]`, and closes them."""
    made: list[RunCollector] = []

    def make(**options: Any) -> RunCollector:
        made.append(RunCollector(prometheus(**options)))
        return made[-1]

    yield make
    for one in made:
        one._settings = prometheus(pushgateway_url=None)
        one.close()


def fetched(collector: RunCollector) -> str:
    with urlopen(f"http://127.0.0.1:{collector.port}/metrics", timeout=5) as answer:
        return answer.read().decode()  # type: ignore[no-any-return]


@pytest.mark.service("prometheus")
def test_prometheus_scrapes_a_run_while_it_lasts(prometheus_service: Any, luigi_config: Config) -> None:
    class ScrapedFirst(luigi.Task):
        done = False

        def complete(self) -> bool:
            return self.done

        def run(self) -> None:
            self.done = True

    class ScrapedSecond(ScrapedFirst):
        def requires(self) -> luigi.Task:
            return ScrapedFirst()

        def run(self) -> None:
            prometheus_service.wait_for('luigi_task_done_total{family="ScrapedFirst"}', 1)
            prometheus_service.wait_for('luigi_task_started_total{family="ScrapedSecond"}', 1)
            assert prometheus_service.value('luigi_task_done_total{family="ScrapedSecond"}') is None
            assert prometheus_service.value('up{job="luigi"}') == 1
            self.done = True

    luigi_config("scheduler", metrics_collector="prometheus")
    luigi_config("prometheus", listen_port=prometheus_service.scraped)
    assert luigi.build([ScrapedSecond()], local_scheduler=True, log_level="CRITICAL")
    with pytest.raises(URLError):  # the port is free again
        urlopen(f"http://127.0.0.1:{prometheus_service.scraped}/metrics", timeout=5)


@pytest.mark.service("pushgateway")
def test_a_run_pushes_what_it_counted_when_it_ends(pushgateway_service: str, luigi_config: Config) -> None:
    class Pushed(luigi.Task):
        def complete(self) -> bool:
            return False

        def run(self) -> None:
            raise ValueError("no")

    luigi_config("scheduler", metrics_collector="prometheus")
    luigi_config("prometheus", pushgateway_url=pushgateway_service, pushgateway_job="nightly")
    assert not luigi.build([Pushed()], local_scheduler=True, log_level="CRITICAL")
    with urlopen(f"{pushgateway_service}/metrics", timeout=5) as answer:
        page = answer.read().decode()
    labels = f'family="Pushed",instance="{socket.gethostname()}",job="nightly"'
    assert f"luigi_task_failed_total{{{labels}}} 1" in page
    assert f"luigi_task_started_total{{{labels}}} 1" in page


def test_only_this_machine_can_fetch_unless_told_otherwise(collector: Callable[..., RunCollector]) -> None:
    served = collector(listen_port=0)
    served.handle_task_done(LOAD)
    assert 'luigi_task_execution_time_seconds{family="Load"} 3.0' in fetched(served)
    with socket.socket() as other:
        other.bind(("127.0.0.2", served.port or 0))  # it would be taken, were it served on all addresses


def test_a_second_run_with_the_same_port_works_unserved(
    collector: Callable[..., RunCollector], caplog: pytest.LogCaptureFixture
) -> None:
    first = collector(listen_port=0)
    second = collector(listen_port=first.port)
    second.handle_task_done(LOAD)
    assert second.port is None
    assert f"cannot be scraped on 127.0.0.1 port {first.port}" in caplog.text
    assert "Load" not in fetched(first)


def test_a_gateway_that_does_not_answer_costs_a_run_a_few_seconds_and_a_line(
    luigi_http_sink: Any, collector: Callable[..., RunCollector], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugin, "PUSH_TIMEOUT", 0.2)
    luigi_http_sink.answering.clear()
    with pytest.raises(OSError, match="timed out"):
        collector(pushgateway_url=luigi_http_sink.url).close()


def test_a_gateway_that_is_not_there_is_said_in_the_log(luigi_config: Config, caplog: pytest.LogCaptureFixture) -> None:
    class Unpushed(luigi.Task):
        done = False

        def complete(self) -> bool:
            return self.done

        def run(self) -> None:
            self.done = True

    luigi_config("scheduler", metrics_collector="prometheus")
    luigi_config("prometheus", pushgateway_url="http://127.0.0.1:9")
    assert luigi.build([Unpushed()], local_scheduler=True, log_level="CRITICAL")
    assert "metrics collector prometheus: close raised" in caplog.text


# --- kernel plugins check -----------------------------------------------------------------------------------------


def test_the_check_says_by_what_is_counted_and_whether_the_port_is_free() -> None:
    assert check(prometheus()) == "counts by family"
    said = check(prometheus(listen_port=0, task_parameters_to_use_in_labels=["day"]))
    assert said == "counts by day, family; port 0 of 127.0.0.1 is free"


def test_the_check_finds_a_port_that_is_taken(collector: Callable[..., RunCollector]) -> None:
    taken = collector(listen_port=0).port
    with pytest.raises(OSError, match="in use"):
        check(prometheus(listen_port=taken))


def test_the_check_finds_labels_that_cannot_be() -> None:
    with pytest.raises(ConfigurationError, match="two labels"):
        check(prometheus(task_parameters_to_use_in_labels=["family"]))
