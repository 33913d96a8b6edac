"""What a scheduler's server knows, on the command line: the same as its page says, in columns or as JSON."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

import luigi
from luigi.configuration import get_config
from luigi.interfaces import Report, TaskSpec
from luigi.rpc import RemoteScheduler


def page(server: Any, path: str) -> Any:
    """What the page would be told."""
    line = HTTPConnection("127.0.0.1", server.port, timeout=10)
    line.request("GET", f"/api/v1/{path}")
    return json.loads(line.getresponse().read())


# --- status --------------------------------------------------------------------------------------------------------


def test_status_tells_how_far_runs_are_and_what_failed(start_server: Any, kernel: Any) -> None:
    server = start_server()
    calm = kernel("status", "--scheduler-url", server.url)
    assert (calm.code, calm.out.splitlines()[1]) == (0, "no tasks")

    line = RemoteScheduler(server.url)
    line.add_worker("w", [("roots", ["Report_1"])])
    line.declare("w", [TaskSpec("Clean_1", "Clean"), TaskSpec("Report_1", "Report", deps=["Clean_1"])])
    (assignment,) = line.exchange("w", (), 1).assignments
    line.exchange("w", [Report("Clean_1", assignment.token, "FAILED", (), "Traceback\nOSError: it broke")], 0)
    said = kernel("status", "--scheduler-url", server.url)
    assert said.code == 1
    assert said.out.splitlines()[:3] == [
        f"http://127.0.0.1:{server.port}: 1 worker, 1 run under way",
        "1 FAILED, 1 PENDING",
        "1 task can only run once a failed or disabled one has: see kernel explain TASK",
    ]
    assert "Report_1     0   2       1  " in said.out
    assert said.out.splitlines()[-1].startswith("Clean_1      FAILED")
    assert said.out.splitlines()[-1].endswith("OSError: it broke")

    told = kernel("status", "--json", "--scheduler-url", server.url)
    assert told.code == 1
    counts = page(server, "counts")
    assert {name: told.json[name] for name in ("counts", "stopped", "paused")} == {
        name: counts[name] for name in ("counts", "stopped", "paused")
    }
    assert told.json["runs"] == page(server, "live-runs")["runs"]
    assert told.json["failures"] == page(server, "errors?limit=5")["tasks"]
    assert set(told.json) == {"scheduler", "paused", "counts", "stopped", "workers", "runs", "failures"}


# --- tasks, workers, resources -------------------------------------------------------------------------------------


def test_tasks_are_narrowed_as_on_the_page(server: Any, asking: Any, attempted: Any) -> None:
    attempted("lister", Lists_1="DONE", Lists_2="FAILED", Lists_3="RUNNING")
    said = asking("tasks", "--family", "Lists", "--sort", "name")
    assert said.code == 0
    assert [line.split()[:2] for line in said.out.splitlines()] == [
        ["TASK", "STATUS"],
        ["Lists_1", "DONE"],
        ["Lists_2", "FAILED"],
        ["Lists_3", "RUNNING"],
    ]
    told = asking("tasks", "--family", "Lists", "--status", "FAILED,RUNNING", "--search", "day=2", "--json").json
    assert told["tasks"] == page(server, "table?family=Lists&status=FAILED")["tasks"]
    assert told["total"] == 1
    assert asking("tasks", "--family", "Lists", "--run", "nobody").out == "no such tasks\n"


def test_many_tasks_are_told_window_by_window(asking: Any, scheduler: RemoteScheduler) -> None:
    scheduler.declare("many", [TaskSpec(f"Many_{number}", "Many") for number in range(230)])
    assert len(asking("tasks", "--family", "Many", "--limit", "0", "--json").json["tasks"]) == 230
    some = asking("tasks", "--family", "Many", "--limit", "120", "--json").json
    assert (len(some["tasks"]), some["total"]) == (120, 230)
    assert asking("tasks", "--family", "Many").out.endswith("230 tasks in all, 50 shown: --limit 0 shows all\n")


def test_a_status_there_is_not_is_told_with_those_there_are(asking: Any) -> None:
    said = asking("tasks", "--status", "FALED")
    assert said.code == 1
    assert "expected some of UNKNOWN, PENDING" in said.err


def test_workers_are_told_with_what_they_run(server: Any, asking: Any, attempted: Any) -> None:
    attempted("digger", Digs_1="RUNNING", Digs_2="RUNNING")
    said = asking("workers")
    assert said.code == 0
    row = next(line.split() for line in said.out.splitlines() if line.endswith("digger"))
    assert row[:4] == ["h", "ann", "2", "0"]
    told = asking("workers", "--json").json["workers"]
    assert [one["worker_id"] for one in told] == [one["worker_id"] for one in page(server, "workers")["workers"]]


def test_resources_are_shown_and_set(asking: Any, scheduler: RemoteScheduler) -> None:
    scheduler.declare("shared", [TaskSpec(f"Shares_{number}", "Shares", resources={"oven": 1}) for number in (1, 2)])
    scheduler.exchange("shared", (), 2)
    shown = asking("resources", "oven")
    assert [line.split() for line in shown.out.splitlines()[:2]] == [
        ["RESOURCE", "IN", "USE", "OF", "WAITING"],
        ["oven", "1", "1", "1"],
    ]
    assert "Shares_" in shown.out.splitlines()[4]
    assert asking("resources", "oven", "7").out == "oven: there are 7 of it now\n"
    assert asking("resources", "oven", "--json").json["resources"][0]["limit"] == 7
    near = asking("resources", "ovn")
    assert (near.code, near.err) == (
        1,
        "error: the scheduler knows no resource 'ovn'\nhint: did you mean oven?\n",
    )
    assert asking("resources", "oven", "9/hour").out == "oven: there are 9/hour of it now\n"
    assert asking("resources", "oven", "8").out == "oven: there are 8/hour of it now\n"
    assert asking("resources", "oven", "9/fortnight").code == 2
    assert asking("resources", "oven", "many").code == 2


def test_what_a_module_defines_needs_no_server(kernel: Any) -> None:
    shown = kernel("tasks", "show", f"{__name__}:OperatedLoad")
    assert (shown.code, "day" in shown.out) == (0, True)
    listed = kernel("tasks", "list", "--module", __name__)
    assert (listed.code, "OperatedLoad" in listed.out) == (0, True)


# --- explain, and what TASK may be ---------------------------------------------------------------------------------


class OperatedLoad(luigi.Task):
    """Nobody runs it: the tests declare it by its id."""

    day = luigi.Parameter()


def test_explain_says_what_the_page_says(server: Any, asking: Any, attempted: Any, scheduler: RemoteScheduler) -> None:
    attempted("explainer", Broken_1="FAILED")
    scheduler.declare("explainer", [TaskSpec("Waits_1", "Waits", params={"day": "1"}, deps=["Broken_1"])])
    said = asking("explain", "Waits_1")
    assert said.code == 1
    assert said.out.splitlines()[:2] == ["Waits(day=1): PENDING", "  Waits(day=1) waits for Broken(day=1)."]
    assert "OSError: it broke" in said.out
    assert said.out.splitlines()[-1] == "  What it printed: kernel logs Broken_1"
    told = asking("explain", "Waits_1", "--json").json
    assert told["steps"] == page(server, "tasks/Waits_1/explanation")["steps"]
    assert (told["task_id"], told["status"]) == ("Waits_1", "PENDING")


def test_what_will_run_or_is_done_is_no_trouble(asking: Any, attempted: Any, scheduler: RemoteScheduler) -> None:
    attempted("calm", Calm_1="DONE", Calm_2="RUNNING")
    scheduler.declare("calm", [TaskSpec("Calm_3", "Calm", deps=["Calm_2"])])
    assert [asking("explain", f"Calm_{number}").code for number in (1, 2, 3)] == [0, 0, 0]


def test_a_task_is_named_by_the_beginning_of_its_id(asking: Any, scheduler: RemoteScheduler) -> None:
    ids = ["Begins_2013_07_04_ab", "Begins_2013_07_05_cd", "Begins_2013_07", "BeginsOtherwise_1_ef"]
    scheduler.declare("namer", [TaskSpec(task_id, task_id.partition("_")[0]) for task_id in ids])
    named = {text: asking("explain", text, "--json") for text in ("Begins_2013_07_04", "Begins_2013_07", "BeginsO")}
    assert [one.json["task_id"] for one in named.values()] == [ids[0], ids[2], ids[3]]
    several = asking("explain", "Begins")
    assert several.code == 1
    assert several.err.startswith("error: the ids of 4 tasks begin with 'Begins'\nhint: write more of it: Begins")


def test_a_task_without_parameters_is_named_by_its_family(asking: Any, scheduler: RemoteScheduler) -> None:
    scheduler.declare("namer", [TaskSpec("Only__99", "Only"), TaskSpec("OnlyOther_1_a", "OnlyOther")])
    assert asking("explain", "Only", "--json").json["task_id"] == "Only__99"


def test_a_task_is_named_as_a_run_names_it(asking: Any, scheduler: RemoteScheduler) -> None:
    task = OperatedLoad(day="1")
    scheduler.declare("namer", [TaskSpec(task.task_id, "OperatedLoad")])
    for words in (["OperatedLoad", "--day", "1"], [f"{__name__}:OperatedLoad", "--day=1"]):
        assert asking("explain", "--json", *words).json["task_id"] == task.task_id
    assert asking("explain", "OperatedLoad", "--day", "2").code == 1


def test_the_nearest_task_is_named_where_there_is_none(asking: Any, scheduler: RemoteScheduler) -> None:
    scheduler.declare("namer", [TaskSpec("Nearby_1", "Nearby")])
    said = asking("explain", "Neerby_1")
    assert said.code == 1
    assert said.err.splitlines()[0] == "error: no task has the id 'Neerby_1'"
    assert "did you mean Nearby" in said.err


def test_behind_an_id_there_are_no_parameters(asking: Any, scheduler: RemoteScheduler) -> None:
    scheduler.declare("namer", [TaskSpec("Plain_1", "Plain")])
    said = asking("explain", "Plain_1", "--day", "3")
    assert (said.code, said.err.splitlines()[0]) == (2, "error: unknown option --day")


def test_no_task_is_a_command_line_that_cannot_be_read(asking: Any) -> None:
    said = asking("explain")
    assert (said.code, said.err.splitlines()[0]) == (2, "error: no task is named")


# --- who may, and where it is --------------------------------------------------------------------------------------


def test_a_server_that_is_not_there_is_a_sentence_with_a_hint(kernel: Any) -> None:
    said = kernel("status", "--scheduler-url", "http://127.0.0.1:9/")
    assert said.code == 1
    assert said.err == (
        "error: the scheduler at http://127.0.0.1:9 cannot be reached: Connection refused\n"
        "hint: start one with `kernel serve`, or say where it is: --scheduler-url, or [core] scheduler_url\n"
    )


def test_the_configuration_says_where_it_is(server: Any, kernel: Any) -> None:
    get_config().set("core", "scheduler_url", server.url)
    try:
        said = kernel("status")
    finally:
        get_config().remove_option("core", "scheduler_url")
    assert said.out.startswith(f"http://127.0.0.1:{server.port}: ")


def test_tokens_say_what_one_may(start_server: Any, kernel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    server = start_server(tokens=True)
    nobody = kernel("status", "--scheduler-url", server.url)
    assert nobody.code == 1
    assert nobody.err.startswith(
        f"error: the scheduler at http://127.0.0.1:{server.port} does not know who calls\nhint: "
    )
    assert "LUIGI_SCHEDULER_TOKEN" in nobody.err

    monkeypatch.setenv("LUIGI_SCHEDULER_TOKEN", server.tokens["viewer"])
    assert kernel("status", "--scheduler-url", server.url).code == 0
    refused = kernel("pause", "--scheduler-url", server.url)
    assert refused.code == 1
    assert refused.err.splitlines() == [
        f"error: the scheduler at http://127.0.0.1:{server.port} does not let you do this",
        "hint: your role is viewer; orders need the role operator",
    ]
    paused = kernel("pause", "--scheduler-url", server.url_as("operator"))
    assert (paused.code, paused.out) == (0, "paused: nothing more is handed out\n")
    assert server.tokens["viewer"] not in refused.err + nobody.err


class Elsewhere(BaseHTTPRequestHandler):
    """A server that is no scheduler's."""

    def do_GET(self) -> None:
        self.send_error(404)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """Its address."""
    with HTTPServer(("127.0.0.1", 0), Elsewhere) as found:
        thread = threading.Thread(target=found.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{found.server_port}"
        found.shutdown()
        thread.join()


def test_what_is_no_scheduler_is_said_to_be_none(kernel: Any, elsewhere: str) -> None:
    said = kernel("status", "--scheduler-url", elsewhere)
    assert (said.code, said.err.splitlines()[0]) == (1, f"error: what answers at {elsewhere} is no `kernel serve`")


def test_names_cannot_steer_the_terminal(asking: Any, scheduler: RemoteScheduler) -> None:
    scheduler.declare("artist", [TaskSpec("Steers_1", "Steers", params={"day": "\x1b[2J\nTASK"})])
    said = asking("tasks", "--family", "Steers")
    assert "\x1b" not in said.out
    assert len(said.out.splitlines()) == 2
