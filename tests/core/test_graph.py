"""The walk from roots to the whole graph."""

from __future__ import annotations

from typing import Any

import pytest

import luigi
from luigi.errors import BadOutput, BadRequirement, CircularRequirement
from luigi.graph import discover, reached, refuse_circles, refuse_ring_through, required_by
from luigi.task_status import DISABLED, DONE, PENDING, UNKNOWN


class Node(luigi.Task):
    name = luigi.Parameter()
    edges: dict[str, str] = {}

    def requires(self) -> Any:
        return [Node(dep) for dep in self.edges.get(self.name, "")]


def walk(edges: dict[str, str], roots: str, done: str = "") -> list[tuple[str, str]]:
    Node.edges = edges
    found = discover([Node(root) for root in roots], lambda task: task.name in done)  # type: ignore[attr-defined]
    return [(one.task.name, one.status) for one in found]  # type: ignore[attr-defined]


def test_breadth_first_each_task_once() -> None:
    assert walk({"a": "bc", "b": "d", "c": "d"}, "a") == [(name, PENDING) for name in "abcd"]


def test_nothing_behind_a_complete_task_is_looked_at() -> None:
    assert walk({"a": "b", "b": "c"}, "a", done="b") == [("a", PENDING), ("b", DONE)]


def test_a_very_long_chain_is_no_trouble() -> None:
    class Link(luigi.Task):
        n = luigi.IntParameter()

        def requires(self) -> Any:
            return Link(self.n - 1) if self.n else []

    assert len(list(discover([Link(5000)], lambda task: False))) == 5001


@pytest.mark.parametrize("method", ["complete", "requires"])
def test_a_check_that_raises_is_a_fact_about_that_task(method: str) -> None:
    def broken(self: Any) -> Any:
        raise RuntimeError("no")

    cls: Any = type(luigi.Task)("Broken", (luigi.Task,), {method: broken, "__module__": __name__})
    (found,) = discover([cls()], lambda task: task.complete() if method == "complete" else False)
    assert (found.status, str(found.error)) == (UNKNOWN, "no")
    assert "RuntimeError: no" in (found.explanation or "")


def test_what_a_disabled_task_requires_is_met_all_the_same() -> None:
    class On(luigi.Task):
        pass

    class Off(luigi.Task):
        disabled = True

        def requires(self) -> Any:
            return On()

    assert [found.status for found in discover([Off()], lambda task: False)] == [DISABLED, PENDING]


def test_nothing_behind_a_missing_external_task_is_looked_at() -> None:
    class Dump(luigi.ExternalTask):
        def requires(self) -> Any:
            raise AssertionError("not asked")

    assert [found.status for found in discover([Dump()], lambda task: False)] == [PENDING]


@pytest.mark.parametrize(
    ("given", "hint"),
    [("file.txt", "required are Task instances"), (Node, "make an instance"), (luigi.LocalTarget("x"), "ExternalTask")],
)
def test_a_requirement_that_is_not_a_task_is_named(given: Any, hint: str) -> None:
    class Wrong(luigi.Task):
        def requires(self) -> Any:
            return [given]

    with pytest.raises(BadRequirement, match=r"Wrong\(\): requires\(\) gave") as caught:
        list(discover([Wrong()], lambda task: False))
    assert hint in caught.value.hint


def test_an_output_that_is_not_a_target_ends_the_walk() -> None:
    class Wrong(luigi.Task):
        def output(self) -> Any:
            return 5

    with pytest.raises(BadOutput):
        list(discover([Wrong()], lambda task: task.complete()))


def test_a_ring_is_named_whole() -> None:
    with pytest.raises(CircularRequirement, match="b -> c -> d -> b"):
        refuse_circles({"a": ["b"], "b": ["c"], "c": ["d"], "d": ["b", "e"], "e": []}, str)


def test_a_task_that_requires_itself_is_a_ring() -> None:
    with pytest.raises(CircularRequirement, match="a -> a"):
        refuse_circles({"a": ["a"]}, str)


def test_a_diamond_is_no_ring() -> None:
    refuse_circles({"a": ["b", "c", "b"], "b": ["d"], "c": ["d"], "d": []}, str)


def test_what_is_going_to_be_checked_is_shown_ahead_once() -> None:
    Node.edges = {"a": "bcd", "b": "ef", "d": "f", "e": "g"}
    shown: list[str] = []
    checked: list[str] = []

    def check(task: Any) -> bool:
        checked.append(task.name)
        return False

    list(discover([Node("a")], check, None, lambda tasks: shown.append("".join(task.name for task in tasks))))
    assert shown == ["bcd", "ef"]  # one alone is no work to be shared
    assert "".join(checked) == "abcdefg"


def test_no_more_than_a_frontier_is_shown_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("luigi.graph.FRONTIER", 3)
    Node.edges = {}
    shown: list[int] = []
    list(
        discover([Node(name) for name in "abcdefgh"], lambda task: False, None, lambda tasks: shown.append(len(tasks)))
    )
    assert shown == [3, 3, 2]


def test_the_walk_goes_no_further_than_it_is_taken() -> None:
    Node.edges = {"a": "bc", "b": "d"}
    checked: list[str] = []

    def check(task: Any) -> bool:
        checked.append(task.name)
        return False

    found = discover([Node("a")], check)
    assert [next(found).task.name, next(found).task.name] == ["a", "b"]  # type: ignore[attr-defined]
    assert checked == ["a", "b"]


def test_a_ring_through_a_running_task_is_named() -> None:
    requires = {"b": ["c", "x"], "c": ["a"], "x": []}
    with pytest.raises(CircularRequirement, match="a -> b -> c -> a"):
        refuse_ring_through("a", ["b"], lambda one: requires.get(one, []), str)
    refuse_ring_through("a", ["x"], lambda one: requires.get(one, []), str)


DIAMOND = {"top": ["left", "right"], "left": ["bottom"], "right": ["bottom"], "bottom": []}


def test_who_requires_whom_can_be_turned() -> None:
    assert required_by(DIAMOND) == {"top": [], "left": ["top"], "right": ["top"], "bottom": ["left", "right"]}


def test_what_is_reached_is_told_with_how_far_it_is() -> None:
    assert reached(["top"], DIAMOND) == {"top": 0, "left": 1, "right": 1, "bottom": 2}
    assert reached(["top", "left"], DIAMOND, depth=1) == {"top": 0, "left": 0, "right": 1, "bottom": 1}
    assert reached([], DIAMOND) == {}
    assert reached(["a"], {"a": ["b"], "b": ["a"]}) == {"a": 0, "b": 1}
