"""What a worker declares of a graph, whole and slice by slice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import pytest

import luigi
from luigi.defaults import luigi_is_complete
from luigi.errors import BadRequirement, CircularRequirement
from luigi.interfaces import Batcher, RetryPolicy, TaskSpec
from luigi.parameter import ParameterVisibility
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, RUNNING, UNKNOWN
from luigi.testing import FakeClock
from luigi.worker.checks.checks import Remembering
from luigi.worker.planning.planning import Planning, spec_of
from luigi.worker.record import RunRecord


class Ear:
    """A scheduler that writes down what is declared to it."""

    def __init__(self) -> None:
        self.heard: list[list[TaskSpec]] = []
        self.batchers: list[Batcher] = []

    def declare(self, worker: str, tasks: Sequence[TaskSpec], batchers: Sequence[Batcher] = (), call: int = 0) -> None:
        self.heard.append(list(tasks))
        self.batchers.extend(batchers)

    def names(self) -> list[str]:
        """The names of the nodes in each declaration."""
        return ["".join(spec.params["name"] for spec in specs) for specs in self.heard]


class Node(luigi.Task):
    name = luigi.Parameter()
    edges: ClassVar[dict[str, str]] = {}
    done: ClassVar[set[str]] = set()
    checked: ClassVar[list[str]] = []
    required: ClassVar[list[str]] = []

    def requires(self) -> Any:
        self.required.append(self.name)
        return [Node(dep) for dep in self.edges.get(self.name, "")]

    def complete(self) -> bool:
        self.checked.append(self.name)
        if self.name == "!":
            raise ValueError("not to be checked")
        return self.name in self.done


@pytest.fixture(autouse=True)
def graph() -> None:
    """a needs b and c, b needs d and e."""
    Node.edges = {"a": "bc", "b": "de"}
    for kept in (Node.done, Node.checked, Node.required):
        kept.clear()  # type: ignore[attr-defined]


@pytest.fixture
def ear() -> Ear:
    """Who is told."""
    return Ear()


def planning(
    ear: Any, is_complete: Any = luigi_is_complete, record: RunRecord | None = None, **options: Any
) -> Planning:
    given: dict[str, Any] = {"task_limit": None, "retry_external_tasks": False, **options}
    return Planning(ear, "w", record or RunRecord(), is_complete, **given)


def unexplained(specs: list[TaskSpec]) -> list[TaskSpec]:
    return [spec._replace(explanation=None) for spec in specs]


# --- whole -------------------------------------------------------------------------------------------------------


def test_a_graph_is_declared_at_once(ear: Ear) -> None:
    assert planning(ear).plan([Node("a")])
    assert ear.names() == ["abcde"]


def test_nothing_is_declared_of_a_graph_that_cannot_be(ear: Ear) -> None:
    Node.edges = {"a": "bc", "c": "a"}
    with pytest.raises(CircularRequirement):
        planning(ear).plan([Node("a")])
    assert ear.heard == []


def test_a_check_that_raises_is_told(ear: Ear) -> None:
    Node.edges = {"a": "b!"}
    plan = planning(ear)
    assert not plan.plan([Node("a")])
    assert [spec.status for spec in ear.heard[0]] == [PENDING, PENDING, UNKNOWN]
    assert "ValueError: not to be checked" in (ear.heard[0][2].explanation or "")
    assert not ear.heard[0][2].runnable


# --- in slices ---------------------------------------------------------------------------------------------------


def test_slices_are_declared_as_they_come(ear: Ear) -> None:
    plan = planning(ear)
    walk = plan.begin([Node("a")])
    assert ear.heard == []
    assert plan.step(2)
    assert (ear.names(), Node.checked) == (["ab"], ["a", "b"])
    assert plan.walking
    assert not plan.step(10)
    assert ear.names() == ["ab", "cde"]
    assert (walk.ended, walk.whole, plan.walking, plan.step()) == (True, True, False, False)


def test_a_slice_ends_when_its_time_is_over(ear: Ear) -> None:
    clock = FakeClock(0)

    def slow(task: luigi.Task) -> bool:
        clock.advance(0.4)
        return False

    plan = planning(ear, slow, clock=clock)
    plan.begin([Node("a")])
    assert plan.step(seconds=1)
    assert ear.names() == ["abc"]
    assert not plan.step(seconds=1)


def test_a_task_may_be_declared_before_what_it_requires(ear: Ear) -> None:
    plan = planning(ear)
    plan.begin([Node("a")])
    plan.step(1)
    assert ear.heard[0][0].deps == [Node("b").task_id, Node("c").task_id]


def test_a_circle_is_found_when_the_walk_ends(ear: Ear) -> None:
    Node.edges = {"a": "b", "b": "c", "c": "a"}
    plan = planning(ear)
    plan.begin([Node("a")])
    assert plan.step(2)
    with pytest.raises(CircularRequirement):
        plan.step(2)
    assert ear.names() == ["ab"]
    assert not plan.walking


def test_nothing_is_declared_of_an_impossible_graph_that_fits_into_one_slice(ear: Ear) -> None:
    Node.edges = {"a": "b", "b": "a"}
    plan = planning(ear)
    plan.begin([Node("a")])
    with pytest.raises(CircularRequirement):
        plan.step()
    assert ear.heard == []


def test_a_check_that_raises_in_a_later_slice_is_noted(ear: Ear) -> None:
    Node.edges = {"a": "b!"}
    record = RunRecord()
    plan = planning(ear, record=record)
    walk = plan.begin([Node("a")])
    plan.step(1)
    assert record.scheduling_succeeded
    plan.step()
    assert not walk.whole
    assert not record.scheduling_succeeded


def test_the_task_limit_ends_the_walk(ear: Ear) -> None:
    plan = planning(ear, task_limit=3)
    plan.begin([Node("a")])
    assert plan.step(2)
    assert not plan.step(2)
    assert ear.names() == ["ab", "c"]


def test_walks_are_taken_one_after_the_other(ear: Ear) -> None:
    plan = planning(ear)
    met: set[str] = set()
    plan.begin([Node("b")], met)
    plan.begin([Node("a")], met)
    while plan.step(2):
        pass
    assert ear.names() == ["bd", "e", "ac"]


def test_what_a_running_task_had_declared_meanwhile_is_not_declared_again(ear: Ear) -> None:
    plan = planning(ear)
    plan.begin([Node("a")])
    plan.step(1)  # b and c are met, and wait to be looked at
    plan.plan([Node("x")])
    plan.plan_for(Node("x"), [Node("b")])
    plan.step()
    assert ear.names() == ["a", "x", "bde", "c"]


def test_a_graph_added_while_another_is_walked_takes_nothing_from_it(ear: Ear) -> None:
    plan = planning(ear)
    met: set[str] = set()
    plan.begin([Node("a")], met)
    plan.step(1)
    plan.plan([Node("c"), Node("x")], met)  # c is met, and waits for its turn
    plan.step()
    assert ear.names() == ["a", "x", "bcde"]


def test_closing_gives_up_walks(ear: Ear) -> None:
    plan = planning(ear)
    plan.begin([Node("a")])
    plan.step(1)
    plan.close()
    assert not plan.walking
    assert not plan.step()
    assert ear.names() == ["a"]


# --- dynamic requirements ----------------------------------------------------------------------------------------


def test_what_is_on_its_way_is_not_walked_again(ear: Ear) -> None:
    plan = planning(ear)
    plan.plan([Node("x"), Node("a")])
    Node.checked.clear()
    assert plan.plan_for(Node("x"), [Node("a")]) == [Node("a").task_id]
    assert Node.checked == []
    plan.plan_for(Node("x"), [Node("a")])  # it was waited for, and is still not complete
    assert Node.checked == list("abcde")


def test_handlers_hear_of_what_is_on_its_way_as_well(ear: Ear) -> None:
    told: list[tuple[luigi.Task, luigi.Task]] = []

    @Node.event_handler(luigi.Event.DEPENDENCY_DISCOVERED)
    def handler(task: luigi.Task, dep: luigi.Task) -> None:
        told.append((task, dep))

    try:
        plan = planning(ear)
        plan.plan([Node("x"), Node("b")])
        plan.plan_for(Node("x"), [Node("b")])
    finally:
        Node.remove_event_handler(luigi.Event.DEPENDENCY_DISCOVERED, handler)
    assert told == [(Node("b"), Node("d")), (Node("b"), Node("e"))] * 2


def test_what_a_walk_that_raised_had_met_is_walked_again(ear: Ear) -> None:
    plan = planning(ear)
    plan.plan([Node("x")])
    Node.edges = {"y": "z", "z": "y"}
    for _ in range(2):
        with pytest.raises(CircularRequirement):
            plan.plan_for(Node("x"), [Node("y")])
    Node.edges = {}
    plan.plan_for(Node("x"), [Node("y")])
    assert ear.names() == ["x", "y"]


def test_a_done_or_failed_requirement_is_declared_anew(ear: Ear) -> None:
    record = RunRecord()
    plan = planning(ear, record=record)
    plan.plan([Node("x"), Node("d"), Node("e")])
    record.seen[Node("d").task_id].status = DONE
    record.seen[Node("e").task_id].status = FAILED
    plan.plan_for(Node("x"), [Node("d"), Node("e")])
    assert ear.names() == ["xde", "de"]


def test_a_task_that_waits_for_itself_is_refused(ear: Ear) -> None:
    plan = planning(ear)
    plan.plan([Node("a")])
    with pytest.raises(CircularRequirement, match="name=d.*name=b.*name=d"):
        plan.plan_for(Node("d"), [Node("b")])


class Counted(list[str]):
    """Counts how often it is gone through."""

    gone_through = 0

    def __iter__(self) -> Any:
        self.gone_through += 1
        return super().__iter__()


def test_many_waits_one_after_the_other_cost_the_same_each(ear: Ear) -> None:
    record = RunRecord()
    plan = planning(ear, record=record)
    plan.plan([Node("x")])
    deps = record.seen[Node("x").task_id].deps = Counted()
    for number in range(50):
        plan.plan_for(Node("x"), [Node(f"n{number}")])
        record.seen[Node(f"n{number}").task_id].status = DONE
    assert deps == [Node(f"n{number}").task_id for number in range(50)]
    assert record.seen[Node("x").task_id].deps is deps
    assert deps.gone_through <= 2
    assert len(Node.checked) == 51


# --- checks ------------------------------------------------------------------------------------------------------


class Batch(luigi.Task):
    n = luigi.IntParameter()
    asked: ClassVar[list[list[int]]] = []
    done: ClassVar[set[int]] = set()

    def complete(self) -> bool:
        raise AssertionError("asked alone")

    @classmethod
    def bulk_complete(cls, parameter_tuples: Iterable[Any]) -> list[int]:
        cls.asked.append(list(parameter_tuples))
        return [n for n in cls.asked[-1] if n in cls.done]


class Batches(luigi.WrapperTask):
    def requires(self) -> Any:
        return [Batch(n) for n in range(4)]

    def complete(self) -> bool:
        return False


@pytest.fixture
def batch() -> Any:
    """A class that is checked in bulk; 2 is complete."""
    Batch.asked.clear()
    Batch.done = {2}
    return Batch


def test_tasks_of_a_class_are_checked_together(ear: Ear, batch: Any) -> None:
    planning(ear).plan([Batches()])
    assert [spec.status for spec in ear.heard[0]] == [PENDING, PENDING, PENDING, DONE, PENDING]
    assert batch.asked == [[0, 1, 2, 3]]


def test_a_plugin_around_the_step_sees_every_check(ear: Ear, batch: Any) -> None:
    seen: list[str] = []

    def step(task: luigi.Task) -> bool:
        seen.append(task.task_id)
        return False

    planning(ear, step).plan([Batches()])
    assert len(seen) == 5
    assert batch.asked == []


def test_bulk_checks_feed_the_memory(ear: Ear, batch: Any) -> None:
    record = RunRecord()
    remembering = Remembering(luigi_is_complete, record)
    plan = planning(ear, remembering, record=record)
    plan.plan([Batches()])
    assert remembering.cache == {Batch(2).task_id: True}
    plan.plan([Batches()])
    assert batch.asked == [[0, 1, 2, 3], [0, 1, 3]]
    assert remembering(Batch(2))


@pytest.mark.parametrize("processes", [0, 2])
def test_checks_at_the_same_time_find_the_same_in_the_same_order(ear: Ear, processes: int) -> None:
    Node.edges = {"a": "bcd", "b": "e!f", "d": "gh"}
    Node.done.update("cg")
    planning(ear).plan([Node("a")])
    record = RunRecord()
    assert not planning(ear, record=record).plan([Node("a")], multiprocess=True, processes=processes)
    serial, parallel = ear.heard
    assert unexplained(serial) == unexplained(parallel)
    explained = [spec.explanation or "" for spec in parallel if spec.status == UNKNOWN]
    assert len(explained) == 1
    assert "ValueError: not to be checked" in explained[0]


def test_events_are_triggered_where_the_worker_is(ear: Ear) -> None:
    import threading

    told: list[threading.Thread] = []

    @Node.event_handler(luigi.Event.DEPENDENCY_DISCOVERED)
    def handler(task: luigi.Task, dep: luigi.Task) -> None:
        told.append(threading.current_thread())

    try:
        planning(ear).plan([Node("a")], multiprocess=True)
    finally:
        Node.remove_event_handler(luigi.Event.DEPENDENCY_DISCOVERED, handler)
    assert told == [threading.main_thread()] * 4


def test_a_plugin_around_the_step_is_called_in_this_process(ear: Ear) -> None:
    seen: list[str] = []

    def step(task: luigi.Task) -> bool:
        seen.append(task.task_id)
        return False

    planning(ear, step).plan([Node("a")], multiprocess=True, processes=2)
    assert len(seen) == 5


# --- what is said of a task --------------------------------------------------------------------------------------


class Plain(luigi.Task):
    n = luigi.IntParameter(default=0)

    def complete(self) -> bool:
        return False


def declared(ear: Ear, *tasks: luigi.Task) -> list[TaskSpec]:
    planning(ear).plan(tasks)
    return ear.heard[-1]


def test_a_plain_task_says_no_more_than_it_must(ear: Ear) -> None:
    (spec,) = declared(ear, Plain())
    assert spec[5:] == TaskSpec("", "")[5:]
    assert ear.batchers == []


def test_settings_are_said(ear: Ear) -> None:
    class Set(Plain):
        secretly = luigi.Parameter(default="", visibility=ParameterVisibility.HIDDEN)
        accepts_messages = True
        owner_email = "a@example.com,b@example.com"
        priority = 7
        resources: ClassVar[Any] = {"db": 2}

    (spec,) = declared(ear, Set())
    assert (spec.hidden, spec.accepts_messages, spec.priority) == (("secretly",), True, 7)
    assert (spec.owners, spec.resources) == (("a@example.com", "b@example.com"), {"db": 2})


def test_pages_do_not_show_hidden_parameters_of_complete_tasks_either(ear: Ear) -> None:
    class Complete(Plain):
        secretly = luigi.Parameter(default="", visibility=ParameterVisibility.HIDDEN)

        def complete(self) -> bool:
            return True

    assert declared(ear, Complete())[0].hidden == ("secretly",)


def test_settings_of_one_task_are_its_own(ear: Ear) -> None:
    class Own(Plain):
        @property
        def accepts_messages(self) -> bool:
            return bool(self.n)

        @property
        def owner_email(self) -> Any:
            return [f"{self.n}@example.com"] if self.n else None

    none, one = declared(ear, Own(0), Own(1))
    assert (none.accepts_messages, none.owners) == (False, ())
    assert (one.accepts_messages, one.owners) == (True, ("1@example.com",))


class Batched(Plain):
    day = luigi.Parameter(default="", batch_method=max)
    max_batch_size = 5


def test_a_family_that_can_be_batched_is_told_once(ear: Ear) -> None:
    plan = planning(ear)
    plan.plan([Batched(0), Batched(1), Plain()])
    plan.plan([Batched(2)])
    assert [spec.batchable for specs in ear.heard for spec in specs] == [True, True, False, True]
    assert ear.batchers == [Batcher("Batched", ("day",), 5)]


def test_the_size_of_a_batch_may_be_a_property(ear: Ear) -> None:
    class Sized(Batched):
        @property
        def max_batch_size(self) -> Any:
            return self.n

    assert [spec.batchable for spec in declared(ear, Sized(0), Sized(1), Sized(3))] == [False, False, True]
    assert ear.batchers == [Batcher("Sized", ("day",), 3)]


def test_a_task_may_say_that_it_is_not_to_be_batched(ear: Ear) -> None:
    class Alone(Batched):
        batchable = False

    assert not declared(ear, Alone())[0].batchable


def test_a_class_with_a_private_parameter_is_never_batched(ear: Ear) -> None:
    class Secret(Batched):
        key = luigi.Parameter(default="", visibility=ParameterVisibility.PRIVATE)

    assert not declared(ear, Secret())[0].batchable
    assert ear.batchers == []


@pytest.mark.parametrize(
    ("attributes", "policy"),
    [
        ({}, None),
        ({"retry_count": 3}, RetryPolicy(3)),
        ({"disable_window": 60}, RetryPolicy(disable_window=60)),
        ({"disable_window_seconds": 60, "disable_hard_timeout": 5}, RetryPolicy(None, 5, 60)),
        ({"retry_policy": RetryPolicy(retry_delay=1, backoff_factor=2)}, RetryPolicy(retry_delay=1, backoff_factor=2)),
        ({"retry_policy": RetryPolicy(retry_count=9, retry_delay=1), "retry_count": 3}, RetryPolicy(3, retry_delay=1)),
        ({"retry_policy": RetryPolicy()}, None),
        ({"retry_policy": "mine, not luigi's"}, None),
        ({"retry_policy": "mine, not luigi's", "retry_count": 0}, RetryPolicy(0)),
    ],
)
def test_older_attributes_go_before_the_policy(ear: Ear, attributes: dict[str, Any], policy: Any) -> None:
    cls: Any = type(Plain)("WithPolicy", (Plain,), {**attributes, "__module__": __name__})
    assert declared(ear, cls())[0].retry_policy == policy


def test_one_task_apart_from_any_planning() -> None:
    spec = spec_of(Batched(4, "x"), PENDING, None, explanation="why")
    assert (spec.task_id, spec.deps, spec.runnable, spec.batchable) == (Batched(4, "x").task_id, None, True, False)
    assert (spec.params, spec.explanation) == ({"n": "4", "day": "x"}, "why")


# --- again -------------------------------------------------------------------------------------------------------


def test_what_is_not_done_is_declared_again_without_a_walk(ear: Ear) -> None:
    Node.edges = {"a": "bc!", "b": "de"}
    record = RunRecord()
    plan = planning(ear, record=record)
    plan.plan([Node("a"), Batched(1)])
    for name, status in {"c": DONE, "d": RUNNING, "e": FAILED}.items():
        record.seen[Node(name).task_id].status = status
    plan.plan_for(Node("d"), [Node("f")])
    Node.checked.clear()
    ear.heard.clear()
    ear.batchers.clear()
    plan.declare_again(leaving_out={Node("f").task_id})
    (specs,) = ear.heard
    assert {spec.params.get("name"): spec.status for spec in specs} == {
        **dict.fromkeys(["a", None, "b", "d", "e"], PENDING),
        "!": UNKNOWN,
    }
    assert [spec.runnable for spec in specs if spec.status == UNKNOWN] == [False]
    assert next(spec.deps for spec in specs if spec.params.get("name") == "d") == [Node("f").task_id]
    assert Node.checked == []
    assert ear.batchers == [Batcher("Batched", ("day",), 5)]


def test_a_disabled_task_stays_disabled_when_declared_again(ear: Ear) -> None:
    class Off(Plain):
        disabled = True

    plan = planning(ear)
    plan.plan([Off()])
    plan.declare_again()
    assert [(specs[0].status, specs[0].runnable) for specs in ear.heard] == [(DISABLED, True)] * 2


def test_a_requirement_that_is_no_task_ends_the_walk(ear: Ear) -> None:
    class Wrong(Plain):
        def requires(self) -> Any:
            return ["no task"]

    plan = planning(ear)
    plan.begin([Plain(), Wrong()])
    assert plan.step(1)
    with pytest.raises(BadRequirement):
        plan.step(1)
    assert not plan.walking
    assert len(ear.heard) == 1
