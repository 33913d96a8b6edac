"""Traces as a collector gets them: one of each run, the same under every executor."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from luigi.clock import SYSTEM
from luigi.errors import MissingExtra
from luigi.plugin_manager import PluginManager
from luigi.plugins.observers import otel
from luigi.testing.contracts import ObserverContract, PluginContract
from luigi.testing.http_sink import HttpSink
from luigi.testing.ports import free_port

if TYPE_CHECKING:
    from tests.plugins.observers.conftest import Collector, Pipeline, Sent

HEAD = """
import os, subprocess, sys
import luigi
from luigi.parameter import ParameterVisibility

class Once(luigi.Task):
    def complete(self):
        return os.path.exists(self.task_id)
    def done(self):
        subprocess.run(["sh", "-c", 'echo "$TRACEPARENT" > ' + self.task_id], check=True)
    def run(self):
        self.done()
"""

MAIN = """
if __name__ == "__main__":
    from luigi.scheduler import Scheduler
    sys.exit(not luigi.build([{root}], local_scheduler=True, workers=int(os.environ.get("N", 1)), log_level="WARNING"))
"""

BREAKFAST = (
    HEAD
    + """
class Flour(Once):
    pass

class Dough(Once):
    grams = luigi.IntParameter(500)
    secret = luigi.Parameter("hunter22", visibility=ParameterVisibility.PRIVATE)
    shy = luigi.Parameter("blush", visibility=ParameterVisibility.HIDDEN)
    def requires(self):
        return Flour()
    def run(self):
        if not os.path.exists("tried"):
            open("tried", "w").close()
            raise OSError("the yeast is dead, said " + self.secret)
        self.done()

class Salt(Once):
    pass

class Bread(Once):
    def requires(self):
        return Dough()
    def run(self):
        yield Salt()
        self.done()
"""
)

CONFIG = """
[core]
observers = otel
[scheduler]
retry_delay = 0
[worker]
keep_alive = true
wait_interval = 0.1
wait_jitter = 0
[processes]
start_method = {start}
[otel]
service_name = bakery
"""


def config(endpoint: str, start: str = "fork", **options: object) -> str:
    lines = [f"{name} = {value}\n" for name, value in {"endpoint": endpoint, **options}.items()]
    return CONFIG.format(start=start) + "".join(lines)


def one(spans: list[Sent], name: str) -> Sent:
    (found,) = [span for span in spans if span.name == name]
    return found


@pytest.mark.service("rotel")
@pytest.mark.parametrize(("workers", "start"), [(1, "fork"), (2, "fork"), (2, "spawn"), (2, "forkserver")])
def test_run_tasks_and_attempts(
    rotel_service: Collector, pipeline: Pipeline, tmp_path: Path, workers: int, start: str
) -> None:
    ran = pipeline(BREAKFAST + MAIN.format(root="Bread()"), config(rotel_service.endpoint, start), N=str(workers))
    assert "plugin otel" not in ran.stderr
    assert (ran.returncode, (tmp_path / "tried").exists()) == (1, True)  # one attempt has failed
    spans = rotel_service.spans(1 + 4 + 5)
    by_id = {span.span_id: span for span in spans}
    run = one(spans, "run")
    assert (len({span.trace_id for span in spans}), run.parent_id) == (1, "")
    tasks = [one(spans, name) for name in ("Flour", "Dough", "Salt", "Bread")]
    assert {by_id[task.parent_id].name for task in tasks} == {"run"}
    attempts = [span for span in spans if span.name.endswith(" attempt")]
    assert sorted(f"{by_id[attempt.parent_id].name} attempt" for attempt in attempts) == sorted(
        attempt.name for attempt in attempts
    )
    assert all(by_id[span.parent_id].start <= span.start <= span.end <= by_id[span.parent_id].end
               for span in spans if span is not run)  # fmt: skip
    for task in tasks:  # what a task started knows its attempt, also after a wait
        _, trace_id, span_id, flags = (tmp_path / task.facts["luigi.task.id"]).read_text().strip().split("-")
        assert (trace_id, by_id[span_id].parent_id, flags) == (run.trace_id, task.span_id, "01")


@pytest.mark.service("rotel")
@pytest.mark.parametrize("workers", [1, 2])
def test_what_spans_say(rotel_service: Collector, pipeline: Pipeline, workers: int) -> None:
    pipeline(BREAKFAST + MAIN.format(root="Dough()"), config(rotel_service.endpoint), N=str(workers))
    spans = rotel_service.spans(1 + 2 + 3)
    run, dough = one(spans, "run"), one(spans, "Dough")
    assert run.resource["service.name"] == "bakery"
    assert run.facts["luigi.run.tasks.done"] == 2
    assert run.facts["luigi.run.roots"] == [dough.facts["luigi.task.id"]]
    assert run.error is None
    assert (dough.facts["luigi.task.family"], dough.facts["luigi.task.attempts"], dough.error) == ("Dough", 2, None)
    assert {key: value for key, value in dough.facts.items() if "parameter" in key} == {
        "luigi.task.parameter.grams": "500"
    }
    first, second = sorted((span for span in spans if span.name == "Dough attempt"), key=lambda span: span.start)
    assert (first.facts["luigi.attempt.number"], second.facts["luigi.attempt.number"]) == (1, 2)
    assert (first.error, second.error) == ("OSError: the yeast is dead, said ***", None)
    (failure,) = first.events
    assert failure["exception.message"] == first.error
    assert "Traceback" in failure["exception.stacktrace"]
    assert "hunter22" not in repr(spans)
    assert "blush" not in repr(spans)


@pytest.mark.service("rotel")
def test_a_killed_attempt_is_told(rotel_service: Collector, pipeline: Pipeline) -> None:
    program = HEAD + """
class Doomed(luigi.Task):
    def run(self):
        os.kill(os.getpid(), 9)
"""  # fmt: skip
    settings = config(rotel_service.endpoint).replace("keep_alive = true", "keep_alive = false")
    ran = pipeline(program + MAIN.format(root="Doomed()"), settings, N="2")
    assert ran.returncode == 1
    spans = rotel_service.spans(3)
    attempt = one(spans, "Doomed attempt")
    assert attempt.error is not None
    assert "signal 9" in attempt.error or "SIGKILL" in attempt.error
    assert one(spans, "Doomed").error == "it did not succeed in this run"
    assert one(spans, "run").error == "1 tasks failed"


@pytest.mark.service("rotel")
@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_inside_of_a_span_and_a_run_inside_of_a_task(
    rotel_service: Collector, pipeline: Pipeline, workers: int
) -> None:
    program = HEAD + """
class Inner(Once):
    pass

class Outer(Once):
    def run(self):
        luigi.build([Inner()], local_scheduler=True, log_level="WARNING")
        self.done()
"""  # fmt: skip
    outer = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    pipeline(program + MAIN.format(root="Outer()"), config(rotel_service.endpoint), TRACEPARENT=outer, N=str(workers))
    spans = rotel_service.spans(6)
    assert {span.trace_id for span in spans} == {"4bf92f3577b34da6a3ce929d0e0e4736"}
    inside, around = sorted((span for span in spans if span.name == "run"), key=lambda span: -span.start)
    assert around.parent_id == "00f067aa0ba902b7"
    assert inside.parent_id == one(spans, "Outer attempt").span_id


@pytest.mark.service("rotel")
@pytest.mark.parametrize("workers", [1, 2])
def test_spans_of_the_task_itself_are_inside_its_attempt(
    rotel_service: Collector, pipeline: Pipeline, workers: int
) -> None:
    program = HEAD + """
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

class AsksTraced(Once):
    def run(self):
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(OTLPSpanExporter(os.environ["TO"] + "/v1/traces")))
        with provider.get_tracer("mine").start_as_current_span("query"):
            self.done()
"""  # fmt: skip
    pipeline(
        program + MAIN.format(root="AsksTraced()"),
        config(rotel_service.endpoint),
        TO=rotel_service.endpoint,
        N=str(workers),
    )
    spans = rotel_service.spans(4)
    assert one(spans, "query").parent_id == one(spans, "AsksTraced attempt").span_id
    assert one(spans, "query").trace_id == one(spans, "run").trace_id


@pytest.mark.service("rotel")
def test_a_run_that_is_not_sampled(rotel_service: Collector, pipeline: Pipeline, tmp_path: Path) -> None:
    program = BREAKFAST + MAIN.format(root="Flour()")
    pipeline(program, config(rotel_service.endpoint), OTEL_TRACES_SAMPLER="always_off", N="2")
    assert rotel_service.spans(0) == []
    (said,) = [path.read_text().strip() for path in tmp_path.glob("Flour_*")]
    assert said.startswith("00-")
    assert said.endswith("-00")


@pytest.mark.service("rotel")
def test_what_cannot_be_written_as_utf8_takes_nothing_with_it(rotel_service: Collector, pipeline: Pipeline) -> None:
    program = HEAD + """
class Odd(Once):
    text = luigi.Parameter("half \\ud800 a pair, and a \\x00")
"""  # fmt: skip
    pipeline(program + MAIN.format(root="Odd()"), config(rotel_service.endpoint))
    odd = one(rotel_service.spans(3), "Odd")
    assert odd.facts["luigi.task.parameter.text"] == "half \\ud800 a pair, and a \x00"


def test_a_collector_that_never_answers_changes_nothing(pipeline: Pipeline) -> None:
    with HttpSink(body=b"") as sink:
        sink.answering.clear()
        began = SYSTEM.monotonic()
        ran = pipeline(BREAKFAST + MAIN.format(root="Salt()"), config(sink.url, timeout=1.0, deadline=2.0))
        took = SYSTEM.monotonic() - began
    assert ran.returncode == 0
    assert "otel: 3 spans did not get to http://127.0.0.1:" in ran.stderr
    assert ran.stderr.count("\n") == 1  # the tries are not told one by one
    assert took < 10


def test_nobody_listens(pipeline: Pipeline) -> None:
    settings = config(f"http://127.0.0.1:{free_port()}", timeout=0.5)
    ran = pipeline(BREAKFAST + MAIN.format(root="Salt()"), settings)
    assert ran.returncode == 0
    assert "otel: 3 spans did not get to" in ran.stderr


def test_headers_are_sent_and_secret(pipeline: Pipeline) -> None:
    with HttpSink(body=b"") as sink:
        settings = config(sink.url, headers="api-key=s3cret, tenant=bakery")
        ran = pipeline(BREAKFAST + MAIN.format(root="Salt()"), settings)
        sent = sink.requests
    assert ran.returncode == 0, ran.stderr
    assert {(request.headers["api-key"], request.headers["tenant"]) for request in sent} == {("s3cret", "bakery")}
    assert {request.path for request in sent} == {"/v1/traces"}


def test_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(MissingExtra) as raised:
        PluginManager.with_installed().make("observers", "otel")
    assert raised.value.hint == 'pip install "luigi-kernel[otel]"'


class TestOtelPlugin(PluginContract):
    """What the module offers."""

    plugin = otel


class TestOtelObserver(ObserverContract):
    """What its provider makes, with a collector that takes everything."""

    @pytest.fixture
    def plugin(self) -> Iterator[object]:
        """One observer for several runs."""
        (provider,) = otel.luigi_observers()
        with HttpSink(body=b"") as sink:
            yield provider.factory(otel.Settings(endpoint=sink.url))
            assert sink.requests


def test_the_check_connects_and_sends_nothing() -> None:
    (provider,) = otel.luigi_observers()
    assert provider.check is not None
    with HttpSink(body=b"") as sink:
        assert provider.check(otel.Settings(endpoint=sink.url)) == f"127.0.0.1:{sink.port} takes connections"
        assert not sink.requests
    with pytest.raises(OSError):
        provider.check(otel.Settings(endpoint=sink.url))


def test_where_spans_go(monkeypatch: pytest.MonkeyPatch) -> None:
    from luigi.plugins.observers.otel.sending import address

    for name in [name for name in os.environ if name.startswith("OTEL")]:
        monkeypatch.delenv(name)
    assert address(otel.Settings()) == "http://localhost:4318/v1/traces"
    assert address(otel.Settings(endpoint="https://c/")) == "https://c/v1/traces"
    assert address(otel.Settings(endpoint="https://c/of/ours")) == "https://c/of/ours"
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://e:1/base")
    assert address(otel.Settings()) == "http://e:1/base/v1/traces"
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://t:1/whole")
    assert address(otel.Settings()) == "http://t:1/whole"
