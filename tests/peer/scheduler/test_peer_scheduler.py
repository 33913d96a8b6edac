"""Luigi's method names on our scheduler answer what the released Luigi's did, call by call, as recorded/ has it.

A scene is short and about one thing; a walk is long and about nothing in particular. What is different on purpose is
named here, each with its reason; docs/decisions/0010-luigi-api.md says more.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent

# --- differences in what a row or an answer says --------------------------------------------------------------------

FRESH = "a new attempt begins without what the last one said: its message, its percentage"
URL_STAYS = "the last attempt's URL stays until the next one begins, whoever declares the task meanwhile"
CLAIMED = "a task said to run without having been handed out takes a lease like any other, so it has resources"
SHOWN = "graph() names every task; Luigi's leaves out the names of those it met as dependencies first"
CALLS_ARE_LIFE = "add_task_batcher is a sign of life too, and makes a worker known"
BATCH_HOLDS = "a batch holds its resources from the hand-out on, so that limits are never exceeded"
DEAD_END = "a failed task that waits for a disabled one is not left: retrying it comes to nothing"
DISMISSED = "a task made for a batch that failed is given up at once, not at the next prune"
PRIVATE = "fetch_error shows public parameters alone, like every list"
READ_TWICE = "an answer to a message can be read again: reading changes nothing"
BY_ID = "a task known by its id alone is listed under that id, not as ()"
NO_GUESS = "a family that cannot be guessed from an id is the id, not UNKNOWN"
HELD_STILL = "a task handed out again holds what it held, not what it gave back"


def forgiven_in_row(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, str]:
    """Keys of a task's row that may differ, and why."""
    allowed = {}
    for key in ("status_message", "progress_percentage", "tracking_url"):
        if ours.get(key) is None:
            allowed[key] = FRESH
    if theirs.get("tracking_url") is None and theirs["status"] != "RUNNING":
        allowed["tracking_url"] = URL_STAYS
    if theirs.get("resources_running") is None and ours.get("resources_running") is not None:
        allowed["resources_running"] = CLAIMED
    elif ours.get("resources_running") is not None and less(ours["resources_running"], theirs["resources_running"]):
        allowed["resources_running"] = HELD_STILL
    if "display_name" not in theirs:
        allowed["display_name"] = SHOWN
    if theirs.get("display_name") == "()":
        allowed["display_name"] = BY_ID
    if theirs["name"] == "UNKNOWN":
        allowed["name"] = NO_GUESS
    return allowed


def less(ours: dict[str, int], theirs: dict[str, int]) -> bool:
    return all(amount <= theirs.get(name, 0) for name, amount in ours.items())


def forgiven(method: str, ours: Any, theirs: Any, *, left_out: bool) -> dict[str, str]:
    """Keys of a whole answer that may differ, and why. `left_out`: ours may count less as left."""
    if left_out and method in ("get_work", "count_pending"):
        counts = ("n_pending_tasks", "n_unique_pending", "n_pending_last_scheduled")
        if all(ours.get(key, 0) <= theirs.get(key, 0) for key in counts):
            return dict.fromkeys(counts, f"{DEAD_END}, or {DISMISSED}")
    if method == "fetch_error":
        return {"taskParams": PRIVATE} if "taskParams" in ours and less_params(ours, theirs) else {}
    if method == "get_scheduler_message_response" and theirs["response"] is None:
        return {"response": READ_TWICE}
    return {}


LEFT_OUT: dict[str | int, str] = {
    "a failed task below a disabled one": DEAD_END,
    8: DEAD_END,
    33: DISMISSED,
    34: DEAD_END,
    38: DEAD_END,
}
"""The plays in which ours counts less as left."""


def less_params(ours: Any, theirs: Any) -> bool:
    return bool(ours["taskParams"].items() <= theirs["taskParams"].items())


def forgiven_of_worker(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, str]:
    allowed = {"last_active": CALLS_ARE_LIFE} if ours["last_active"] >= theirs["last_active"] else {}
    return allowed | ({"started": CALLS_ARE_LIFE} if ours["started"] <= theirs["started"] else {})


# --- plays that part -------------------------------------------------------------------------------------------------

CLAIMS = """Who may claim a resource for a better task. Ours: workers that asked in vain within the last 15 seconds, and
an assistant for whatever it could run. Luigi: workers that asked within minutes and have a process free."""
OTHERS = "Luigi's batch takes in tasks that only another worker can run; ours does not"
MEMBER = "a report on a member of a batch that has no runner yet is about the batch"
REMOVAL = "the time until a task is forgotten counts from when nobody wanted it any more, not from the next prune"
ORPHANS = "a task that only lost workers could run is handed to nobody; Luigi's assistants still run it"
STRANGER = "only the worker that holds the lease can say that a running task waits"
KEPT = "a task that runs, or that another one depends on, is not forgotten"
TOGETHER = "a batch whose runner waits for new requirements stays together; Luigi's members start anew"
LENIENT = "a runner for a batch that is no more is refused, not an exception"
DISABLED_WORKER = "what a disabled worker declares is not taken in, so it does not put off the end of a task"

PARTS: dict[str | int, tuple[int, str]] = {
    "10 a dependency keeps its scheduled removal": (12, KEPT),
    "14 batch and resources": (5, BATCH_HOLDS),
    "a bigger claim of a worker that asked long ago": (6, CLAIMS),
    "a bigger claim of a worker that runs something": (6, CLAIMS),
    "a batch pending as B_2": (11, TOGETHER),
    "a batch pending as B_9": (11, TOGETHER),
    "a stranger says that a running task waits": (3, STRANGER),
    "a report on a member of a batch without a runner": (5, MEMBER),
    "the end of what only an assistant declared": (7, REMOVAL),
    "a task of lost workers alone": (5, ORPHANS),
    1: (41, KEPT),
    3: (14, CLAIMS),
    9: (64, BATCH_HOLDS),
    20: (44, CLAIMS),
    29: (89, KEPT),
    37: (34, OTHERS),
    41: (41, LENIENT),
    45: (43, CLAIMS),
    60: (88, DISABLED_WORKER),
    61: (37, OTHERS),
}
"""The step from which a play cannot be compared any more, because its schedulers did different things, and why."""


# --- comparing -------------------------------------------------------------------------------------------------------


@cache
def plays() -> dict[str | int, dict[str, Any]]:
    lines = [line for name in ("scenes", "walks") for line in (HERE / f"recorded/{name}.jsonl").open(encoding="utf-8")]
    return {play.get("name", play.get("seed")): play for play in map(json.loads, lines)}


@pytest.fixture(scope="module")
def answers() -> dict[str | int, list[Any]]:
    """What ours answers to all plays."""
    command = [sys.executable, "-W", "ignore", str(HERE / "player.py")]
    told = list(plays().values())
    done = subprocess.run(command, input=json.dumps(told), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return dict(zip(plays(), json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("name", plays())
def test_answers_as_recorded(name: str | int, answers: dict[str | int, list[Any]]) -> None:
    number, wrong = first_difference(name, answers[name])
    if name in PARTS:
        assert number == PARTS[name][0], wrong
    else:
        assert number is None, f"step {number}, {plays()[name]['steps'][number]}: {wrong}"


def test_every_part_is_one_of_a_play() -> None:
    assert not (PARTS.keys() | LEFT_OUT.keys()) - plays().keys()


def first_difference(name: str | int, answers: list[Any]) -> tuple[int | None, list[str]]:
    """The number of the first step that is answered differently without a reason, and what differs."""
    play = plays()[name]
    rows: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    for number, (step, ours, theirs) in enumerate(zip(play["steps"], answers, play["answers"], strict=True)):
        if play["condensed"] and step[0] == "graph":
            ours, theirs = whole(rows[0], ours), whole(rows[1], theirs)
        wrong = list(differences(name, step[0], ours, theirs))
        if wrong:
            return number, wrong
    return None, []


def whole(rows: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """All rows, from those before and what changed."""
    for task_id, row in change["changed"].items():
        rows[task_id] = rows.get(task_id, {}) | row
    for task_id in change["gone"]:
        del rows[task_id]
    return dict(rows)


def differences(name: str | int, method: str, ours: Any, theirs: Any) -> Iterator[str]:
    """What differs without being named above."""
    both = isinstance(ours, dict) and isinstance(theirs, dict)
    allowed = forgiven(method, ours, theirs, left_out=name in LEFT_OUT) if both else {}
    yield from compared("", ours, theirs, allowed)


def compared(path: str, ours: Any, theirs: Any, allowed: dict[str, str]) -> Iterator[str]:
    if ours == theirs:
        return
    if isinstance(ours, dict) and isinstance(theirs, dict):
        if "start_time" in ours and "start_time" in theirs:
            allowed = forgiven_in_row(ours, theirs)
        elif "last_active" in ours and "last_active" in theirs:
            allowed = forgiven_of_worker(ours, theirs)
        for key in sorted({*ours, *theirs} - allowed.keys()):
            yield from compared(f"{path}/{key}", ours.get(key, "nothing"), theirs.get(key, "nothing"), {})
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for number, pair in enumerate(zip(ours, theirs, strict=True)):
            yield from compared(f"{path}/{number}", *pair, {})
    else:
        yield f"{path}: ours {ours!r}, Luigi's {theirs!r}"
