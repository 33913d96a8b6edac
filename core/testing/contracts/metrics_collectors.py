"""What every metrics collector must do, as a pytest class to subclass.

class TestMyCollector(MetricsCollectorContract):
    @pytest.fixture
    def collector(self):
        return MyCollector()

    @pytest.fixture
    def counted(self, collector):
        return lambda what, family: collector.counters[what, family]

    @pytest.fixture
    def exposed(self, collector):
        return lambda: collector.page()
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from luigi.scheduler.config import scheduler as scheduler_config
from luigi.telling import MetricsCollector, TaskFacts
from luigi.testing.contracts.contract import Contract, only_where
from luigi.testing.contracts.threads import in_another_thread

Counted = Callable[[str, str], float]

WHAT = ("started", "failed", "disabled", "done")

LOAD = TaskFacts(
    "Load_1_ab",
    "Load",
    {"day": "2024-05-01", "key": "t0p-h1dden"},
    hidden=("key",),
    status="RUNNING",
    worker_running="a worker",
    token=7,
    time_running=1000.0,
    updated=1030.0,
)

STRANGE = ('a"quoted"', "two\nlines", "Grüße 日本", "a|b:c@d#e,f", "{braces}", "back\\slash", " ", "x" * 500)


class MetricsCollectorContract(Contract):
    """Counting what happens to tasks, whatever they are called, and without giving away what is hidden."""

    accumulates = True  # False where figures are sent off one by one, and none are kept in this process
    many = 5_000
    """More families than the collector has series for."""

    @pytest.fixture
    def collector(self) -> MetricsCollector:
        """The collector to test; nothing is counted yet."""
        raise NotImplementedError("give a `collector` fixture")

    @pytest.fixture
    def counted(self) -> Counted:
        """A function that gives how often `what` (started, failed, disabled or done) was counted for a family."""
        raise NotImplementedError("give a `counted` fixture")

    @pytest.fixture
    def exposed(self) -> Callable[[], str]:
        """A function that gives all that monitors have got or can get, as text, a figure a line."""
        raise NotImplementedError("give an `exposed` fixture")

    def handle(self, collector: MetricsCollector, what: str, task: TaskFacts) -> None:
        """Tell the collector of one thing."""
        config: tuple[Any, ...] = (scheduler_config(),) if what == "disabled" else ()
        getattr(collector, f"handle_task_{what}")(task, *config)

    @pytest.mark.parametrize("what", WHAT)
    def test_each_thing_counts_once_and_as_nothing_else(
        self, collector: MetricsCollector, counted: Counted, what: str
    ) -> None:
        self.handle(collector, what, LOAD)
        assert {one: counted(one, "Load") for one in WHAT} == {one: int(one == what) for one in WHAT}

    def test_counts_add_up_by_family(self, collector: MetricsCollector, counted: Counted) -> None:
        for number in range(3):
            self.handle(collector, "started", LOAD._replace(id=f"Load_{number}", token=number))
        self.handle(collector, "started", LOAD._replace(id="Clean_1", family="Clean"))
        assert (counted("started", "Load"), counted("started", "Clean")) == (3, 1)

    @pytest.mark.parametrize("what", ["failed", "done"])
    def test_times_may_be_unknown_or_odd(self, collector: MetricsCollector, counted: Counted, what: str) -> None:
        self.handle(collector, what, LOAD._replace(time_running=None))  # found done, or failed when declared
        self.handle(collector, what, LOAD._replace(updated=990.0))  # the clock was set back
        assert counted(what, "Load") == 2

    def test_hidden_values_are_shown_to_nobody(self, collector: MetricsCollector, exposed: Callable[[], str]) -> None:
        for what in WHAT:
            self.handle(collector, what, LOAD._replace(expl="ValueError: sorry"))
        collector.handle_task_statistics(LOAD, {"memory": 1})
        assert "Load" in exposed()
        assert "t0p-h1dden" not in exposed()

    @pytest.mark.parametrize("text", STRANGE)
    def test_any_text_may_name_a_family(self, collector: MetricsCollector, counted: Counted, text: str) -> None:
        for what in WHAT:
            self.handle(collector, what, LOAD._replace(id=f"{text}_1", family=text, params={"p": text, text: "v"}))
        self.handle(collector, "done", LOAD)
        assert counted("done", "Load") == 1

    def test_a_task_that_was_forgotten_does_no_harm(self, collector: MetricsCollector, counted: Counted) -> None:
        for what in WHAT:
            self.handle(collector, what, TaskFacts("Gone_1_ab", ""))
        self.handle(collector, "done", LOAD)
        assert counted("done", "Load") == 1

    def test_statistics_of_any_shape_do_no_harm(self, collector: MetricsCollector, counted: Counted) -> None:
        for statistics in ({}, {"memory": 12.5, "cpu": 3, "rows": 0}, {"note": "text", "none": None, "of": [1]}):
            collector.handle_task_statistics(LOAD, statistics)
        self.handle(collector, "done", LOAD)
        assert counted("done", "Load") == 1

    @only_where(accumulates=True)
    def test_the_number_of_series_is_bounded(self, collector: MetricsCollector, exposed: Callable[[], str]) -> None:
        lines = []
        for first in (0, self.many):
            for number in range(first, first + self.many):
                self.handle(collector, "started", LOAD._replace(id=f"F{number}_1", family=f"F{number}"))
            lines.append(len(exposed().splitlines()))
        assert lines[1] < lines[0] + self.many / 10

    def test_any_thread_may_call(self, collector: MetricsCollector, counted: Counted) -> None:
        in_another_thread(lambda: self.handle(collector, "done", LOAD))
        self.handle(collector, "done", LOAD)
        assert counted("done", "Load") == 2
