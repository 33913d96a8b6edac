"""Figures for StatsD: one datagram each, in names that keep their parts, from any task."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

import luigi
from luigi.plugins.metrics import statsd as plugin
from luigi.plugins.metrics.statsd import Settings, StatsdCollector, check
from luigi.scheduler.config import scheduler as scheduler_config
from luigi.telling import TaskFacts
from luigi.testing.contracts.metrics_collectors import MetricsCollectorContract
from luigi.testing.contracts.plugins import PluginContract
from luigi.testing.udp_sink import UdpSink

LOAD = TaskFacts("Load_1", "Load", time_running=1000.0, updated=1001.5)


class TestStatsdPlugin(PluginContract):
    plugin = plugin


class TestStatsdCollector(MetricsCollectorContract):
    accumulates = False

    @pytest.fixture
    def collector(self, datagrams: UdpSink) -> StatsdCollector:
        return StatsdCollector(Settings(port=datagrams.port))

    @pytest.fixture
    def counted(self, datagrams: UdpSink) -> Callable[[str, str], float]:
        return lambda what, family: datagrams.lines().count(f"luigi.task.{what}.{family}:1|c")

    @pytest.fixture
    def exposed(self, datagrams: UdpSink) -> Callable[[], str]:
        return lambda: "\n".join(datagrams.lines())

    @pytest.fixture(autouse=True)
    def only_figures(self, datagrams: UdpSink) -> Any:
        """Whatever a test sends is something that StatsD reads."""
        yield
        assert not [line for line in datagrams.lines() if not re.fullmatch(r"[\w.-]+:-?[\d.]+\|(c|ms|g)", line, re.A)]


def test_each_figure_has_its_name(datagrams: UdpSink) -> None:
    collector = StatsdCollector(Settings(port=datagrams.port))
    collector.handle_task_started(LOAD)
    collector.handle_task_failed(LOAD)
    collector.handle_task_disabled(LOAD, scheduler_config())
    collector.handle_task_done(LOAD)
    collector.handle_task_done(LOAD._replace(time_running=None))
    assert datagrams.lines() == [
        "luigi.task.started.Load:1|c",
        "luigi.task.failed.Load:1|c",
        "luigi.task.disabled.Load:1|c",
        "luigi.task.done.Load:1|c",
        "luigi.task.execution_time.Load:1500|ms",
        "luigi.task.done.Load:1|c",
    ]


def test_numbers_among_statistics_are_gauges(datagrams: UdpSink) -> None:
    collector = StatsdCollector(Settings(port=datagrams.port))
    collector.handle_task_statistics(
        LOAD, {"rows": 12, "cpu.user": 1.5, "drift": -3, "note": "x", "nan": float("nan"), "yes": True}
    )
    assert datagrams.lines() == [
        "luigi.task.statistics.rows.Load:12|g",
        "luigi.task.statistics.cpu_user.Load:1.5|g",
        "luigi.task.statistics.drift.Load:0|g",
        "luigi.task.statistics.drift.Load:-3|g",
    ]


@pytest.mark.parametrize(
    ("prefix", "name"),
    [("luigi", "luigi.task.done"), ("", "task.done"), ("data.prod", "data.prod.task.done"), ("x.", "x.task.done")],
)
def test_the_prefix_goes_before_all_names(datagrams: UdpSink, prefix: str, name: str) -> None:
    StatsdCollector(Settings(port=datagrams.port, prefix=prefix)).handle_task_done(LOAD._replace(time_running=None))
    assert datagrams.lines() == [f"{name}.Load:1|c"]


def test_a_namespace_is_no_part_of_its_own(datagrams: UdpSink) -> None:
    StatsdCollector(Settings(port=datagrams.port)).handle_task_started(LOAD._replace(family="my.pipe:Load|x"))
    assert datagrams.lines() == ["luigi.task.started.my_pipe_Load_x:1|c"]


def test_families_are_bounded(datagrams: UdpSink) -> None:
    collector = StatsdCollector(Settings(port=datagrams.port, max_families=3))
    for number in range(10):
        collector.handle_task_started(LOAD._replace(family=f"F{number}"))
    for number in range(10):
        collector.handle_task_statistics(LOAD, {f"s{number}": number})
    lines = datagrams.lines()
    assert lines.count("luigi.task.started.other:1|c") == 7
    assert lines.count("luigi.task.statistics.s2.other:2|g") == 1
    assert lines.count("luigi.task.statistics.other.other:9|g") == 1


def test_nobody_who_listens_is_an_error_and_the_next_figure_is_tried() -> None:
    with UdpSink() as sink:
        port = sink.port
    collector = StatsdCollector(Settings(port=port))
    with pytest.raises(ConnectionRefusedError):
        for _ in range(100):
            collector.handle_task_started(LOAD)
    with UdpSink(port) as sink:
        collector.handle_task_failed(LOAD)
        assert sink.lines() == ["luigi.task.failed.Load:1|c"]


def test_a_host_that_nobody_knows_is_an_error() -> None:
    collector = StatsdCollector(Settings(host="nobody.invalid"))
    with pytest.raises(OSError):
        collector.handle_task_started(LOAD)


def test_after_it_was_closed_it_opens_again(datagrams: UdpSink) -> None:
    collector = StatsdCollector(Settings(port=datagrams.port))
    collector.close()
    collector.handle_task_started(LOAD)
    collector.close()
    collector.handle_task_failed(LOAD)
    assert len(datagrams.lines()) == 2


def test_a_run_sends_them(datagrams: UdpSink, luigi_config: Callable[..., None]) -> None:
    class Sent(luigi.Task):
        number = luigi.IntParameter()
        done = False

        def complete(self) -> bool:
            return self.done

        def run(self) -> None:
            self.done = True

    luigi_config("scheduler", metrics_collector="statsd")
    luigi_config("statsd", port=datagrams.port, prefix="etl")
    assert luigi.build([Sent(number) for number in range(20)], local_scheduler=True, log_level="CRITICAL")
    lines = datagrams.lines()
    assert lines.count("etl.task.started.Sent:1|c") == 20
    assert lines.count("etl.task.done.Sent:1|c") == 20
    assert len([line for line in lines if line.startswith("etl.task.execution_time.Sent:")]) == 20


def test_a_run_goes_well_when_nobody_listens(
    luigi_config: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    class Unheard(luigi.Task):
        number = luigi.IntParameter()
        done = False

        def complete(self) -> bool:
            return self.done

        def run(self) -> None:
            self.done = True

    luigi_config("scheduler", metrics_collector="statsd")
    luigi_config("statsd", port=9)
    assert luigi.build([Unheard(number) for number in range(20)], local_scheduler=True, log_level="CRITICAL")
    assert caplog.text.count("metrics collector statsd: handle_task_") == 1
    assert re.search(r"metrics collector statsd has not got \d+ of the run's figures", caplog.text)


def test_the_check_says_where_figures_go() -> None:
    assert check(Settings(port=1234)) == "figures go to 127.0.0.1 port 1234"
    with pytest.raises(OSError):
        check(Settings(host="nobody.invalid"))
