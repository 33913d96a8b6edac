"""What Datadog gets: figures through StatsD with the released Luigi's names and tags, and events through its API."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from luigi.contrib import datadog_metric
from luigi.contrib.datadog_metric import DatadogMetricsCollector, datadog
from luigi.scheduler.config import scheduler as scheduler_config
from luigi.telling import TaskFacts
from luigi.testing.contracts.metrics_collectors import MetricsCollectorContract
from luigi.testing.http_sink import HttpSink
from luigi.testing.udp_sink import UdpSink

LOAD = TaskFacts("Load_1", "Load", {"day": "2024-05-01"}, time_running=1000.0, updated=1001.5)
TAGS = "task_name:Load,day:2024-05-01,environment:development,application:luigi"

Make = Callable[..., DatadogMetricsCollector]


@pytest.fixture
def make(datagrams: UdpSink, luigi_http_sink: HttpSink, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Makes collectors with options of `[datadog]`, whose figures and events come to us."""
    monkeypatch.setenv("DATADOG_HOST", luigi_http_sink.url)
    made: list[DatadogMetricsCollector] = []

    def make_one(**options: Any) -> DatadogMetricsCollector:
        made.append(DatadogMetricsCollector(**{"statsd_host": "127.0.0.1", "statsd_port": datagrams.port} | options))
        return made[-1]

    yield make_one
    luigi_http_sink.answering.set()
    for one in made:
        one.close()


# --- figures ---------------------------------------------------------------------------------------------------------


def test_figures_are_luigis(make: Make, datagrams: UdpSink) -> None:
    collector = make()
    collector.handle_task_started(LOAD)
    collector.handle_task_failed(LOAD)
    collector.handle_task_disabled(LOAD, scheduler_config())
    collector.handle_task_done(LOAD)
    assert datagrams.lines() == [
        f"luigi.task.started:1|c|#{TAGS}",
        f"luigi.task.failed:1|c|#{TAGS}",
        f"luigi.task.disabled:1|c|#{TAGS}",
        f"luigi.task.done:1|c|#{TAGS}",
        f"luigi.task.execution_time:1.5|g|#{TAGS}",
    ]


def test_a_task_that_was_not_run_is_not_counted_as_done(make: Make, datagrams: UdpSink) -> None:
    make().handle_task_done(LOAD._replace(time_running=None))
    assert datagrams.lines() == []


def test_names_and_tags_follow_the_settings(make: Make, datagrams: UdpSink) -> None:
    collector = make(metric_namespace="etl", environment="production", default_tags="team:data, tier:1")
    collector.handle_task_started(LOAD._replace(params={}))
    make(metric_namespace="", default_tags="").handle_task_started(LOAD._replace(params={}))
    assert collector.default_tags == ["environment:production", "team:data", "tier:1"]
    assert datagrams.lines() == [
        "etl.task.started:1|c|#task_name:Load,environment:production,team:data,tier:1",
        "task.started:1|c|#task_name:Load,environment:development",
    ]


def test_too_many_sets_of_tags_are_counted_by_family_alone(
    make: Make, datagrams: UdpSink, caplog: pytest.LogCaptureFixture
) -> None:
    collector = make(max_tag_sets=2)
    for number in range(5):
        collector.handle_task_started(LOAD._replace(params={"n": str(number)}))
    tags = [
        line.partition("#")[2].removesuffix(",environment:development,application:luigi") for line in datagrams.lines()
    ]
    assert tags == ["task_name:Load,n:0", "task_name:Load,n:1", "task_name:Load", "task_name:Load", "task_name:Load"]
    assert caplog.text.count("[datadog] max_tag_sets") == 1


def test_a_tag_is_as_long_as_datadog_takes_it(make: Make, datagrams: UdpSink) -> None:
    make().handle_task_started(LOAD._replace(params={"long": "x" * 100_000}))
    (line,) = datagrams.lines()
    assert len(line.partition("long:")[2].partition(",")[0]) == 200 - len("long:")


# --- events ----------------------------------------------------------------------------------------------------------


def test_without_a_key_there_are_no_events(make: Make, luigi_http_sink: HttpSink) -> None:
    collector = make()
    collector.handle_task_started(LOAD)
    collector.close()
    assert luigi_http_sink.requests == []


def test_events_have_luigis_titles_tags_and_urgency(make: Make, luigi_http_sink: HttpSink) -> None:
    collector = make(api_key="K", app_key="A")
    collector.handle_task_started(LOAD)
    collector.handle_task_failed(LOAD)
    collector.handle_task_disabled(LOAD._replace(failures=3), scheduler_config())
    collector.handle_task_done(LOAD)
    requests = luigi_http_sink.wait_for(4)
    events = [request.json() for request in requests]
    assert [(event["title"], event["alert_type"], event["priority"]) for event in events] == [
        ("Luigi: A task has been started!", "info", "low"),
        ("Luigi: A task has failed!", "error", "normal"),
        ("Luigi: A task has been disabled!", "error", "normal"),
        ("Luigi: A task has been completed!", "info", "low"),
    ]
    common = ["environment:development", "application:luigi"]
    states = ("STARTED", "FAILED", "DISABLED", "DONE")
    assert [event["tags"] for event in events] == [
        ["task_name:Load", "day:2024-05-01", f"task_state:{state}", *common] for state in states
    ]
    assert events[2]["text"] == "Load is not run for 86400 seconds. It failed 3 times within 3600 seconds."
    assert all(event["host"] for event in events)
    assert {(request.method, request.path) for request in requests} == {("POST", "/api/v1/events")}
    assert (requests[0].headers["dd-api-key"], requests[0].headers["dd-application-key"]) == ("K", "A")


def test_an_api_that_does_not_answer_keeps_no_figure_from_coming(
    make: Make,
    datagrams: UdpSink,
    luigi_http_sink: HttpSink,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(datadog_metric, "TIMEOUT", 0.3)
    luigi_http_sink.answering.clear()
    collector = make(api_key="K")
    for _ in range(2_000):
        collector.handle_task_started(LOAD)
    assert len(datagrams.lines()) == 2_000
    collector.close()
    (said,) = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert said.startswith("Datadog's API has not got ")


def test_an_api_that_refuses_is_said_once_and_without_the_key(
    make: Make, luigi_http_sink: HttpSink, caplog: pytest.LogCaptureFixture
) -> None:
    luigi_http_sink.status = 403
    collector = make(api_key="s3cr3t-key", app_key="s3cr3t-app")
    for _ in range(3):
        collector.handle_task_started(LOAD)
    collector.close()
    assert len(luigi_http_sink.requests) == 3
    assert caplog.text.count("403") == 1
    assert "Datadog's API has not got 3 events" in caplog.text
    assert "s3cr3t" not in caplog.text


def test_the_keys_are_shown_to_nobody() -> None:
    settings = datadog(api_key="s3cr3t-key", app_key="s3cr3t-app")
    assert "s3cr3t" not in f"{settings!r} {settings}"


class TestDatadogCollector(MetricsCollectorContract):
    accumulates = False

    @pytest.fixture
    def collector(self, make: Make) -> DatadogMetricsCollector:
        return make(api_key="K")

    @pytest.fixture
    def counted(self, datagrams: UdpSink) -> Callable[[str, str], float]:
        def count(what: str, family: str) -> float:
            lines = datagrams.lines()
            return sum(line.startswith(f"luigi.task.{what}:1|c|#task_name:{family},") for line in lines)

        return count

    @pytest.fixture
    def exposed(
        self, datagrams: UdpSink, luigi_http_sink: HttpSink, collector: DatadogMetricsCollector
    ) -> Callable[[], str]:
        def all_of_it() -> str:
            collector.close()
            return "\n".join([*datagrams.lines(), *(str(request.body) for request in luigi_http_sink.requests)])

        return all_of_it

    @pytest.mark.parametrize("what", ["failed", "done"])
    def test_times_may_be_unknown_or_odd(
        self, collector: DatadogMetricsCollector, counted: Callable[[str, str], float], what: str
    ) -> None:
        self.handle(collector, what, LOAD._replace(time_running=None))
        self.handle(collector, what, LOAD._replace(updated=990.0))
        assert counted(what, "Load") == {"failed": 2, "done": 1}[what]  # found done is not counted, as with Luigi
