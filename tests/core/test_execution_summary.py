"""The execution summary: which group a task falls into, and what is said of it.

The wordings are the released Luigi's; tests/peer compares whole runs with it.
"""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import luigi
from luigi.execution_summary import (
    _ORDERED_STATUSES,
    LuigiRunResult,
    LuigiStatusCode,
    _root_task,
    _summary_dict,
    summary,
)
from luigi.execution_summary.families import _first, family_lines
from luigi.execution_summary.groups import NAMES, sort_out
from luigi.execution_summary.status import status_of
from luigi.parameter import ParameterVisibility
from luigi.worker import Worker
from luigi.worker.record import RunRecord, Seen


class Number(luigi.Task):
    n = luigi.IntParameter()


class Pair(luigi.Task):
    a = luigi.Parameter()
    b = luigi.Parameter(default="b")


def after(record: dict[int, Seen]) -> Any:
    """A worker at the end of a run in which it saw these tasks, the first of which was asked for."""
    worker = Worker()
    worker.record = RunRecord(
        roots=[seen.task for seen in record.values()][:1],
        seen={seen.task.task_id: seen for seen in record.values()},
    )
    return worker


def seen(n: int, declared: str = "PENDING", deps: tuple[int, ...] = (), **facts: Any) -> Seen:
    return Seen(Number(n), declared, deps=[Number(dep).task_id for dep in deps], status=declared, **facts)


def graph(*tasks: Seen) -> dict[int, Seen]:
    return {task.task.n: task for task in tasks}


def numbers(groups: dict[str, Any]) -> dict[str, list[int]]:
    return {name: sorted(task.n for task in tasks) for name, tasks in groups.items() if tasks}


# --- groups ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "groups"),
    [
        (seen(1, "DONE"), {"already_done"}),
        (seen(1, ran=True), {"completed"}),
        (seen(1, ran=True, failures=2), {"completed", "ever_failed"}),
        (seen(1, failures=1), {"failed", "ever_failed"}),
        (seen(1, "UNKNOWN"), {"scheduling_error"}),
        (seen(1, external=True), {"still_pending_ext"}),
        (seen(1), {"still_pending_not_ext", "not_run"}),
        (seen(1, running_by="other"), {"still_pending_not_ext", "run_by_other_worker"}),
        (seen(1, missing_dynamic=True), {"still_pending_not_ext", "still_pending_ext", "not_run"}),
        (seen(1, "DISABLED"), set()),
    ],
)
def test_every_end_has_its_groups(one: Seen, groups: set[str]) -> None:
    assert set(numbers(sort_out(after(graph(one)).record))) == groups


@pytest.mark.parametrize(
    ("cause", "group"),
    [
        (seen(9, failures=1), "upstream_failure"),
        (seen(9, ran=True, failures=1), "upstream_failure"),
        (seen(9, external=True), "upstream_missing_dependency"),
        (seen(9, missing_dynamic=True), "upstream_missing_dependency"),
        (seen(9, running_by="other"), "upstream_run_by_other_worker"),
    ],
)
def test_what_waits_for_a_cause_says_so_however_far_it_is(cause: Seen, group: str) -> None:
    groups = sort_out(after(graph(seen(1, deps=(2,)), seen(2, deps=(9, 3)), seen(3), cause)).record)
    assert numbers(groups)[group] == [1, 2]
    assert 3 in numbers(groups)["not_run"]


def test_what_is_behind_a_failed_check_only_the_next_task_says() -> None:
    groups = numbers(sort_out(after(graph(seen(1, deps=(2,)), seen(2, deps=(9,)), seen(9, "UNKNOWN"))).record))
    assert groups["upstream_scheduling_error"] == [2]
    assert groups["not_run"] == [1]


def test_a_task_behind_one_that_ran_is_no_cause() -> None:
    ran = [seen(2, ran=True, deps=(9,)), seen(9, failures=1, ran=True)]
    record = graph(seen(1, deps=(2, 5)), seen(5, external=True), *ran)
    groups = numbers(sort_out(after(record).record))
    assert "upstream_failure" not in groups
    assert groups["upstream_missing_dependency"] == [1]


def test_a_chain_of_any_length_is_followed() -> None:
    length = 20_000
    record = graph(*(seen(n, deps=(n + 1,)) for n in range(length)), seen(length, external=True))
    groups = sort_out(after(record).record)
    assert len(groups["upstream_missing_dependency"]) == length
    assert not groups["not_run"]


def test_a_ring_of_waiting_tasks_comes_to_an_end() -> None:
    groups = numbers(sort_out(after(graph(seen(1, deps=(2,)), seen(2, deps=(1, 3)), seen(3, failures=1))).record))
    assert groups["upstream_failure"] == [1, 2]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["DONE", "PENDING", "UNKNOWN", "DISABLED"]),
            st.booleans(),
            st.integers(0, 1),
            st.sampled_from([None, "other"]),
            st.lists(st.integers(0, 7), max_size=3),
        ),
        max_size=8,
    )
)
def test_each_waiting_task_has_a_reason(facts: list[Any]) -> None:
    tasks = [
        seen(n, declared, tuple(deps), external=external, failures=failures, running_by=other)
        for n, (declared, external, failures, other, deps) in enumerate(facts)
    ]
    groups = sort_out(after(graph(*tasks)).record)
    reasons = [name for name in NAMES if name.startswith("upstream")] + ["run_by_other_worker", "not_run"]
    explained = {task.n for name in reasons for task in groups[name]}
    assert explained == {task.n for task in groups["still_pending_not_ext"]}
    assert len({task for name in ("completed", "failed", "already_done") for task in groups[name]}) <= len(tasks)


# --- status ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("groups", "status"),
    [
        ([], LuigiStatusCode.SUCCESS),
        (["completed", "run_by_other_worker"], LuigiStatusCode.SUCCESS),
        (["still_pending_ext"], LuigiStatusCode.MISSING_EXT),
        (["still_pending_ext", "not_run"], LuigiStatusCode.NOT_RUN),
        (["still_pending_ext", "not_run", "scheduling_error"], LuigiStatusCode.SCHEDULING_FAILED),
        (["ever_failed", "scheduling_error", "not_run"], LuigiStatusCode.SUCCESS_WITH_RETRY),
        (["ever_failed", "failed", "still_pending_ext"], LuigiStatusCode.FAILED),
        (["ever_failed", "failed", "scheduling_error"], LuigiStatusCode.FAILED_AND_SCHEDULING_FAILED),
    ],
)
def test_the_gravest_fact_is_the_status(groups: list[str], status: LuigiStatusCode) -> None:
    assert status_of({name: [Number(1)] if name in groups else [] for name in NAMES}) is status


def test_what_a_result_tells_of_itself() -> None:
    worker = after(graph(seen(1, failures=1)))
    result = LuigiRunResult(worker, False)
    assert str(result) == "LuigiRunResult with status LuigiStatusCode.FAILED"
    assert repr(result) == (
        f"LuigiRunResult(status={LuigiStatusCode.FAILED!r},worker={worker!r},scheduling_succeeded=False)"
    )
    assert result.one_line_summary == "This progress looks :( because there were failed tasks"
    assert LuigiRunResult(worker).scheduling_succeeded is True
    assert result.summary_text == summary(worker)


def test_names_that_programs_reach_for() -> None:
    worker = after(graph(seen(1, deps=(2,)), seen(2, failures=1)))
    found = _summary_dict(worker)
    assert list(found) == list(NAMES)
    assert found["failed"] == found["ever_failed"] == {Number(2)}
    assert _root_task(worker) is Number(1)
    assert {name for name in _ORDERED_STATUSES if name not in found} == {"still_pending"}


# --- the whole text --------------------------------------------------------------------------------------------


def body(*tasks: Seen) -> list[str]:
    ruler = "===== Luigi Execution Summary ====="
    lines = summary(after(graph(*tasks))).split("\n")
    assert lines[:3] == ["", ruler, ""]
    assert lines[-3:] == ["", ruler, ""]
    return lines[3:-3]


def elsewhere(count: int, workers: int) -> list[Seen]:
    return [seen(100 + n, running_by=f"w{n % workers}") for n in range(count)]


HAPPY = "This progress looks :) because there were no failed tasks or missing dependencies"


def test_nothing_scheduled() -> None:
    assert body() == body(seen(1, "DISABLED")) == ["Did not schedule any tasks"]


def test_nothing_to_do() -> None:
    assert body(seen(1, "DONE")) == [
        "Scheduled 1 tasks of which:",
        "* 1 complete ones were encountered:",
        "    - 1 Number(n=1)",
        "",
        "Did not run any tasks",
        HAPPY,
    ]


def test_other_workers_are_named() -> None:
    assert body(seen(1, ran=True), *elsewhere(3, 2)) == [
        "Scheduled 4 tasks of which:",
        "* 1 ran successfully:",
        "    - 1 Number(n=1)",
        "* 3 were left pending, among these:",
        "    * 3 were being run by another worker:",
        "        - 3 Number(n=100,101,102)",
        "",
        "The other workers were:",
        "    - w0 ran 2 tasks",
        "    - w1 ran 1 tasks",
        "",
        "",
        HAPPY,
    ]


def test_of_more_than_five_other_workers_four_are_named() -> None:
    named = ["The other workers were:", *(f"    - w{n} ran 1 tasks" for n in range(4))]
    assert body(*elsewhere(5, 5))[5:] == [*named, "    - w4 ran 1 tasks", "", "Did not run any tasks", HAPPY]
    assert body(*elsewhere(6, 6))[5:] == [*named, "    and 2 other workers", "Did not run any tasks", HAPPY]
    assert body(seen(1, ran=True), *elsewhere(6, 6))[7:] == [*named, "    and 2 other workers", "", HAPPY]


def test_each_group_shows_as_many_families_as_configured() -> None:
    kinds = [type(f"Kind{n}", (Number,), {})(n) for n in range(7)]
    assert family_lines(kinds, 5)[-2:] == ["- 1 Kind4(n=4)", "..."]
    assert family_lines(kinds, 7)[-1] == family_lines(kinds, 0)[-1] == "- 1 Kind6(n=6)"


# --- one line for a family -------------------------------------------------------------------------------------


def line(*tasks: luigi.Task) -> str:
    (only,) = family_lines(tasks, 0)
    return only


def test_values_of_the_wrong_type_make_no_range() -> None:
    assert line(*(Number(n) for n in ("5", 6, 7, 8))) == "- 4 Number(n=5,6,7,8)"  # type: ignore[arg-type]


def test_the_last_day_there_is_ends_a_range() -> None:
    class Day(luigi.Task):
        day = luigi.DateParameter()

    last = datetime.date.max
    days = [last - datetime.timedelta(n) for n in range(4)]
    assert line(*map(Day, reversed(days))) == "- 4 Day(day=9999-12-28...9999-12-31)"
    assert line(*map(Day, days)).startswith("- 4 Day(day=9999-12-28")


def test_private_values_are_shown_nowhere() -> None:
    class Login(luigi.Task):
        password = luigi.Parameter(visibility=ParameterVisibility.PRIVATE)
        n = luigi.IntParameter(default=0)

    class Bare(luigi.Task):
        password = luigi.Parameter(visibility=ParameterVisibility.PRIVATE)

    lines = [line(*(Login("secret", n) for n in range(count))) for count in (1, 2, 3)]
    lines += [line(Login("secret"), Login("other", 5), Login("secret", 9)), line(Bare("secret"))]
    assert not [shown for shown in lines if "secret" in shown or "other" in shown]
    assert lines[2] == "- 3 Login(password=***, n=0...2)"


class ManyTexts(luigi.Task):
    a = luigi.Parameter()
    b = luigi.Parameter()
    unseen = luigi.Parameter(default="", significant=False)


@given(st.lists(st.tuples(st.text("ab,=( )!~", max_size=5), st.text("ab,=( )!~", max_size=5)), min_size=1, unique=True))
def test_the_first_is_found_without_writing_all_texts(values: list[tuple[str, str]]) -> None:
    tasks = [ManyTexts(a, b) for a, b in values]
    assert str(_first(tasks, tasks[0].get_params())) == min(map(str, tasks))


@given(st.lists(st.integers(-50, 50), min_size=4, unique=True))
def test_a_range_is_said_of_neighbours_only(values: list[int]) -> None:
    shown = line(*map(Number, values))
    low, high = min(values), max(values)
    assert (shown == f"- {len(values)} Number(n={low}...{high})") == (high - low == len(values) - 1)


# --- workers of programs ----------------------------------------------------------------------------------------


class FromScratch:
    """A worker that keeps a history as Luigi's do, and nothing else of ours."""

    def __init__(self, *history: Any, running: Any = ()) -> None:
        self._add_task_history = list(history)
        self._get_work_response_history = [{"task_id": None, "running_tasks": list(running)}]


class Below(Number):
    def requires(self) -> Any:
        return Number(self.n)


def test_a_worker_that_is_no_derivative_of_ours_is_summed_up() -> None:
    worker: Any = FromScratch(
        (Below(1), "PENDING", True),
        (Number(1), "PENDING", True),
        (Number(2), "PENDING", False),
        (Number(3), "DONE", False),
        (Number(4), "UNKNOWN", False),
        (Number(5), "PENDING", True),
        (Number(6), "PENDING", True),
        (Number(1), "FAILED", None),
        (Number(5), "DONE", None),
        running=[{"task_id": Number(6).task_id, "worker": "other"}],
    )
    groups = {name: {repr(task) for task in tasks} for name, tasks in _summary_dict(worker).items() if tasks}
    assert groups == {
        "upstream_failure": {"Below(n=1)"},
        "still_pending_not_ext": {"Below(n=1)", "Number(n=6)"},
        "ever_failed": {"Number(n=1)"},
        "failed": {"Number(n=1)"},
        "still_pending_ext": {"Number(n=2)"},
        "already_done": {"Number(n=3)"},
        "scheduling_error": {"Number(n=4)"},
        "completed": {"Number(n=5)"},
        "run_by_other_worker": {"Number(n=6)"},
    }
    assert _root_task(worker) == Below(1)
    assert LuigiRunResult(worker).status == LuigiStatusCode.FAILED_AND_SCHEDULING_FAILED
    assert "* 1 failed:\n    - 1 Number(n=1)\n" in summary(worker)


def test_our_worker_gives_such_a_history() -> None:
    worker = after(
        graph(
            seen(0, deps=(1,), ran=True, failures=1),
            seen(1, "DONE"),
            seen(2, external=True),
            seen(3, missing_dynamic=True),
        )
    )
    assert worker._add_task_history == [
        (Number(0), "PENDING", True),
        (Number(1), "DONE", False),
        (Number(2), "PENDING", False),
        (Number(3), "PENDING", True),
        (Number(0), "FAILED", None),
        (Number(0), "DONE", None),
        (Number(3), "PENDING", None),
    ]
    assert list(worker._scheduled_tasks) == [Number(n).task_id for n in range(4)]
    assert worker._first_task == Number(0).task_id
