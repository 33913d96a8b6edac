"""What happens now, and happened lately: attempts, runs that are under way, how many ended when."""

from __future__ import annotations

from typing import Any

from luigi.interfaces import Report, TaskSpec
from luigi.scheduler import Scheduler
from luigi.testing import FakeClock


def run(scheduler: Scheduler, task_id: str, status: str, worker: str = "v") -> None:
    scheduler.declare(worker, [TaskSpec(task_id, "T")])
    (given,) = scheduler.exchange(worker, (), 1).assignments
    scheduler.exchange(worker, [Report(given.task_id, given.token, status)], 0)


def test_attempts_at_a_task(see: Any, busy: Scheduler) -> None:
    told = see("tasks/Clean_1/lately").json
    assert told == {
        "attempts": [
            {"task_id": "Clean_1", "worker": "w", "started": 0.0, "ended": 0.0, "status": "FAILED", "by": "w"}
        ],
        "since": 0.0,
    }
    assert see("tasks/Report_1/lately").json["attempts"] == []
    assert see("tasks/Load_2/lately").status_code == 404


def test_attempts_of_a_worker(see: Any, busy: Scheduler) -> None:
    told = see("workers/w/lately").json["attempts"]
    assert {(one["task_id"], one["status"]) for one in told} == {
        ("Fetch_1", "DONE"),
        ("Clean_1", "FAILED"),
        ("Load_1", "RUNNING"),
    }


def test_attempts_of_a_worker_that_is_gone(see: Any, busy: Scheduler, clock: FakeClock) -> None:
    clock.advance(10_000)
    busy.tick()
    assert see("workers/w").status_code == 404
    assert len(see("workers/w/lately").json["attempts"]) == 3
    assert see("workers/ww/lately").status_code == 404


def test_many_attempts_fit(see: Any, scheduler: Scheduler) -> None:
    names = [f"{'ä' * 300}{number}" for number in range(500)]
    scheduler.declare("w", [TaskSpec(name, "T") for name in names])
    scheduler.exchange("w", (), 500)
    answer = see("workers/w/lately")
    assert len(answer.content) <= 256 * 1024
    assert answer.json["cut"] == ["attempts"]


def test_live_runs(see: Any, busy: Scheduler) -> None:
    busy.add_worker("helper", [("assistant", True)])
    busy.add_worker("idle", [])
    busy.declare("v", [TaskSpec("Load_1", "Load", "m", {"day": "1"})])
    busy.add_worker("v", [("host", "far"), ("username", "ann"), ("command", "luigi Load"), ("roots", ["Load_1", "x"])])
    told = see("live-runs").json
    first, second = told["runs"]
    assert first == {
        "worker_id": "v",
        "host": "far",
        "user": "ann",
        "command": "luigi Load",
        "roots": ["Load_1", "x"],
        "began": 0.0,
        "active": 0.0,
        "enabled": True,
        "counts": {"RUNNING": 1},
        "total": 1,
        "finished": 0,
        "stopped": {"UPSTREAM_FAILED": 0, "UPSTREAM_DISABLED": 0},
        "submission": None,
    }
    assert (second["worker_id"], second["roots"], second["total"]) == ("w", ["Report_1"], 4)
    assert second["counts"] == {"DONE": 1, "FAILED": 1, "RUNNING": 1, "PENDING": 1}
    assert told["next"] is None


def test_how_far_a_run_is(see: Any, busy: Scheduler, clock: FakeClock) -> None:
    clock.advance(10)
    waiting = [TaskSpec("Sum_1", "Sum", deps=["Clean_1"]), TaskSpec("Top_1", "Top", deps=["Sum_1"])]
    tasks = [TaskSpec("Fetch_1", "Fetch", status="DONE"), TaskSpec("Quick_1", "Quick"), *waiting]
    busy.declare("v", tasks)
    (given,) = busy.exchange("v", (), 1).assignments
    busy.exchange("v", [Report(given.task_id, given.token, "DONE")], 0)
    ours, other = see("live-runs").json["runs"]
    assert (ours["counts"], ours["finished"]) == ({"DONE": 2, "PENDING": 2}, 1)
    assert ours["stopped"] == {"UPSTREAM_FAILED": 2, "UPSTREAM_DISABLED": 0}
    assert (other["finished"], other["stopped"]["UPSTREAM_FAILED"]) == (1, 0)


def test_the_run_of_a_disabled_worker_is_what_it_still_runs(see: Any, busy: Scheduler) -> None:
    busy.disable_worker("w")
    (run,) = see("live-runs").json["runs"]
    assert (run["enabled"], run["counts"], run["total"]) == (False, {"RUNNING": 1}, 1)


def test_live_runs_are_paged(see: Any, scheduler: Scheduler) -> None:
    for number in range(5):
        scheduler.declare(f"w{number}", [TaskSpec("T_1", "T")])
    found, cursor = [], {}
    for _ in range(3):
        page = see("live-runs", limit="2", **cursor).json
        found += [one["worker_id"] for one in page["runs"]]
        cursor = {"cursor": page["next"]}
    assert (found, cursor) == ([f"w{number}" for number in range(5)], {"cursor": None})


def test_what_workers_say_of_themselves_may_be_anything(see: Any, scheduler: Scheduler) -> None:
    said = [("host", {"a": [1]}), ("username", None), ("command", "c" * 400_000), ("roots", "Load_1")]
    scheduler.add_worker("w", [*said, ("first_task", 7)])
    scheduler.declare("w", [TaskSpec("T_1", "T")])
    (one,) = see("live-runs").json["runs"]
    assert (one["host"], one["user"], one["roots"], one["cut"]) == ("{'a': [1]}", "", ["7"], ["command"])


def test_counts_of_runs_hold_for_a_moment(see: Any, busy: Scheduler, clock: FakeClock) -> None:
    see("live-runs")
    busy.declare("w", [TaskSpec("New_1", "New")])
    assert see("live-runs").json["runs"][0]["total"] == 4
    clock.advance(2.1)
    assert see("live-runs").json["runs"][0]["total"] == 5


def test_throughput(see: Any, scheduler: Scheduler, clock: FakeClock) -> None:
    clock.advance(1000)
    see("throughput")
    run(scheduler, "T_1", "DONE")
    clock.advance(30)
    run(scheduler, "T_2", "FAILED")
    scheduler.declare("v", [TaskSpec("T_3", "T", status="DONE")])
    told = see("throughput", seconds="60").json
    assert told == {"step": 10, "until": 1040.0, "done": [0, 0, 1, 0, 0, 0], "failed": [0, 0, 0, 0, 0, 1]}


def test_throughput_in_no_more_than_so_many_points(see: Any, scheduler: Scheduler) -> None:
    for seconds, step, points in [(10, 10, 1), (1200, 10, 120), (1201, 20, 61), (21600, 180, 120)]:
        told = see("throughput", seconds=str(seconds)).json
        assert (told["step"], len(told["done"]), len(told["failed"])) == (step, points, points)
    assert see("throughput", seconds="21601").status_code == 400
    assert see("throughput", seconds="9").status_code == 400
