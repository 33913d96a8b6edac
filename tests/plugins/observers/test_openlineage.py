"""Lineage events as a server gets them: valid, a beginning and an end of each run and attempt, under every executor."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from luigi.clock import SYSTEM
from luigi.errors import ConfigurationError, MissingExtra
from luigi.plugin_manager import PluginManager
from luigi.plugins.observers import openlineage
from luigi.testing.contracts import ObserverContract, PluginContract
from luigi.testing.http_sink import HttpSink

if TYPE_CHECKING:
    from tests.plugins.observers.conftest import Pipeline

KITCHEN = """
import os, sys
import luigi
from luigi.parameter import ParameterVisibility

class Writes(luigi.Task):
    def output(self):
        return luigi.LocalTarget(self.get_task_family() + ".txt")
    def run(self):
        with self.output().open("w") as out:
            out.write(os.environ["OPENLINEAGE_PARENT_ID"])

class Flour(Writes):
    pass

class Salt(Writes):
    pass

class Dough(Writes):
    secret = luigi.Parameter("hunter22", visibility=ParameterVisibility.PRIVATE)
    def requires(self):
        return {"flour": Flour()}
    def output(self):
        return [luigi.LocalTarget("Dough.txt"), luigi.LocalTarget("keys/" + self.secret)]
    def run(self):
        if not os.path.exists("tried"):
            open("tried", "w").close()
            raise OSError("the yeast is dead, said " + self.secret)
        for target in self.output():
            with target.open("w") as out:
                out.write(os.environ["OPENLINEAGE_PARENT_ID"])

class Bread(Writes):
    def requires(self):
        return Dough()
    def run(self):
        yield Salt()
        super().run()

class Waits(luigi.WrapperTask):
    def requires(self):
        return Bread()

if __name__ == "__main__":
    root = globals()[os.environ.get("ROOT", "Bread")]()
    sys.exit(not luigi.build([root], local_scheduler=True, workers=int(os.environ.get("N", 1)), log_level="WARNING"))
"""

CONFIG = """
[core]
observers = openlineage
[scheduler]
retry_delay = 0
[worker]
keep_alive = true
wait_interval = 0.1
wait_jitter = 0
[processes]
start_method = {start}
[openlineage]
"""

Event = dict[str, Any]


def config(start: str = "fork", **options: object) -> str:
    return CONFIG.format(start=start) + "".join(f"{name} = {value}\n" for name, value in options.items())


def checked(events: list[Event]) -> list[Event]:
    """The events, which are all valid."""
    from tests.plugins.observers.openlineage_schema import schema

    validator = jsonschema.Draft202012Validator(schema(), format_checker=jsonschema.FormatChecker())
    for event in events:
        validator.validate(event)
    return events


def of_job(events: list[Event], name: str) -> list[Event]:
    return [event for event in events if event["job"]["name"] == name]


def kinds(events: list[Event]) -> list[str]:
    return [event["eventType"] for event in events]


def names(datasets: list[dict[str, str]], folder: Path) -> list[str]:
    assert {one["namespace"] for one in datasets} <= {"file"}
    return [one["name"].removeprefix(f"{folder}/") for one in datasets]


@pytest.mark.parametrize(("workers", "start"), [(1, "fork"), (2, "fork"), (2, "spawn")])
def test_runs_and_attempts(pipeline: Pipeline, tmp_path: Path, workers: int, start: str) -> None:
    with HttpSink() as sink:
        ran = pipeline(KITCHEN, config(start, url=sink.url, namespace="bakery"), N=str(workers))
        events = checked([request.json() for request in sink.requests])
        assert {request.path for request in sink.requests} == {"/api/v1/lineage"}
    assert "plugin openlineage" not in ran.stderr
    assert {event["job"]["namespace"] for event in events} == {"bakery"}
    run = of_job(events, "run.Bread")
    assert (run[0], run[-1]) == (events[0], events[-1])
    assert kinds(run) == ["START", "COMPLETE"]
    assert len({event["run"]["runId"] for event in run}) == 1
    for event in events[1:-1]:
        parent = event["run"]["facets"]["parent"]
        assert (parent["run"]["runId"], parent["job"]["name"]) == (run[0]["run"]["runId"], "run.Bread")
    flour, salt, dough, bread = (of_job(events, family) for family in ("Flour", "Salt", "Dough", "Bread"))
    assert [kinds(one) for one in (flour, salt, bread)] == [["START", "COMPLETE"]] * 3
    assert kinds(dough) == ["START", "FAIL", "START", "COMPLETE"]
    ids = [event["run"]["runId"] for event in dough]
    assert (ids[0], ids[2]) == (ids[1], ids[3])
    assert ids[0] != ids[2]
    for family, last in (("Flour", flour), ("Salt", salt), ("Dough", dough), ("Bread", bread)):
        told = (tmp_path / f"{family}.txt").read_text()  # what a task starts knows its attempt, also after a wait
        assert told == f"bakery/{family}/{last[-1]['run']['runId']}"


@pytest.mark.parametrize("workers", [1, 2])
def test_inputs_outputs_and_errors(pipeline: Pipeline, tmp_path: Path, workers: int) -> None:
    pipeline(KITCHEN, config(file="events.jsonl"), ROOT="Waits", N=str(workers))
    text = (tmp_path / "events.jsonl").read_text()
    events = checked([json.loads(line) for line in text.splitlines()])
    last = {name: of_job(events, name)[-1] for name in ("Flour", "Dough", "Bread", "Waits")}
    assert {name: names(event["outputs"], tmp_path) for name, event in last.items()} == {
        "Flour": ["Flour.txt"],
        "Dough": ["Dough.txt", "keys/***"],
        "Bread": ["Bread.txt"],
        "Waits": [],
    }
    assert {name: names(event["inputs"], tmp_path) for name, event in last.items()} == {
        "Flour": [],
        "Dough": ["Flour.txt"],
        "Bread": ["Dough.txt", "keys/***", "Salt.txt"],  # with what it yielded
        "Waits": ["Bread.txt"],
    }
    (failed,) = [event for event in events if event["eventType"] == "FAIL"]
    error = failed["run"]["facets"]["errorMessage"]
    assert error["message"] == "OSError: the yeast is dead, said ***"
    assert "Traceback" in error["stackTrace"]
    assert "hunter22" not in text
    assert of_job(events, "run.Waits")[0]["job"]["namespace"] == "luigi"


def test_a_killed_attempt_and_a_failed_run(pipeline: Pipeline, tmp_path: Path) -> None:
    program = KITCHEN.replace(
        "class Waits", "class Doomed(Writes):\n    def run(self):\n        os.kill(os.getpid(), 9)\n\nclass Waits"
    )
    settings = config(file="events.jsonl").replace("keep_alive = true", "keep_alive = false")
    pipeline(program, settings, ROOT="Doomed", N="2")
    events = checked([json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()])
    assert kinds(of_job(events, "Doomed")) == ["START", "FAIL"]
    assert kinds(of_job(events, "run.Doomed")) == ["START", "FAIL"]


def test_a_run_inside_of_another_job(pipeline: Pipeline, tmp_path: Path) -> None:
    outer = "3f5e83fa-3480-44ff-99c5-ff943904e5e8"
    settings = config(file="events.jsonl")
    pipeline(
        KITCHEN, settings, ROOT="Flour", OPENLINEAGE_PARENT_ID=f"http://ns/dag/{outer}", OPENLINEAGE_NAMESPACE="ours"
    )
    events = checked([json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()])
    parent = of_job(events, "run.Flour")[0]["run"]["facets"]["parent"]
    assert parent["run"]["runId"] == outer
    assert (parent["job"]["namespace"], parent["job"]["name"]) == ("http://ns", "dag")
    assert {event["job"]["namespace"] for event in events} == {"ours"}


def test_a_parent_that_makes_no_sense(pipeline: Pipeline, tmp_path: Path) -> None:
    ran = pipeline(KITCHEN, config(file="events.jsonl"), ROOT="Flour", OPENLINEAGE_PARENT_ID="ns/dag/17")
    events = checked([json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()])
    assert "parent" not in events[0]["run"]["facets"]
    assert "OPENLINEAGE_PARENT_ID is not namespace/name/run id" in ran.stderr


def test_a_server_that_is_away_for_a_moment(pipeline: Pipeline) -> None:
    with HttpSink() as sink:
        take = sink.take

        def recovering(request: Any) -> None:
            take(request)
            sink.status = 503 if len(sink.requests) == 1 else 200

        sink.take = recovering  # type: ignore[method-assign]
        ran = pipeline(KITCHEN, config(url=sink.url), ROOT="Flour")
        kept = [request.json() for request in sink.requests]
    assert kinds(kept[1:]) == ["START", "START", "COMPLETE", "COMPLETE"]
    assert kept[0] == kept[1]
    assert "did not get through" not in ran.stderr


@pytest.mark.parametrize("status", [400, 500])
def test_a_server_that_refuses(pipeline: Pipeline, status: int) -> None:
    with HttpSink(status=status) as sink:
        ran = pipeline(KITCHEN, config(url=sink.url), ROOT="Flour")
        tries = len(sink.requests)
    assert ran.returncode == 0
    assert "openlineage: 4 events did not get through" in ran.stderr
    assert str(status) in ran.stderr
    assert tries >= (4 if status == 400 else 3)  # what may pass is tried again, until the server counts as gone


def test_a_server_that_never_answers_changes_nothing(pipeline: Pipeline) -> None:
    with HttpSink() as sink:
        sink.answering.clear()
        began = SYSTEM.monotonic()
        ran = pipeline(KITCHEN, config(url=sink.url, timeout=0.5, deadline=2.0), ROOT="Flour")
        took = SYSTEM.monotonic() - began
    assert ran.returncode == 0
    assert ran.stderr.count("\n") == 1
    assert "openlineage: 4 events did not get through" in ran.stderr
    assert took < 10


def test_the_key_is_sent_and_shown_nowhere(pipeline: Pipeline) -> None:
    with HttpSink(status=403) as sink:
        ran = pipeline(KITCHEN, config(url=sink.url, api_key="s3cret"), ROOT="Flour")
        assert {request.headers["authorization"] for request in sink.requests} == {"Bearer s3cret"}
    assert "s3cret" not in ran.stderr


def test_nothing_says_where_events_go(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(ConfigurationError) as raised:
        PluginManager.with_installed().make("observers", "openlineage")
    assert "url" in raised.value.hint


def test_the_clients_own_configuration_counts(pipeline: Pipeline) -> None:
    with HttpSink() as sink:
        pipeline(KITCHEN, config(), ROOT="Flour", OPENLINEAGE_URL=sink.url)
        assert kinds([request.json() for request in sink.requests]) == ["START", "START", "COMPLETE", "COMPLETE"]


def test_outputs_that_cannot_be_asked_for(pipeline: Pipeline, tmp_path: Path) -> None:
    odd = """
class Odd(luigi.Task):
    done = False
    def output(self):
        import threading
        if threading.current_thread() is not threading.main_thread():
            raise ValueError("not here")
        return []
    def complete(self):
        return self.done
    def run(self):
        self.done = True

class Waits("""  # fmt: skip
    ran = pipeline(KITCHEN.replace("\nclass Waits(", odd), config(file="events.jsonl"), ROOT="Odd")
    events = checked([json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()])
    assert kinds(events) == ["START", "START", "COMPLETE", "COMPLETE"]
    assert ran.stderr.count("openlineage: what Odd writes cannot be told: ValueError('not here')") == 1


def test_openlineage_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openlineage.client", None)
    with pytest.raises(MissingExtra) as raised:
        PluginManager.with_installed().make("observers", "openlineage")
    assert raised.value.hint == 'pip install "luigi-kernel[openlineage]"'


def test_the_check_of_openlineage(tmp_path: Path) -> None:
    (provider,) = openlineage.luigi_observers()
    assert provider.check is not None
    with HttpSink() as sink:
        assert provider.check(openlineage.Settings(url=sink.url)) == f"127.0.0.1:{sink.port} takes connections"
        assert not sink.requests
    with pytest.raises(OSError):
        provider.check(openlineage.Settings(url=sink.url))
    file = tmp_path / "events.jsonl"
    assert provider.check(openlineage.Settings(file=str(file))) == f"{file} can be written"
    assert file.read_text() == ""
    with pytest.raises(OSError):
        provider.check(openlineage.Settings(file=str(tmp_path)))


class TestOpenLineagePlugin(PluginContract):
    """What the module offers."""

    plugin = openlineage


class TestOpenLineageObserver(ObserverContract):
    """What its provider makes, with a server that takes everything."""

    @pytest.fixture
    def plugin(self) -> Iterator[object]:
        """One observer for several runs."""
        (provider,) = openlineage.luigi_observers()
        with HttpSink() as sink:
            yield provider.factory(openlineage.Settings(url=sink.url))
            assert checked([request.json() for request in sink.requests])
