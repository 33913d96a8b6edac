"""The page for Prometheus: names, types and labels of the released Luigi's; bounded, and with nothing hidden in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from prometheus_client import CONTENT_TYPE_LATEST
from prometheus_client.parser import text_string_to_metric_families

from luigi.contrib.prometheus_metric import PrometheusMetricsCollector
from luigi.errors import ConfigurationError
from luigi.scheduler.config import scheduler as scheduler_config
from luigi.telling import TaskFacts
from luigi.testing.contracts.metrics_collectors import MetricsCollectorContract

LUIGIS_PAGE = """\
# HELP luigi_task_started_total number of started luigi tasks
# TYPE luigi_task_started_total counter
luigi_task_started_total{color="red",family="Good"} 1.0
luigi_task_started_total{color="None",family="Bad"} 2.0
# HELP luigi_task_failed_total number of failed luigi tasks
# TYPE luigi_task_failed_total counter
luigi_task_failed_total{color="None",family="Bad"} 1.0
# HELP luigi_task_disabled_total number of disabled luigi tasks
# TYPE luigi_task_disabled_total counter
luigi_task_disabled_total{color="None",family="Bad"} 1.0
# HELP luigi_task_done_total number of done luigi tasks
# TYPE luigi_task_done_total counter
luigi_task_done_total{color="red",family="Good"} 1.0
luigi_task_done_total{color="blue",family="Done"} 1.0
# HELP luigi_task_execution_time_seconds luigi task execution time in seconds
# TYPE luigi_task_execution_time_seconds gauge
luigi_task_execution_time_seconds{color="red",family="Good"} 3.0
luigi_task_execution_time_seconds{color="None",family="Bad"} 5.0
"""
"""What `/metrics` of Luigi 3.8.1 shows of this scene, with prometheus-client 0.26; but for the times of creation."""

GOOD = TaskFacts("Good_1", "Good", {"color": "red"}, time_running=1000.0, updated=1003.0)
BAD = TaskFacts("Bad_1", "Bad", time_running=1000.0, updated=1005.0)
DONE = TaskFacts("Done_1", "Done", {"color": "blue"}, updated=1000.0)


def page(collector: PrometheusMetricsCollector) -> str:
    """The page without the times at which the series were made, of which it depends on the client whether they are."""
    text = collector.generate_latest().decode()
    return re.sub(r"(?m)^(# (HELP|TYPE) )?luigi_task_\w+_created.*\n", "", text)


def value(collector: PrometheusMetricsCollector, name: str, **labels: str) -> float:
    """Of one series on the page; 0 for one that is not there."""
    families = text_string_to_metric_families(collector.generate_latest().decode())
    samples = (sample for family in families for sample in family.samples)
    return sum(sample.value for sample in samples if sample.name == name and sample.labels == labels)


def test_the_page_is_luigis() -> None:
    collector = PrometheusMetricsCollector(task_parameters_to_use_in_labels=["color"])
    collector.handle_task_started(GOOD._replace(time_running=None))
    collector.handle_task_done(GOOD)
    for _ in range(2):
        collector.handle_task_started(BAD._replace(time_running=None))
    collector.handle_task_failed(BAD)
    collector.handle_task_disabled(BAD, scheduler_config())
    collector.handle_task_done(DONE)
    assert page(collector) == LUIGIS_PAGE


def test_the_content_type_goes_with_it() -> None:
    headers: dict[str, str] = {}

    class Handler:
        def set_header(self, name: str, value: str) -> None:
            headers[name] = value

    PrometheusMetricsCollector().configure_http_handler(Handler())
    assert headers == {"Content-Type": CONTENT_TYPE_LATEST}


def test_two_collectors_count_apart() -> None:
    one, other = PrometheusMetricsCollector(), PrometheusMetricsCollector()
    one.handle_task_started(GOOD)
    assert value(one, "luigi_task_started_total", family="Good") == 1
    assert value(other, "luigi_task_started_total", family="Good") == 0


@pytest.mark.parametrize(
    ("options", "labels"),
    [
        ({}, {"family": "Good"}),
        ({"task_parameters_to_use_in_labels": ["color"]}, {"color": "red", "family": "Good"}),
        ({"task_parameters_to_use_in_labels": "color"}, {"color": "red", "family": "Good"}),
        (
            {"use_task_family_in_labels": False, "task_parameters_to_use_in_labels": ["color", "size"]},
            {"color": "red", "size": "None"},
        ),
    ],
)
def test_labels_are_the_family_and_the_parameters_named(options: dict[str, Any], labels: dict[str, str]) -> None:
    collector = PrometheusMetricsCollector(**options)
    collector.handle_task_started(GOOD)
    assert value(collector, "luigi_task_started_total", **labels) == 1


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"use_task_family_in_labels": False}, "no label"),
        ({"task_parameters_to_use_in_labels": ["family"]}, "two labels are called family"),
        ({"task_parameters_to_use_in_labels": ["a", "a"]}, "two labels are called a"),
        ({"task_parameters_to_use_in_labels": ["__a"]}, "__a"),
    ],
)
def test_labels_that_cannot_be_are_told(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem) as caught:
        PrometheusMetricsCollector(**options)
    assert "[prometheus]" in caught.value.hint


def test_a_hidden_parameter_is_as_if_it_were_not_there() -> None:
    collector = PrometheusMetricsCollector(task_parameters_to_use_in_labels=["color"])
    collector.handle_task_started(GOOD._replace(hidden=("color",)))
    assert value(collector, "luigi_task_started_total", family="Good", color="None") == 1


def test_what_no_page_can_hold_does_not_spoil_it() -> None:
    collector = PrometheusMetricsCollector(task_parameters_to_use_in_labels=["color"])
    collector.handle_task_started(GOOD._replace(params={"color": "\ud800"}))
    assert value(collector, "luigi_task_started_total", family="Good", color="?") == 1


def test_too_many_values_are_counted_together_by_family(caplog: pytest.LogCaptureFixture) -> None:
    collector = PrometheusMetricsCollector(task_parameters_to_use_in_labels=["color"], max_label_sets=10)
    for number in range(100):
        collector.handle_task_started(GOOD._replace(params={"color": str(number)}))
    assert value(collector, "luigi_task_started_total", family="Good", color="9") == 1
    assert value(collector, "luigi_task_started_total", family="Good", color="other") == 90
    assert len(caplog.records) == 1
    assert "[prometheus] max_label_sets" in caplog.text


class TestPrometheusCollector(MetricsCollectorContract):
    many = 500

    @pytest.fixture
    def collector(self) -> PrometheusMetricsCollector:
        return PrometheusMetricsCollector(max_label_sets=200)

    @pytest.fixture
    def counted(self, collector: PrometheusMetricsCollector) -> Callable[[str, str], float]:
        return lambda what, family: value(collector, f"luigi_task_{what}_total", family=family)

    @pytest.fixture
    def exposed(self, collector: PrometheusMetricsCollector) -> Callable[[], str]:
        return lambda: collector.generate_latest().decode()


class TestPrometheusCollectorWithParameters(TestPrometheusCollector):
    @pytest.fixture
    def collector(self) -> PrometheusMetricsCollector:
        return PrometheusMetricsCollector(max_label_sets=200, task_parameters_to_use_in_labels=["key"])

    @pytest.fixture
    def counted(self, collector: PrometheusMetricsCollector) -> Callable[[str, str], float]:
        return lambda what, family: value(collector, f"luigi_task_{what}_total", family=family, key="None")
