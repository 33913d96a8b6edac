"""Metrics for Prometheus: the figures of Luigi's scheduler, as a page to be fetched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from luigi.errors import ConfigurationError
from luigi.extras import need
from luigi.label_sets import LIMIT, LabelSets
from luigi.metrics import MetricsCollector
from luigi.parameter import (
    BoolParameter,
    IntParameter,
    ListParameter,
    OptionalIntParameter,
    OptionalStrParameter,
    Parameter,
)
from luigi.task import Config
from luigi.telling import TaskFacts

FAMILY = "family"

ABSENT = "None"
"""What a label holds where a task has no such parameter, or does not show it."""


class prometheus(Config):
    """The `[prometheus]` section."""

    use_task_family_in_labels = BoolParameter(
        default=True, parsing=BoolParameter.EXPLICIT_PARSING, description="whether there is a label `family`"
    )
    task_parameters_to_use_in_labels = ListParameter(
        default=(), description="names of the parameters that are labels, too"
    )
    max_label_sets = IntParameter(default=LIMIT, description="how many combinations of labels are told apart")
    listen_port = OptionalIntParameter(
        default=None, description="where a run can be scraped while it lasts; 0 for any free port"
    )
    listen_address = Parameter(default="127.0.0.1", description="the address of that port")
    pushgateway_url = OptionalStrParameter(default=None, description="where the figures are pushed when a run ends")
    pushgateway_job = Parameter(default="luigi", description="the job they are grouped under there, with the host")


class PrometheusMetricsCollector(MetricsCollector):
    """Counts starts, failures, disablements and ends of tasks, and says how long a task's last attempt took.

    Arguments are options of `[prometheus]`, in place of the configured ones. Raises ConfigurationError for labels that
    cannot be, MissingExtra without `prometheus_client`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()
        self._client = need("prometheus_client", "prometheus", "the metrics collector prometheus")
        config = prometheus(*args, **kwargs)
        named: Any = config.task_parameters_to_use_in_labels
        self._parameters = [named] if isinstance(named, str) else [str(name) for name in named]
        self._by_family = config.use_task_family_in_labels
        self._sets = LabelSets(config.max_label_sets, "metrics for Prometheus", "See [prometheus] max_label_sets.")
        self.labels = [*self._parameters, FAMILY] if self._by_family else self._parameters
        _refuse_none_or_two_alike(self.labels)
        self.registry = self._client.CollectorRegistry()
        self.task_started_counter = self._counter("started")
        self.task_failed_counter = self._counter("failed")
        self.task_disabled_counter = self._counter("disabled")
        self.task_done_counter = self._counter("done")
        self.task_execution_time = self._client.Gauge(
            "luigi_task_execution_time_seconds",
            "luigi task execution time in seconds",
            self.labels,
            registry=self.registry,
        )

    def _counter(self, what: str) -> Any:
        name = f"luigi_task_{what}_total"
        try:
            return self._client.Counter(name, f"number of {what} luigi tasks", self.labels, registry=self.registry)
        except ValueError as error:
            hint = "see [prometheus] task_parameters_to_use_in_labels"
            raise ConfigurationError(f"metrics for Prometheus: {error}", hint=hint) from error

    # --- what happens ----------------------------------------------------------------------------------------------

    def handle_task_started(self, task: TaskFacts) -> None:
        """Count it."""
        self.task_started_counter.labels(*self._labels_of(task)).inc()

    def handle_task_failed(self, task: TaskFacts) -> None:
        """Count it."""
        self._ended(self.task_failed_counter, task)

    def handle_task_disabled(self, task: TaskFacts, config: Any) -> None:
        """Count it."""
        self._ended(self.task_disabled_counter, task)

    def handle_task_done(self, task: TaskFacts) -> None:
        """Count it."""
        self._ended(self.task_done_counter, task)

    def _ended(self, counter: Any, task: TaskFacts) -> None:
        labels = self._labels_of(task)
        counter.labels(*labels).inc()
        if task.time_running is not None:
            self.task_execution_time.labels(*labels).set(max(0.0, task.updated - task.time_running))

    def _labels_of(self, task: TaskFacts) -> Sequence[str]:
        shown = task.shown_params if self._parameters else {}
        values = [_written(shown.get(name, ABSENT)) for name in self._parameters]
        family, *values = self._sets.bounded(_written(task.family) if self._by_family else "", values)
        return [*values, family] if self._by_family else values

    # --- the page --------------------------------------------------------------------------------------------------

    def generate_latest(self) -> bytes:
        """All figures, as Prometheus reads them."""
        page: bytes = self._client.generate_latest(self.registry)
        return page

    def configure_http_handler(self, http_handler: Any) -> None:
        """Set the content type of that page."""
        http_handler.set_header("Content-Type", self._client.CONTENT_TYPE_LATEST)


def _refuse_none_or_two_alike(labels: Sequence[str]) -> None:
    if not labels:
        sentence = "metrics for Prometheus: there is no label to count by"
        raise ConfigurationError(sentence, hint="set [prometheus] use_task_family_in_labels, or name parameters")
    twice = next((label for label in labels if labels.count(label) > 1), None)
    if twice is not None:
        hint = "[prometheus] use_task_family_in_labels brings one; task_parameters_to_use_in_labels names the others"
        raise ConfigurationError(f"metrics for Prometheus: two labels are called {twice}", hint=hint)


def _written(value: Any) -> str:
    """As text that a page can hold: one character that UTF-8 has no code for would spoil all of it."""
    return str(value).encode("utf-8", "replace").decode()
