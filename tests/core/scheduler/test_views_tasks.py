"""Lists of tasks, page by page, and what changed since."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from luigi.interfaces import Question, TaskSpec
from luigi.scheduler import events
from luigi.scheduler.records import TaskRecord
from luigi.scheduler.views import answer
from luigi.scheduler.views.tasks import LOOKED_AT
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, RUNNING


def ask(bench: Any, noun: str, **options: Any) -> Any:
    return answer(bench.machine, Question(noun, "", options), bench.now)


def ids(answered: Any) -> list[str]:
    return [row["task_id"] for row in answered["rows"]]


def pages(bench: Any, **options: Any) -> Iterator[list[str]]:
    page = ask(bench, "tasks", **options)
    yield ids(page)
    while page["next"] is not None:
        page = ask(bench, "tasks", after=page["next"], **options)
        yield ids(page)


def test_the_newest_change_is_first(bench: Any) -> None:
    for name in "abc":
        bench.declare(name)
    assert ids(ask(bench, "tasks")) == ["c", "b", "a"]
    bench.take()
    page = ask(bench, "tasks")
    assert ids(page) == ["a", "c", "b"]
    assert (page["next"], page["total"]) == (None, 3)
    assert page["rows"][0]["status"] == RUNNING


def test_page_by_page(bench: Any) -> None:
    for name in "abcdef":
        bench.declare(name, status=DONE if name in "bd" else PENDING)
    assert list(pages(bench, limit=2)) == [["f", "e"], ["d", "c"], ["b", "a"]]
    assert list(pages(bench, limit=4)) == [["f", "e", "d", "c"], ["b", "a"]]
    assert list(pages(bench, limit=3, status=PENDING)) == [["f", "e", "c"], ["a"]]


def test_what_changes_between_pages_is_not_told_twice(bench: Any) -> None:
    for name in "abcd":
        bench.declare(name)
    first = ask(bench, "tasks", limit=2)
    assert bench.take() == ["a"]
    assert (ids(first), ids(ask(bench, "tasks", limit=2, after=first["next"]))) == (["d", "c"], ["b"])


def test_by_status_and_family(bench: Any) -> None:
    bench.declare("a", family="Load")
    bench.declare("b", family="Load", status=DONE)
    bench.declare("c", family="Get")
    page = ask(bench, "tasks", status=PENDING, family="Load")
    assert (ids(page), page["total"]) == (["a"], 1)
    page = ask(bench, "tasks", family="Load")
    assert (ids(page), page["total"]) == (["b", "a"], 2)
    assert ask(bench, "tasks", family="Nobody") == {"rows": [], "next": None, "total": 0}
    assert ask(bench, "tasks", status=DONE)["total"] == 1


def test_by_what_they_wait_for(bench: Any) -> None:
    bench.declare("failed", status=FAILED)
    bench.declare("a", "failed", family="A")
    bench.declare("b", "failed", family="B")
    bench.declare("free")
    page = ask(bench, "tasks", upstream="UPSTREAM_FAILED", limit=1)
    assert (ids(page), page["total"]) == (["b"], 2)
    assert list(pages(bench, upstream="UPSTREAM_FAILED", limit=1)) == [["b"], ["a"]]
    assert list(pages(bench, upstream="UPSTREAM_FAILED", family="A")) == [["a"]]
    assert list(pages(bench, upstream="UPSTREAM_FAILED", status=DONE)) == [[]]


def test_each_word_is_searched_in_the_display_name(bench: Any) -> None:
    bench.declare("1", family="LoadDays", params={"day": "Monday", "key": "hush"}, hidden=["key"])
    bench.declare("2", family="LoadDays", params={"day": "Tuesday"})
    page = ask(bench, "tasks", search="MONday  load")
    assert (ids(page), page["total"]) == (["1"], None)
    assert ids(ask(bench, "tasks", search="day=")) == ["2", "1"]
    assert ids(ask(bench, "tasks", search="hush")) == []
    assert ids(ask(bench, "tasks", search=" ")) == ["2", "1"]


def test_a_search_goes_on_where_it_was_interrupted(new_bench: Any) -> None:
    bench = new_bench(checked=False)
    rare = {0, 3, LOOKED_AT + 3}
    specs = [TaskSpec(f"t{number}", "Rare" if number in rare else "F") for number in range(LOOKED_AT + 4)]
    bench.do(events.Declared("w", specs))
    told = [[f"t{LOOKED_AT + 3}", "t3"], ["t0"]]
    assert list(pages(bench, search="rare")) == told
    assert list(pages(bench, family="Rare")) == told


class Watched(dict[TaskRecord, None]):
    """Counts how many tasks were taken from its end."""

    taken = 0

    def __reversed__(self) -> Any:
        for task in super().__reversed__():
            self.taken += 1
            yield task


def test_a_page_looks_at_no_more_than_it_tells(new_bench: Any) -> None:
    bench = new_bench(checked=False)
    bench.do(events.Declared("w", [TaskSpec(f"t{number}", "F") for number in range(5000)]))
    by_status = bench.machine.index.by_status
    watched = by_status[PENDING] = Watched(by_status[PENDING])
    page = ask(bench, "tasks", limit=10)
    assert len(page["rows"]) == 10
    assert watched.taken < 15
    assert page["total"] == 5000


# --- changes -----------------------------------------------------------------------------------------------------


def test_what_changed_since_a_version(bench: Any) -> None:
    for name in "abc":
        bench.declare(name)
    version = ask(bench, "changes")["version"]
    assert ask(bench, "changes", since=version) == {"version": version, "reset": False, "rows": [], "removed": []}
    bench.take(want=2)
    bench.report("b", DONE)
    told = ask(bench, "changes", since=version)
    assert ids(told) == ["b", "a"]
    assert ids(ask(bench, "changes", since=told["version"])) == []


def test_what_was_removed_is_told_by_id_unless_it_is_back(new_bench: Any) -> None:
    bench = new_bench(remove_delay=10, disconnect_delay=5)
    bench.declare("a")
    bench.declare("b")
    version = ask(bench, "changes")["version"]
    bench.tick(6)
    bench.tick(20)
    assert bench.machine.tasks == {}
    assert sorted(ask(bench, "changes", since=version)["removed"]) == ["a", "b"]
    assert ask(bench, "changes", since=bench.machine.index.version)["removed"] == []
    bench.declare("a")
    told = ask(bench, "changes", since=version)
    assert (ids(told), told["removed"]) == (["a"], ["b"])


def test_reset_when_it_cannot_be_told(new_bench: Any) -> None:
    bench = new_bench(remove_delay=10, disconnect_delay=5)
    for name in "abc":
        bench.declare(name)
    version = bench.machine.index.version
    reset = {"version": version, "reset": True, "rows": [], "removed": []}
    assert ask(bench, "changes") == reset
    assert ask(bench, "changes", since=version + 1) == reset
    assert ask(bench, "changes", since=1, limit=1) == reset
    assert len(ask(bench, "changes", since=1, limit=5)["rows"]) == 3


def test_reset_when_removals_are_forgotten(new_bench: Any) -> None:
    bench = new_bench(checked=False, remove_delay=10, disconnect_delay=5)
    remembered = bench.machine.index.removed.maxlen
    bench.do(events.Declared("w", [TaskSpec(f"t{number}", "F") for number in range(remembered + 1)]))
    since = bench.machine.index.version
    bench.tick(6)
    bench.tick(20)
    (oldest, _), *_ = bench.machine.index.removed
    assert ask(bench, "changes", since=since)["reset"] is True
    told = ask(bench, "changes", since=oldest - 1)
    assert (told["reset"], len(told["removed"])) == (False, remembered)


# --- errors ------------------------------------------------------------------------------------------------------


def test_the_latest_errors_with_what_they_said(bench: Any) -> None:
    bench.declare("off", status=DISABLED)
    for name in "ab":
        bench.declare(name)
        bench.take()
        bench.report(name, FAILED, explanation=f"{name} broke")
    bench.declare("fine")
    told = ask(bench, "errors")
    assert [(row["task_id"], row["explanation"]) for row in told] == [
        ("b", "b broke"),
        ("a", "a broke"),
        ("off", None),
    ]
    assert [row["task_id"] for row in ask(bench, "errors", limit=1)] == ["b"]
