"""Metrics for Datadog: figures through its agent's StatsD, and events through its API."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Sequence
from typing import Any, NamedTuple

from luigi.couriers import Courier
from luigi.extras import need
from luigi.label_sets import LIMIT, LabelSets
from luigi.metrics import MetricsCollector
from luigi.parameter import IntParameter, Parameter, ParameterVisibility
from luigi.task import Config
from luigi.telling import TaskFacts

NO_KEY = "dummy_api_key"
"""With this one, the default, no events are sent: nobody would take them."""

API = "https://api.datadoghq.com"
"""Where events go, unless DATADOG_HOST says otherwise."""

EVENTS_WAITING = 1_000
"""How many events may wait for the API; what is beyond is dropped, and counted."""

TIMEOUT = 3.0
"""Seconds until a request is given up, and that the end of a run waits for the events that are left."""

LONGEST_TAG = 200
"""Characters; Datadog cuts off the rest."""

logger = logging.getLogger("luigi.plugins")


class datadog(Config):
    """The `[datadog]` section."""

    api_key = Parameter(
        default=NO_KEY, visibility=ParameterVisibility.PRIVATE, description="without one no events are sent"
    )
    app_key = Parameter(
        default="dummy_app_key", visibility=ParameterVisibility.PRIVATE, description="sent with the events"
    )
    default_tags = Parameter(default="application:luigi", description="tags of all figures and events: a:1,b:2")
    environment = Parameter(default="development", description="the value of their tag `environment`")
    metric_namespace = Parameter(default="luigi", description="what the names of all figures begin with")
    statsd_host = Parameter(default="localhost", description="where the agent listens")
    statsd_port = IntParameter(default=8125, description="its UDP port")
    max_tag_sets = IntParameter(default=LIMIT, description="how many combinations of tags are told apart")


class Event(NamedTuple):
    """Something for Datadog's stream of events."""

    title: str
    text: str
    tags: Sequence[str]
    alert_type: str = "info"
    priority: str = "low"


class DatadogMetricsCollector(MetricsCollector):
    """Counts starts, failures, disablements and ends of tasks, says how long each took, and sends an event for each.

    Tasks that were found done, not run, are left out. Arguments are options of `[datadog]`, in place of the configured
    ones. Raises MissingExtra without `datadog`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()
        client = need("datadog.dogstatsd.base", "datadog", "the metrics collector datadog")
        self._config = datadog(*args, **kwargs)
        self._statsd = client.DogStatsd(
            host=self._config.statsd_host,
            port=self._config.statsd_port,
            namespace=self._config.metric_namespace or None,
        )
        self._sets = LabelSets(self._config.max_tag_sets, "metrics for Datadog", "See [datadog] max_tag_sets.")
        self._events = Events(self._config) if self._config.api_key != NO_KEY else None

    @property
    def default_tags(self) -> list[str]:
        """The environment's tag and those configured."""
        configured = (tag.strip() for tag in self._config.default_tags.split(","))
        return [f"environment:{self._config.environment}", *filter(None, configured)]

    # --- what happens ----------------------------------------------------------------------------------------------

    def handle_task_started(self, task: TaskFacts) -> None:
        """Count it."""
        self._count("started", task)
        self._tell(task, "STARTED", "A task has been started!", f"{task.family} was handed out to a worker.")

    def handle_task_failed(self, task: TaskFacts) -> None:
        """Count it."""
        self._count("failed", task)
        self._alert(task, "FAILED", "A task has failed!", f"{task.family} failed.")

    def handle_task_disabled(self, task: TaskFacts, config: Any) -> None:
        """Count it."""
        self._count("disabled", task)
        text = f"{task.family} is not run for {config.disable_persist} seconds."
        if task.failures:
            text += f" It failed {task.failures} times within {config.disable_window} seconds."
        self._alert(task, "DISABLED", "A task has been disabled!", text)

    def handle_task_done(self, task: TaskFacts) -> None:
        """Count it, if it was run."""
        if task.time_running is None:
            return
        seconds = max(0.0, task.updated - task.time_running)
        self._count("done", task)
        self._statsd.gauge("task.execution_time", seconds, tags=self._tags_of(task))
        self._tell(task, "DONE", "A task has been completed!", f"{task.family} is done; it took {seconds:.0f} seconds.")

    def close(self) -> None:
        """Wait a little for the events that are left, and let the socket go."""
        if self._events is not None:
            self._events.close()
        self._statsd.close_socket()

    # --- what is sent ----------------------------------------------------------------------------------------------

    def _count(self, what: str, task: TaskFacts) -> None:
        self._statsd.increment(f"task.{what}", tags=self._tags_of(task))

    def _tags_of(self, task: TaskFacts) -> list[str]:
        values = _tags(task)
        family, *kept = self._sets.bounded(task.family, values)
        return [_cut(f"task_name:{family}"), *(kept if kept == values else ()), *self.default_tags]

    def _alert(self, task: TaskFacts, state: str, title: str, text: str) -> None:
        self._tell(task, state, title, text, "error", "normal")

    def _tell(self, task: TaskFacts, state: str, title: str, text: str, *urgency: str) -> None:
        if self._events is not None:
            tags = [_cut(f"task_name:{task.family}"), *_tags(task), f"task_state:{state}", *self.default_tags]
            self._events.post(Event(f"Luigi: {title}", text, tags, *urgency))


class Events:
    """Sends events to the API, each with a request of its own: so by a courier, while figures go on."""

    def __init__(self, config: datadog) -> None:
        self._url = os.environ.get("DATADOG_HOST", API).rstrip("/") + "/api/v1/events"
        self._headers = {
            "Content-Type": "application/json",
            "DD-API-KEY": config.api_key,
            "DD-APPLICATION-KEY": config.app_key,
        }
        self._host = need("datadog.util.hostname", "datadog").get_hostname(True)
        self._courier: Courier[Event] = Courier(
            "Datadog's events", self._send, self._not_sent, capacity=EVENTS_WAITING, deadline=TIMEOUT
        )
        self._lost = 0
        self.post = self._courier.post

    def _send(self, events: list[Event]) -> None:
        from urllib.request import Request, urlopen

        for event in events:
            body = json.dumps(event._asdict() | {"host": self._host}).encode()
            urlopen(Request(self._url, body, self._headers), timeout=TIMEOUT).close()

    def _not_sent(self, error: BaseException, events: list[Event]) -> None:
        if self._courier.failed == len(events):
            logger.error("Datadog's API did not take an event (%s); others are tried, and logged no more", error)

    def close(self) -> None:
        """Wait for what is left, and say what did not get through."""
        self._courier.flush(TIMEOUT, TIMEOUT)
        lost = self._courier.lost - self._lost
        if lost:
            self._lost += lost
            logger.warning("Datadog's API has not got %d events", lost)


def _tags(task: TaskFacts) -> list[str]:
    return [_cut(f"{name}:{value}") for name, value in task.shown_params.items()]


def _cut(tag: str) -> str:
    """As long as Datadog takes it, in text that can be sent."""
    return tag[:LONGEST_TAG].encode("utf-8", "replace").decode()
