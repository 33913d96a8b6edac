"""The released Luigi's workers, as they are, run pipelines on our server: each in a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

SHARED = (0, 10, 25)
"""How Luigi's worker ends when others ran some of its tasks: by whether it happened to see them run."""

pytestmark = [pytest.mark.service("luigi"), pytest.mark.timeout(120)]


def test_a_diamond_is_run_from_the_bottom_each_corner_once(peer: Any) -> None:
    printed = peer.run("Diamond", "--workers", "3")
    assert ":)" in printed
    runs = peer.runs()
    assert sorted(peer.begun()) == ["bottom", "left", "right", "top"]
    assert runs.index("end bottom") < min(runs.index("begin left"), runs.index("begin right"))
    assert max(runs.index("end left"), runs.index("end right")) < runs.index("begin top")
    assert set(peer.statuses().values()) == {"DONE"}
    graph = peer.ask("dep_graph", task_id=peer.id_of("top"))
    assert [row["params"]["name"] for row in graph.values()] == ["top", "left", "right", "bottom"]


def test_a_second_run_finds_nothing_to_do(peer: Any) -> None:
    peer.run("Diamond")
    assert "1 complete ones were encountered" in peer.run("Diamond")
    assert len(peer.begun()) == 4


def test_what_fails_is_tried_again(peer: Any) -> None:
    peer.run("FailsTwice --name again")
    assert peer.runs() == ["begin again"] * 3 + ["end again"]
    assert peer.statuses() == {"again": "DONE"}


def test_what_fails_too_often_is_disabled_until_it_is_enabled_again(peer: Any) -> None:
    peer.run("FailsWithout --name broken", code=30)
    assert peer.statuses() == {"broken": "DISABLED"}
    assert len(peer.begun()) == 2
    task_id = peer.id_of("broken")
    assert "<b>broken</b>" in peer.ask("fetch_error", task_id=task_id)["error"]
    assert peer.ask("task_list", status="DISABLED")[task_id]["re_enable_able"] is True

    peer.go_on("fixed")
    assert peer.ask("re_enable_task", task_id=task_id)["status"] == "FAILED"
    peer.run("FailsWithout --name broken")
    assert peer.statuses() == {"broken": "DONE"}


def test_what_failed_is_forgiven(peer_of: Callable[..., Any], start_server: Any) -> None:
    peer = peer_of(start_server(config="[scheduler]\nretry_delay = 3600\nretry_count = 9").url)
    peer.settings(keep_alive="false")
    peer.run("FailsTwice --name again", code=30)
    assert peer.ask("forgive_failures", task_id=peer.id_of("again"))["status"] == "PENDING"
    assert peer.ask("mark_as_done", task_id=peer.id_of("again"))["status"] is not None


def test_tasks_that_can_be_run_together_are(peer: Any) -> None:
    peer.run("AllBatched")
    together = [sorted(name.split(",")) for name in peer.begun()]
    assert sorted(day for batch in together for day in batch) == [f"d{number}" for number in range(5)]
    assert sorted(map(len, together)) == [2, 3]
    assert set(peer.statuses().values()) == {"DONE"}


def test_a_resource_is_held_by_one_at_a_time(peer: Any) -> None:
    peer.run("AllExclusive", "--workers", "4")
    runs = peer.runs()
    assert len(runs) == 8
    assert all(begin.split() == ["begin", end.split()[1]] for begin, end in zip(runs[::2], runs[1::2], strict=True))


def test_a_resource_that_is_given_back_early_is_there_for_the_next(peer: Any) -> None:
    peer.run("FreesEarly", "--workers", "2")
    assert peer.runs()[:2] == ["begin first", "begin later"]


def test_what_matters_most_is_run_first(peer: Any) -> None:
    peer.run("AllRanked")
    assert peer.begun() == ["p9", "p7", "p5", "p3", "p1"]


def test_what_a_task_finds_out_to_need_is_run(peer: Any) -> None:
    peer.run("Dynamic --name asks", "--workers", "2")
    assert sorted(name for name in peer.begun() if name != "asks") == [
        "found-0-found-first",
        "found-1-found-first",
        "found-first",
    ]
    assert peer.runs()[-1] == "end asks"
    assert set(peer.statuses().values()) == {"DONE"}


def test_two_workers_share_what_both_want(peer: Any) -> None:
    workers = [peer.start("Overlap --first 0"), peer.start("Overlap --first 4")]
    for worker in workers:
        peer.ended(worker, *SHARED)
    assert sorted(peer.begun()) == sorted(f"s{number}" for number in range(12))
    assert set(peer.statuses().values()) == {"DONE"}


def test_an_assistant_runs_what_others_want(peer: Any) -> None:
    peer.start("Overlap --first 0", "--assistant")
    peer.wait_until(lambda: peer.ask("worker_list"))
    peer.ended(peer.start("Overlap --first 0"), *SHARED)
    assert sorted(peer.begun()) == sorted(f"s{number}" for number in range(8))
    assert len({row["worker_running"] for row in peer.ask("task_list").values()}) == 2


def test_what_is_not_there_yet_is_missed(peer: Any) -> None:
    peer.settings(keep_alive="false")
    peer.run("NeedsElsewhere --name waits", code=20)
    assert peer.statuses() == {"waits": "PENDING", "Elsewhere": "PENDING"}
    assert peer.ask("task_list", status="PENDING", upstream_status="UPSTREAM_MISSING_INPUT")
    peer.go_on("delivered")
    peer.run("NeedsElsewhere --name waits")
    assert peer.begun() == ["waits"]


def test_a_running_task_says_how_far_it_is(peer: Any) -> None:
    worker = peer.start("Waits --name here")
    task_id = peer.wait_until(lambda: peer.ask("task_list", status="RUNNING")) and peer.id_of("here")
    peer.wait_until(lambda: peer.ask("get_task_progress_percentage", task_id=task_id)["progressPercentage"] == 40)
    row = peer.ask("task_list", status="RUNNING")[task_id]
    assert row["status_message"] == "waiting <b>&</b> hoping"
    assert row["tracking_url"] == "http://127.0.0.1/track?a=1&b=<2>"
    peer.go_on()
    peer.ended(worker)


def test_a_message_reaches_a_running_task_and_is_answered(peer: Any) -> None:
    worker = peer.start("Listens --name ear", "--workers", "2")
    running = peer.wait_until(lambda: peer.ask("task_list", status="RUNNING"))
    ((task_id, row),) = running.items()
    sent = peer.ask("send_scheduler_message", worker=row["worker_running"], task=task_id, content="<hello> & co")
    asked = {"task_id": task_id, "message_id": sent["message_id"]}
    answer = peer.wait_until(lambda: peer.ask("get_scheduler_message_response", **asked)["response"])
    assert answer == "you said <hello> & co"
    assert "heard <hello> & co" in peer.runs()
    peer.go_on()
    peer.ended(worker)


def test_a_disabled_worker_ends_what_it_runs_and_gets_no_more(peer: Any) -> None:
    worker = peer.start("Waits --name one")
    row = peer.wait_until(lambda: peer.ask("task_list", status="RUNNING")).popitem()[1]
    peer.ask("disable_worker", worker=row["worker_running"])
    assert peer.ask("worker_list")[0]["state"] == "disabled"
    peer.go_on()
    peer.ended(worker)
    assert peer.statuses() == {"one": "DONE"}


def test_nothing_is_handed_out_while_the_scheduler_is_paused(peer: Any) -> None:
    peer.ask("pause")
    worker = peer.start("FailsTwice --name late")
    peer.wait_until(lambda: peer.ask("worker_list"))
    peer.wait_until(lambda: peer.ask("count_pending", worker=peer.ask("worker_list")[0]["name"])["n_pending_tasks"])
    assert peer.statuses() == {"late": "PENDING"}
    assert not peer.runs()
    peer.ask("unpause")
    peer.ended(worker)


def test_what_a_killed_worker_ran_is_run_by_another(peer: Any) -> None:
    killed = peer.start("Waits --name left")
    peer.wait_until(lambda: "begin left" in peer.runs())
    killed.kill()
    killed.wait(timeout=30)
    peer.go_on()
    peer.wait_until(lambda: peer.statuses()["left"] == "FAILED")
    peer.run("Waits --name left")
    assert peer.runs() == ["begin left", "begin left", "end left"]
    assert peer.statuses() == {"left": "DONE"}
