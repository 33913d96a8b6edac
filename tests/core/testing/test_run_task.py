"""`run_task`, as a user's test would call it."""

from __future__ import annotations

from typing import Any

import pytest

import luigi
from luigi.testing import FakeClock, NotRun, Recorder, run_here, run_task


class Part(luigi.Task):
    folder = luigi.PathParameter()
    n = luigi.IntParameter()

    def requires(self) -> Any:
        return Part(folder=self.folder, n=self.n - 1) if self.n else []

    def output(self) -> Any:
        return luigi.LocalTarget(self.folder / str(self.n))

    def run(self) -> Any:
        with self.output().open("w") as out:
            out.write(str(self.n))


def test_it_runs_a_task_with_its_requirements_and_gives_it_back(tmp_path: Any) -> None:
    task = Part(folder=tmp_path, n=2)
    assert run_task(task) is task
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0", "1", "2"]
    run_task(task)  # nothing is left to do, and that is fine


def test_it_is_quiet(tmp_path: Any, caplog: Any, capfd: Any) -> None:
    caplog.set_level("DEBUG")
    run_task(Part(folder=tmp_path, n=1))
    assert [one for one in caplog.records if one.name.startswith("luigi")] == []  # others have threads of their own
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("where", ["requires", "complete", "run", "on_success"])
def test_it_raises_the_task_s_own_exception(tmp_path: Any, where: str) -> None:
    error = LookupError("mine")

    def fail(self: Any) -> Any:
        raise error

    failing: Any = type(luigi.Task)("Failing", (Part,), {where: fail, "__module__": __name__})

    class Top(Part):
        def requires(self) -> Any:
            return failing(folder=self.folder, n=0)

    for task in (failing(folder=tmp_path, n=0), Top(folder=tmp_path, n=7)):
        for left in tmp_path.iterdir():
            left.unlink()
        with pytest.raises(LookupError) as caught:
            run_task(task)
        assert caught.value is error


def test_what_cannot_run_says_why(tmp_path: Any) -> None:
    class Gone(luigi.ExternalTask):
        def output(self) -> Any:
            return luigi.LocalTarget(tmp_path / "gone")

    class Top(Part):
        def requires(self) -> Any:
            return Gone()

    with pytest.raises(NotRun, match="Top.* was not run") as caught:
        run_task(Top(folder=tmp_path, n=1))
    assert caught.value.hint == "missing external data: Gone()"


def test_a_retry_that_succeeds_is_a_success_and_takes_no_time(tmp_path: Any) -> None:
    class Flaky(Part):
        tries = 0

        def run(self) -> None:
            Flaky.tries += 1
            if Flaky.tries < 3:
                raise ValueError
            super().run()

    clock = FakeClock()
    run_task(Flaky(folder=tmp_path, n=0), clock=clock, keep_alive=True)
    assert clock.now() >= 2 * 900


def test_worker_options_and_plugins_are_taken(tmp_path: Any) -> None:
    class Lazy(Part):
        def run(self) -> None:
            pass

    with pytest.raises(Exception, match="complete"):
        run_task(Lazy(folder=tmp_path, n=0), check_complete_on_run=True)
    with pytest.raises(luigi.parameter.UnknownParameterException, match="keep_alife"):
        run_task(Lazy(folder=tmp_path, n=0), keep_alife=True)

    class Counting:
        runs = 0

        @luigi.hookimpl(wrapper=True)
        def luigi_run_task(self) -> Any:
            self.runs += 1
            return (yield)

    counting = Counting()
    run_task(Part(folder=tmp_path, n=2), plugins=[counting])
    assert counting.runs == 3


def test_it_leaves_no_handler_behind(tmp_path: Any) -> None:
    before = {event: dict(handlers) for event, handlers in luigi.Task._event_callbacks.get(luigi.Task, {}).items()}
    run_task(Part(folder=tmp_path, n=0))
    after = luigi.Task._event_callbacks.get(luigi.Task, {})
    assert {event: handlers for event, handlers in after.items() if handlers} == {
        event: handlers for event, handlers in before.items() if handlers
    }


class Unfit:
    """Raises whenever something happens to a task."""

    @luigi.hookimpl
    def luigi_task_event(self) -> None:
        raise AttributeError("of the plugin")


def test_what_a_plugin_raises_is_the_test_s_to_see(tmp_path: Any) -> None:
    with pytest.raises(AttributeError, match="of the plugin") as caught:
        run_task(Part(folder=tmp_path, n=0), plugins=[Unfit()])
    assert caught.value.__notes__ == ["raised by plugin Unfit in luigi_task_event"]
    assert (tmp_path / "0").exists(), "the run went on"


def test_what_a_task_raises_comes_first(tmp_path: Any) -> None:
    class Fails(Part):
        def run(self) -> None:
            raise LookupError("of the task")

    with pytest.raises(LookupError, match="of the task"):
        run_task(Fails(folder=tmp_path, n=0), plugins=[Unfit()])


def test_run_here_says_how_it_ended_whatever_was_raised(tmp_path: Any) -> None:
    class Fails(Part):
        def run(self) -> None:
            raise LookupError("of the task")

    task = Fails(folder=tmp_path, n=0)
    ended = run_here(task, plugins=[Unfit()])
    assert [repr(error) for error in ended.failures] == ["LookupError('of the task')"]
    assert {str(error) for error in ended.from_plugins} == {"of the plugin"}
    assert ended.record.seen[task.task_id].status == "FAILED"


def test_nobody_outside_is_told(tmp_path: Any, luigi_recorder: Recorder, luigi_config: Any) -> None:
    class Fails(Part):
        def run(self) -> None:
            raise LookupError

    luigi_config("scheduler", record_task_history=True)
    luigi_config("task_history", kind="memory", local_runs=True)
    run_here(Fails(folder=tmp_path, n=0), plugins=[luigi_recorder])
    assert luigi_recorder.events
    told = (luigi_recorder.notices, luigi_recorder.mails, luigi_recorder.counts, luigi_recorder.happened)
    assert not any(told)
