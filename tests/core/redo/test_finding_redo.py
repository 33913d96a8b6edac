"""What is done again: forced by patterns, up and down the graph, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pytest

import luigi
from luigi.errors import CircularRequirement
from luigi.redo.finding import CannotForce
from luigi.redo.forcing import Forcing
from luigi.redo.redo import FORCED
from luigi.task_patterns import UnmatchedPattern
from luigi.worker.refusals import TaskException


def chain(node: Any, names: Iterable[str]) -> list[Any]:
    """Tasks of which each requires the one before."""
    tasks = [node(name) for name in names]
    node.needs = {task.name: (before,) for before, task in pairwise(tasks)}
    return tasks


def names(redo: Any, *tasks: Any) -> str:
    by_id = {task.task_id: task.name for task in tasks}
    return "".join(sorted(by_id[task_id] for task_id in redo.reasons))


def test_nothing_is_walked_when_nothing_can_be_done_again(node: Any, find: Any) -> None:
    class Unwalkable(node):
        def complete(self) -> bool:
            raise AssertionError("it was asked")

    redo = find(Unwalkable("a"))
    assert (redo.reasons, list(redo.roots)) == ({}, [])


@pytest.mark.parametrize(
    ("option", "done_again", "roots"),
    [("these", "b", "b"), ("upstream", "ab", "b"), ("downstream", "bcd", "")],
)
def test_a_complete_task_is_forced(
    node: Any, find: Any, written: Any, option: str, done_again: str, roots: str
) -> None:
    tasks = chain(node, "abcd")
    written(*"abcd")
    redo = find(tasks[-1], **{option: ["Node(name=b)"]})
    assert names(redo, *tasks) == done_again
    assert "".join(task.name for task in redo.roots) == roots
    flag = {"these": "--force", "upstream": "--force-upstream", "downstream": "--force-downstream"}[option]
    assert redo.reasons[tasks[1].task_id] == (FORCED, f"{flag} Node(name=b)", f"forced by {flag} Node(name=b)")


def test_what_an_incomplete_task_leads_to_is_no_root(node: Any, find: Any, written: Any) -> None:
    tasks = chain(node, "abc")
    written("a", "b")
    redo = find(tasks[2], these=["Node(name=b)"])
    assert names(redo, *tasks) == "b"
    assert list(redo.roots) == []
    redo = find(tasks[2], these=["Node(name=a)"])
    assert [task.name for task in redo.roots] == ["a"]


def test_a_forced_task_behind_a_complete_one_need_not_be_complete(node: Any, find: Any, written: Any) -> None:
    tasks = chain(node, "abc")
    written("c")
    redo = find(tasks[2], these=["Node(name=b)"])
    assert [task.name for task in redo.roots] == ["b"]


def test_a_pattern_that_means_nothing_names_the_nearest(node: Any, find: Any, written: Any) -> None:
    with pytest.raises(UnmatchedPattern) as caught:
        find(node("a"), these=["Nod"])
    assert caught.value.hint == "did you mean Node?"


def test_external_tasks_cannot_be_forced_and_are_left_out(node: Any, find: Any, written: Any) -> None:
    class Outside(node):
        run = None

    outside, task = Outside("a"), node("b")
    node.needs = {"b": (outside,)}
    written(*"ab")
    with pytest.raises(CannotForce, match="such as Outside\\(name=a\\), which is external"):
        find(task, these=["Outside"])
    assert names(find(task, upstream=["Node"]), outside, task) == "b"
    assert names(find(task, downstream=["Outside"]), outside, task) == "b"


def test_disabled_tasks_are_not_done_again(node: Any, find: Any, written: Any) -> None:
    class Off(node):
        disabled = True
        freshness = "max_age=1d"

    off, task = Off("a"), node("b")
    node.needs = {"b": (off,)}
    written(*"ab")
    assert not find(task).reasons
    assert names(find(task, upstream=["Node"]), off, task) == "b"
    with pytest.raises(CannotForce, match="which is disabled"):
        find(task, these=["Off"])


def test_a_ring_behind_complete_tasks_is_refused(node: Any, find: Any, written: Any) -> None:
    class Ring(node):
        def requires(self) -> Any:
            return Ring("b" if self.name == "a" else "a")

    written(*"ab")
    with pytest.raises(CircularRequirement, match="Ring"):
        find(Ring("a"), these=["Ring"])


def test_a_root_must_be_a_task(find: Any) -> None:
    with pytest.raises(TaskException):
        find("no task", these=["*"])


def test_a_complete_task_that_does_not_say_what_it_requires_is_no_mistake(node: Any, find: Any, written: Any) -> None:
    class Forgetful(node):
        def requires(self) -> Any:
            raise FileNotFoundError("the list of inputs is gone")

    written("a")
    assert find(Forgetful("a"), these=["Forgetful"]).reasons


def test_a_long_chain_needs_no_stack(node: Any, find: Any) -> None:
    class Done(node):
        def complete(self) -> bool:
            return True

    tasks = chain(Done, [str(number) for number in range(3000)])
    redo = find(tasks[-1], downstream=["Done(name=0)"])
    assert (len(redo.reasons), list(redo.roots)) == (3000, [])


# --- in a run ------------------------------------------------------------------------------------------------------


def build(*tasks: Any, **keywords: Any) -> Any:
    return luigi.build(tasks, local_scheduler=True, **keywords)


def test_a_run_does_it_again_in_order_and_once(node: Any, written: Any) -> None:
    tasks = chain(node, "abcd")
    written(*"abcd")
    assert build(tasks[-1], forcing=Forcing(downstream=["Node(name=b)"]))
    assert node.ran == ["b", "c", "d"]
    assert build(tasks[-1])
    assert node.ran == ["b", "c", "d"]
    assert build(tasks[-1], forcing=Forcing(these=["Node(name=a)"]), workers=2)


def test_what_is_missing_behind_a_forced_task_is_made_first(node: Any, written: Any) -> None:
    tasks = chain(node, "abc")
    written("b", "c")
    assert build(tasks[-1], forcing=Forcing(these=["Node(name=b)"]))
    assert node.ran == ["a", "b"]


@pytest.mark.parametrize("workers", [1, 2])
def test_what_a_task_writes_again_takes_the_place_of_what_was_there(
    node: Any, written: Any, folder: Any, workers: int
) -> None:
    class Careful(node):
        def run(self) -> Any:
            with self.output().temporary_path() as path, open(path, "w") as file:
                file.write("new")

    written("a")
    assert build(Careful("a"), forcing=Forcing(these=["Careful"]), workers=workers)
    assert (folder / "a.txt").read_text() == "new"


def test_a_task_that_is_not_done_again_still_replaces_nothing(node: Any, written: Any, folder: Any) -> None:
    class Racing(node):
        def run(self) -> Any:
            with self.output().temporary_path() as path:
                written("a")
                with open(path, "w") as file:
                    file.write("new")

    assert not build(Racing("a"))
    assert (folder / "a.txt").read_text() == "a"


def test_a_forced_task_that_fails_leaves_what_was_there(node: Any, written: Any, folder: Any) -> None:
    class Failing(node):
        def run(self) -> Any:
            with self.output().open("w") as file:
                file.write("half")
                raise ValueError("on purpose")

    written("a")
    assert not build(Failing("a"), forcing=Forcing(these=["Failing"]))
    assert (folder / "a.txt").read_text() == "a"
