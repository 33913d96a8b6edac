"""One try at one task: requirements checked, `run()` called or gone on with, events told, the end reported."""

from __future__ import annotations

import sys
from typing import Any

import pytest

import luigi
from luigi.worker.attempt import NotComplete, UnfulfilledDependencies

# --- dynamic requirements -------------------------------------------------------------------------------------------


def test_run_is_entered_once_however_often_it_waits(bench: Any, kept: Any) -> None:
    class Top(kept):
        def run(self) -> Any:
            self.ran.append("entered")
            for n in range(5):
                yield kept(n)
            self.finish()

    assert bench.run(Top())
    assert kept.ran == ["entered", *(f"Kept{n}" for n in range(5)), "Top0"]


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (lambda a, b: a, "Kept/1"),
        (lambda a, b: [a, b], ["Kept/1", "Kept/2"]),
        (lambda a, b: (a, b), ("Kept/1", "Kept/2")),
        (lambda a, b: {"x": a, "y": [b]}, {"x": "Kept/1", "y": ["Kept/2"]}),
        (lambda a, b: (task for task in [a, b]), ["Kept/1", "Kept/2"]),
        (lambda a, b: luigi.DynamicRequirements([a, b]), ["Kept/1", "Kept/2"]),
        (lambda a, b: luigi.DynamicRequirements({"x": a}), {"x": "Kept/1"}),
        (lambda a, b: [], []),
    ],
)
@pytest.mark.parametrize("ready", [False, True])
def test_a_yield_gives_the_outputs_in_the_same_shape(
    bench: Any, kept: Any, shape: Any, expected: Any, ready: bool
) -> None:
    def paths(outputs: Any) -> Any:
        if isinstance(outputs, dict):
            return {key: paths(value) for key, value in outputs.items()}
        if isinstance(outputs, list | tuple):
            return type(outputs)(paths(value) for value in outputs)
        return outputs.path

    class Top(kept):
        def run(self) -> Any:
            self.got = paths((yield shape(kept(1), kept(2))))
            self.finish()

    if ready:
        kept(1).finish()
        kept(2).finish()
    assert bench.run(Top())
    assert Top().got == expected


def test_a_custom_check_says_whether_dynamic_requirements_are_there(bench: Any, kept: Any) -> None:
    asked = []

    def complete(check: Any) -> bool:
        asked.append(check(kept(1)))
        return all(check(kept(n)) for n in (1, 2))

    class Top(kept):
        def run(self) -> Any:
            yield luigi.DynamicRequirements([kept(1), kept(2)], complete)
            self.finish()

    assert bench.run(Top())
    assert asked == [False, True]


def test_a_suspended_run_that_is_given_up_is_closed(bench: Any, kept: Any, missing: Any) -> None:
    class Top(kept):
        def run(self) -> Any:
            try:
                yield missing()
            finally:
                self.ran.append("closed")

    bench.run(Top())
    assert kept.ran == ["closed"]


@pytest.mark.parametrize("raised", [ValueError, SystemExit])
def test_a_finally_that_raises_does_not_keep_others_open(
    bench: Any, kept: Any, missing: Any, raised: Any, caplog: Any
) -> None:
    class Top(kept):
        def run(self) -> Any:
            try:
                yield missing()
            finally:
                self.ran.append(f"closed{self.n}")
                raise raised("in finally")

    assert bench.run(Top(1), Top(2))
    assert sorted(kept.ran) == ["closed1", "closed2"]
    assert "in finally" in caplog.text


@pytest.mark.parametrize("wrong", [5, "text", luigi.LocalTarget("x"), luigi.Task, [None, 5]])
def test_yielding_something_else_than_tasks_is_a_failure_that_says_so(
    bench: Any, kept: Any, wrong: Any, caplog: Any
) -> None:
    class Top(kept):
        def run(self) -> Any:
            try:
                yield wrong
            finally:
                self.ran.append("closed")

    assert not bench.run(Top(), kept(1))
    assert kept.ran == ["closed", "Kept1"]
    assert "Top(n=0): run() yielded" in caplog.text
    assert "Traceback" not in caplog.text


def test_a_dynamic_requirement_that_waits_for_its_own_parent_fails_the_parent(
    bench: Any, kept: Any, caplog: Any
) -> None:
    class Middle(kept):
        def requires(self) -> Any:
            return Top()

    class Top(kept):
        def run(self) -> Any:
            try:
                yield kept(1), Middle()
            finally:
                self.ran.append("closed")

    assert not bench.run(Top(), kept(2))
    assert "Top(n=0) -> Middle(n=0) -> Top(n=0)" in caplog.text
    assert "Top(n=0) -> Middle(n=0) -> Top(n=0)" in bench.failure(Top())
    assert kept.ran == ["closed", "Kept1", "Kept2"] or kept.ran == ["closed", "Kept2", "Kept1"]


def test_tasks_that_yield_each_other_are_a_ring_too(bench: Any, kept: Any, caplog: Any) -> None:
    class Ping(kept):
        def run(self) -> Any:
            yield Pong()

    class Pong(kept):
        def run(self) -> Any:
            yield Ping()

    assert not bench.run(Ping())
    assert "Pong(n=0) -> Ping(n=0) -> Pong(n=0)" in caplog.text


def test_a_task_that_yields_itself_fails(bench: Any, kept: Any, caplog: Any) -> None:
    class Own(kept):
        def run(self) -> Any:
            yield self

    assert not bench.run(Own())
    assert "Own(n=0) -> Own(n=0)" in caplog.text


def test_a_dynamic_requirement_that_cannot_be_fails_its_parent_and_nothing_else(
    bench: Any, kept: Any, caplog: Any, events: Any
) -> None:
    class Wrong(kept):
        def requires(self) -> Any:
            return "nonsense"

    class Top(kept):
        def run(self) -> Any:
            yield Wrong()

    assert not bench.run(Top(), kept(1))
    assert kept.ran == ["Kept1"]
    assert "Wrong(n=0): requires() gave 'nonsense'" in caplog.text
    assert ("FAILURE", "Top") in [told[:2] for told in events]


# --- requirements at run time ---------------------------------------------------------------------------------------


class TestAVanishedRequirement:
    """A requirement that was there when the graph was walked and is not when the task is to run."""

    @pytest.fixture
    def graph(self, kept: Any) -> Any:
        class Dep(kept):
            pass

        class Remover(kept):
            priority = 5

            def run(self) -> None:
                self.done.discard(Dep().task_id)
                self.finish()

        class Top(kept):
            def requires(self) -> Any:
                return [Dep(), Remover()]

        Dep().done.add(Dep().task_id)
        return Top()

    def test_it_is_made_again(self, bench: Any, kept: Any, graph: Any) -> None:
        assert not bench.run(graph), "there was a failure"
        assert kept.ran == ["Remover0", "Dep0", "Top0"]

    def test_without_reschedules_the_task_stays_failed(self, bench: Any, kept: Any, graph: Any, caplog: Any) -> None:
        assert not bench.run(graph, max_reschedules=0)
        assert kept.ran == ["Remover0"]
        dep = graph.requires()[0]
        assert f"Unfulfilled dependency at run time: {dep.task_id} (Dep/0)" in caplog.text

    def test_unchecked_the_task_runs(self, bench: Any, kept: Any, graph: Any) -> None:
        assert bench.run(graph, check_unfulfilled_deps=False)
        assert kept.ran == ["Remover0", "Top0"]


@pytest.mark.parametrize("max_reschedules", [0, 1, 3])
def test_a_requirement_that_is_never_written_is_tried_so_often_and_no_more(
    bench: Any, kept: Any, max_reschedules: int
) -> None:
    class Lies(kept):
        def run(self) -> None:
            self.ran.append("lies")

    class Top(kept):
        def requires(self) -> Any:
            return Lies()

    assert not bench.run(Top(), max_reschedules=max_reschedules)
    assert kept.ran == ["lies"] * (1 + max_reschedules)
    assert bench.seen(Top()).failures == 1 + max_reschedules


def test_the_error_names_all_that_is_missing_and_what_to_look_at(kept: Any) -> None:
    error = UnfulfilledDependencies([kept(1), kept(2)])
    assert str(error).startswith("Unfulfilled dependencies at run time: Kept_1_")
    assert "(Kept/2)" in str(error)
    assert isinstance(error, RuntimeError)
    assert error.hint


# --- ends -----------------------------------------------------------------------------------------------------------


def test_a_task_that_writes_nothing_is_a_success_unless_asked(bench: Any, kept: Any, caplog: Any) -> None:
    class Lazy(kept):
        def run(self) -> None:
            pass

    assert bench.run(Lazy())
    assert not bench.run(Lazy(), check_complete_on_run=True)
    assert str(NotComplete("Task finished running, but complete() is still returning false.")) in caplog.text


@pytest.mark.parametrize("raised", [ValueError("bad"), SystemExit(3), GeneratorExit(), BaseException("odd")])
def test_whatever_a_task_raises_is_its_failure(bench: Any, kept: Any, raised: Any, caplog: Any) -> None:
    class Fails(kept):
        def run(self) -> None:
            raise raised

    assert not bench.run(Fails(), kept(1))
    assert kept.ran == ["Kept1"]
    assert bench.failure(Fails()).startswith("Runtime error:\nTraceback")
    assert type(raised).__name__ in bench.failure(Fails())
    assert "failed    Fails(n=0)" in caplog.text


def test_sys_exit_with_zero_is_a_failure_too(bench: Any, kept: Any) -> None:
    class Exits(kept):
        def run(self) -> None:
            sys.exit(0)

    assert not bench.run(Exits())


def test_a_kernel_error_in_the_task_s_own_code_is_logged_with_its_line(bench: Any, kept: Any, caplog: Any) -> None:
    class Needs(luigi.Task):
        n = luigi.IntParameter()

    class Fails(kept):
        def run(self) -> None:
            Needs()  # no value for n

    bench.run(Fails())
    assert "Needs()  # no value for n" in caplog.text


@pytest.mark.parametrize("where", ["run", "on_success", "handler"])
def test_ctrl_c_ends_the_run_and_leaves_the_task_clean(bench: Any, kept: Any, where: str) -> None:
    def interrupt(*args: Any) -> None:
        raise KeyboardInterrupt

    class Interrupted(kept):
        pass

    if where == "handler":
        Interrupted.event_handler(luigi.Event.START)(interrupt)
    else:
        setattr(Interrupted, where, interrupt)
    with pytest.raises(KeyboardInterrupt):
        bench.run(Interrupted(), kept(1))
    assert "_reporter" not in vars(Interrupted())
    assert "Kept1" not in kept.ran


def test_what_on_failure_and_on_success_give_is_reported(bench: Any, kept: Any) -> None:
    class Fails(kept):
        def run(self) -> None:
            raise ValueError("bad")

        def on_failure(self, exception: BaseException) -> str:
            return f"because of {exception}"

    class Silent(Fails):
        def on_failure(self, exception: BaseException) -> None:
            return None

    class Succeeds(kept):
        def on_success(self) -> str:
            return "42 rows"

    bench.run(Fails(), Succeeds(), Silent())
    assert bench.failure(Fails()) == "because of bad"
    assert bench.failure(Succeeds()) == "42 rows"
    assert bench.failure(Silent()) == "None", "the scheduler was told nothing"


@pytest.mark.parametrize("raised", [KeyError, SystemExit])
def test_an_on_failure_that_raises_is_logged_and_told(bench: Any, kept: Any, raised: Any, caplog: Any) -> None:
    class Fails(kept):
        def run(self) -> None:
            raise ValueError("first")

        def on_failure(self, exception: BaseException) -> None:
            raise raised("second")

    assert not bench.run(Fails(), kept(1))
    assert kept.ran == ["Kept1"]
    assert "first" in bench.failure(Fails())
    assert "second" in bench.failure(Fails())
    assert "on_failure() raised" in caplog.text


def test_an_on_success_that_raises_is_a_failure(bench: Any, kept: Any, events: Any) -> None:
    class Fails(kept):
        def on_success(self) -> None:
            raise KeyError("late")

    assert not bench.run(Fails())
    assert [told[0] for told in events] == ["START", "PROCESSING_TIME", "FAILURE"]


# --- events, in Luigi's order ---------------------------------------------------------------------------------------


def test_the_events_of_a_task_that_succeeds(bench: Any, kept: Any, events: Any) -> None:
    class Ready(kept):
        def complete(self) -> bool:
            return True

    class Top(kept):
        def requires(self) -> Any:
            return [kept(1), Ready()]

    bench.run(Top())
    assert events[:3] == [
        ("DEPENDENCY_DISCOVERED", "Top", kept(1)),
        ("DEPENDENCY_DISCOVERED", "Top", Ready()),
        ("DEPENDENCY_PRESENT", "Ready"),
    ]
    rest = [told[:2] for told in events[3:]]
    assert rest == [(name, task) for task in ("Kept", "Top") for name in ("START", "PROCESSING_TIME", "SUCCESS")]
    assert all(type(told[2]) is float for told in events if told[0] == "PROCESSING_TIME")


def test_the_events_of_a_task_that_fails(bench: Any, kept: Any, events: Any) -> None:
    class Fails(kept):
        def run(self) -> None:
            raise error

        def on_failure(self, exception: BaseException) -> None:
            events.append(("on_failure", exception))

    error = ValueError()
    bench.run(Fails())
    assert events == [("START", "Fails"), ("FAILURE", "Fails", error), ("on_failure", error)]


def test_the_events_of_what_is_missing_or_broken(bench: Any, kept: Any, missing: Any, events: Any) -> None:
    def broken(self: Any) -> Any:
        raise error

    class BrokenCheck(kept):
        complete = broken

    class BrokenRequires(kept):
        requires = broken

    error = ValueError()
    bench.run(missing(), BrokenCheck(), BrokenRequires())
    assert events == [
        ("DEPENDENCY_MISSING", "Missing"),
        ("DEPENDENCY_MISSING", "BrokenCheck"),
        ("BROKEN_TASK", "BrokenRequires", error),
    ]


def test_a_task_that_waits_starts_and_succeeds_once(bench: Any, kept: Any, events: Any) -> None:
    class Top(kept):
        def run(self) -> Any:
            yield kept(1)
            yield kept(2)
            self.finish()

    bench.run(Top())
    assert [told[0] for told in events if told[1] == "Top"] == ["START", "PROCESSING_TIME", "SUCCESS"]


def test_a_handler_that_raises_is_logged_and_the_next_is_called(bench: Any, kept: Any, caplog: Any) -> None:
    called = []

    class Watched(kept):
        pass

    @Watched.event_handler(luigi.Event.START)
    def breaks(task: Any) -> None:
        raise SystemExit("handler")

    @Watched.event_handler(luigi.Event.START)
    def works(task: Any) -> None:
        called.append(task)

    assert bench.run(Watched())
    assert called == [Watched()]
    assert "Error in event callback for 'event.core.start'" in caplog.text
