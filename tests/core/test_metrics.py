"""Luigi's names for metrics collectors: which there are, what a custom one may be, what is made of a name."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.errors import ConfigurationError, PluginError
from luigi.metrics import (
    CollectorParameter,
    MetricsCollector,
    MetricsCollectors,
    NoMetricsCollector,
    collector_names,
    custom_collector,
)
from luigi.scheduler.config import scheduler as scheduler_config
from luigi.telling import TaskFacts

LOAD = TaskFacts("Load_1", "Load")


class QuietCollector(MetricsCollector):
    """The least that a class of one's own must have."""

    def handle_task_started(self, task: TaskFacts) -> None: ...

    def handle_task_failed(self, task: TaskFacts) -> None: ...

    def handle_task_disabled(self, task: TaskFacts, config: Any) -> None: ...

    def handle_task_done(self, task: TaskFacts) -> None: ...


def test_the_members_are_luigis() -> None:
    values = {name: member.value for name, member in MetricsCollectors.__members__.items()}
    assert values == {"default": 1, "none": 1, "custom": -1, "datadog": 2, "prometheus": 3}


@pytest.mark.parametrize("which", [MetricsCollectors.default, MetricsCollectors.none, "none"])
def test_none_counts_nothing(which: Any) -> None:
    collector = MetricsCollectors.get(which)
    assert isinstance(collector, NoMetricsCollector)
    collector.handle_task_started(LOAD)
    collector.handle_task_disabled(LOAD, None)
    collector.handle_task_statistics(LOAD, {"rows": 1})
    assert collector.generate_latest() is None


def test_a_class_must_handle_all_four() -> None:
    with pytest.raises(TypeError, match="handle_task_done"):
        MetricsCollector()  # type: ignore[abstract]


def test_custom_is_the_class_it_names() -> None:
    found = MetricsCollectors.get(MetricsCollectors.custom, f"{__name__}.QuietCollector")
    assert type(found).__name__ == "QuietCollector"
    assert found.generate_latest() is None


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        (None, "names no class"),
        ("", "names no class"),
        ("QuietCollector", "QuietCollector: Empty module name"),
        ("there.is.none", "No module named 'there'"),
        (f"{__name__}.Nope", "has no attribute 'Nope'"),
        ("collections.OrderedDict", "is no metrics collector"),
        ("luigi.metrics.collector_names", "is no metrics collector"),
    ],
)
def test_a_wrong_custom_class_is_named(path: str | None, problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem) as caught:
        custom_collector(path)
    assert "luigi.metrics.MetricsCollector" in caught.value.hint


def test_a_name_that_no_plugin_has_is_told_with_the_nearest() -> None:
    with pytest.raises(PluginError, match="metrics collectors") as caught:
        MetricsCollectors.get("promtheus")
    assert caught.value.hint == "did you mean prometheus?"


@pytest.mark.parametrize(
    ("text", "value", "names"),
    [
        ("prometheus", MetricsCollectors.prometheus, ["prometheus"]),
        ("none", MetricsCollectors.default, []),
        ("default", MetricsCollectors.default, []),
        ("statsd", "statsd", ["statsd"]),
        ("prometheus, statsd,prometheus", "prometheus, statsd,prometheus", ["prometheus", "statsd"]),
        ("none, custom", "none, custom", ["custom"]),
    ],
)
def test_a_setting_names_members_plugins_or_several(text: str, value: Any, names: list[str]) -> None:
    parameter = CollectorParameter(default=MetricsCollectors.default)
    assert parameter.parse(text) == parameter.normalize(text) == value
    assert collector_names(value) == names
    assert collector_names(parameter.parse(parameter.serialize(value))) == names


def test_the_section_of_the_scheduler_takes_luigis_members() -> None:
    assert scheduler_config(metrics_collector=MetricsCollectors.prometheus).metrics_collector.name == "prometheus"
    assert scheduler_config().metrics_collector is MetricsCollectors.none
