"""`build` and `run`: what they take, what they give, and what they wire together."""

from __future__ import annotations

import logging
import os
from typing import Any

import pytest

import luigi
from luigi import lock
from luigi.errors import CircularRequirement, PluginError
from luigi.hookspecs import Provider
from luigi.interface import PidLockAlreadyTakenExit, _WorkerSchedulerFactory
from luigi.scheduler import Scheduler
from luigi.worker import Worker


@pytest.fixture
def kept() -> Any:
    """A task class that is complete once it ran; `ran` tells how often."""

    class Kept(luigi.Task):
        n = luigi.IntParameter(default=0)
        done: set[int] = set()
        ran: list[int] = []

        def complete(self) -> bool:
            return self.n in self.done

        def run(self) -> Any:
            self.ran.append(self.n)
            self.done.add(self.n)

    return Kept


@pytest.fixture
def failing(kept: Any) -> Any:
    """A task class that fails."""

    class Failing(kept):
        def run(self) -> Any:
            raise ValueError("on purpose")

    return Failing


def build(*tasks: Any, **keywords: Any) -> Any:
    return luigi.build(tasks, local_scheduler=True, **keywords)


# --- what they give -------------------------------------------------------------------------------------------------


def test_true_when_all_went_well_and_false_when_a_task_failed(kept: Any, failing: Any) -> None:
    assert build(kept(1), kept(2)) is True
    assert build(failing(3), kept(4)) is False
    assert kept.ran == [1, 2, 4]


def test_false_when_a_check_raised(kept: Any) -> None:
    class Broken(kept):
        def complete(self) -> bool:
            raise ValueError

    assert build(Broken(), kept(1)) is False
    assert kept.ran == [1]


def test_a_detailed_summary_on_demand(kept: Any, failing: Any) -> None:
    result = build(kept(1), failing(2), detailed_summary=True)
    assert result.status is luigi.LuigiStatusCode.FAILED
    assert result.scheduling_succeeded is False
    assert "* 1 ran successfully:" in result.summary_text
    assert isinstance(result.worker, Worker)


def test_nothing_to_do_is_a_success() -> None:
    assert build() is True


def test_a_graph_that_cannot_be_is_raised(kept: Any) -> None:
    class Own(kept):
        def requires(self) -> Any:
            return self

    with pytest.raises(CircularRequirement):
        build(Own())


# --- what they take -------------------------------------------------------------------------------------------------


def test_keywords_are_the_core_s_parameters(kept: Any) -> None:
    assert build(kept(1), workers="1", log_level="ERROR", no_lock=True)
    with pytest.raises(luigi.parameter.UnknownParameterException, match="unknown parameter wrokers") as caught:
        build(kept(2), wrokers=3)
    assert "workers" in caught.value.hint
    with pytest.raises(Exception, match="LOUD"):
        build(kept(2), log_level="LOUD")
    assert kept.ran == [1]


def test_tasks_may_come_from_a_generator(kept: Any) -> None:
    assert luigi.build((kept(n) for n in range(3)), local_scheduler=True)
    assert kept.ran == [0, 1, 2]


def test_the_lock_is_off_unless_wanted(kept: Any, tmp_path: Any) -> None:
    assert build(kept(1), lock_pid_dir=str(tmp_path))
    assert list(tmp_path.iterdir()) == []
    assert build(kept(2), no_lock=False, lock_pid_dir=str(tmp_path))
    assert len(list(tmp_path.iterdir())) == 1


def test_a_taken_lock_ends_the_run_before_it_begins(kept: Any, tmp_path: Any) -> None:
    assert lock.acquire_for(str(tmp_path)), f"by this very process, {os.getpid()}"
    with pytest.raises(PidLockAlreadyTakenExit):
        build(kept(1), no_lock=False, lock_pid_dir=str(tmp_path))
    assert issubclass(PidLockAlreadyTakenExit, SystemExit)
    assert kept.ran == []
    assert build(kept(1), no_lock=False, lock_pid_dir=str(tmp_path), lock_size=2)


def test_run_reads_a_command_line(kept: Any) -> None:
    kept.task_namespace = "test_run_reads"

    class Chosen(kept):
        pass

    assert luigi.run(["test_run_reads.Chosen", "--n", "5", "--local-scheduler", "--no-lock"]) is True
    assert luigi.run(["--n", "6", "--no-lock"], main_task_cls=Chosen, local_scheduler=True) is True
    result = luigi.run(["--n", "6", "--no-lock"], Chosen, local_scheduler=True, detailed_summary=True)
    assert result.status is luigi.LuigiStatusCode.SUCCESS
    assert kept.ran == [5, 6]


# --- the worker and the scheduler of a program's own ------------------------------------------------------------------


def test_a_program_may_bring_its_own_worker_and_scheduler(kept: Any, failing: Any) -> None:
    class OwnScheduler(Scheduler):
        declared = 0

        def declare(self, worker: str, tasks: Any) -> None:
            self.declared += len(tasks)
            super().declare(worker, tasks)

    class OwnWorker(Worker):
        added: list[Any] = []

        def add(self, task: Any, *args: Any, **kwargs: Any) -> bool:
            self.added.append(task)
            return super().add(task, *args, **kwargs)

        def run(self) -> bool:
            super().run()
            return True

    class Factory(_WorkerSchedulerFactory):
        def create_local_scheduler(self) -> Any:
            self.scheduler = OwnScheduler(resources={})
            return self.scheduler

        def create_worker(self, scheduler: Any, worker_processes: int, assistant: bool = False) -> Any:
            assert (worker_processes, assistant) == (3, False)
            return OwnWorker(scheduler=scheduler, worker_processes=worker_processes, assistant=assistant)

    factory = Factory()
    assert build(failing(1), kept(2), worker_scheduler_factory=factory, workers=3) is True, "its run() says so"
    assert OwnWorker.added == [failing(1), kept(2)]
    assert factory.scheduler.declared == 2


def test_a_remote_scheduler_is_asked_for_by_address(kept: Any) -> None:
    class Factory(_WorkerSchedulerFactory):
        def create_remote_scheduler(self, url: str) -> Any:
            self.url = url
            return self.create_local_scheduler()

    factory = Factory()
    luigi.build([kept(1)], worker_scheduler_factory=factory, scheduler_host="there", scheduler_port=99)
    assert factory.url == "http://there:99/"
    luigi.build([kept(2)], worker_scheduler_factory=factory, scheduler_url="https://there/luigi/")
    assert factory.url == "https://there/luigi/"


# --- plugins --------------------------------------------------------------------------------------------------------


class Diary:
    """Writes down every moment and every step."""

    def __init__(self) -> None:
        self.lines: list[Any] = []

    @luigi.hookimpl
    def luigi_configure(self, config: Any, plugins: Any) -> None:
        self.lines.append("configured")

    @luigi.hookimpl
    def luigi_run_started(self, run: Any) -> None:
        self.lines.append(("started", len(run.seen)))

    @luigi.hookimpl
    def luigi_run_finished(self, run: Any) -> None:
        self.lines.append(("finished", [seen.status for seen in run.seen.values()]))

    @luigi.hookimpl(wrapper=True)
    def luigi_run_task(self, task: Any) -> Any:
        self.lines.append(("enter", task.n))
        try:
            return (yield)
        finally:
            self.lines.append(("leave", task.n))

    @luigi.hookimpl
    def luigi_transition(self, task_id: str, before: str, after: str) -> None:
        self.lines.append((task_id.split("_")[0], before, after))

    def of(self, *kinds: str) -> list[Any]:
        return [line for line in self.lines if line[0] in kinds or line in kinds]


def test_the_moments_of_a_run_in_order(kept: Any) -> None:
    diary = Diary()
    build(kept(1), plugins=[diary])
    assert [line for line in diary.lines if line[0] not in ("enter", "leave")] == [
        "configured",
        ("Kept", "UNKNOWN", "PENDING"),
        ("started", 1),
        ("Kept", "PENDING", "RUNNING"),
        ("Kept", "RUNNING", "DONE"),
        ("finished", ["DONE"]),
    ]


def test_a_wrapper_is_around_every_stretch_of_a_task_that_waits(kept: Any) -> None:
    diary = Diary()

    class Waits(kept):
        def run(self) -> Any:
            diary.lines.append(("code", "before"))
            yield kept(2)
            diary.lines.append(("code", "after"))
            self.done.add(self.n)

    build(Waits(1), plugins=[diary])
    assert diary.of("enter", "leave", "code") == [
        ("enter", 1),
        ("code", "before"),
        ("leave", 1),
        ("enter", 2),
        ("leave", 2),
        ("enter", 1),
        ("code", "after"),
        ("leave", 1),
    ]


def test_a_wrapper_sees_what_a_task_raises_after_a_wait(kept: Any) -> None:
    class Sees:
        seen: list[Any] = []

        @luigi.hookimpl(wrapper=True)
        def luigi_run_task(self, task: Any) -> Any:
            try:
                return (yield)
            except LookupError as error:
                self.seen.append(str(error))
                raise

    class Waits(kept):
        def run(self) -> Any:
            yield kept(2)
            raise LookupError("after the wait")

    assert not build(Waits(1), plugins=[Sees()])
    assert Sees.seen == ["after the wait"]


def test_what_a_wrapper_raises_is_the_task_s_failure(kept: Any) -> None:
    class Refuses:
        @luigi.hookimpl(wrapper=True)
        def luigi_run_task(self, task: Any) -> Any:
            if task.n == 1:
                raise PermissionError("not today")
            return (yield)

    assert not build(kept(1), kept(2), plugins=[Refuses()])
    assert kept.ran == [2]


def test_task_events_tell_what_happened_at_the_worker(kept: Any, failing: Any) -> None:
    class Events:
        def __init__(self) -> None:
            self.told: list[Any] = []

        @luigi.hookimpl
        def luigi_task_event(self, task_id: str, family: str, event: str, detail: str) -> None:
            assert task_id.startswith(family)
            self.told.append((family, event.removeprefix("event.core."), detail))

    class Gone(luigi.ExternalTask):
        def complete(self) -> bool:
            return False

    class Top(kept):
        def requires(self) -> Any:
            return kept(7)

        def run(self) -> Any:
            yield kept(8)
            self.done.add(self.n)

        def on_success(self) -> Any:
            return "all is well"

    kept.done.add(7)
    events = Events()
    build(Top(1), failing(2), Gone(), plugins=[events])
    of = {family: [event for one, event, _ in events.told if one == family] for family in ("Top", "Kept", "Failing")}
    assert of == {
        "Top": ["dependency.discovered", "start", "processing_time", "success"],
        "Kept": ["dependency.present", "start", "processing_time", "success"],
        "Failing": ["start", "failure"],
    }
    assert ("Gone", "dependency.missing", "") in events.told
    order = [(family, event) for family, event, _ in events.told]
    assert order.index(("Top", "start")) < order.index(("Kept", "start")) < order.index(("Top", "success"))
    details = {(family, event): detail for family, event, detail in events.told}
    assert details["Top", "dependency.discovered"] == kept(7).task_id
    assert details["Top", "success"] == "all is well"
    assert "ValueError: on purpose" in details["Failing", "failure"]
    assert float(details["Top", "processing_time"]) >= 0


def test_no_watcher_hurts_a_run(kept: Any, caplog: Any) -> None:
    def boom(**facts: Any) -> None:
        raise RuntimeError("watcher")

    class Broken:
        @luigi.hookimpl
        def luigi_run_started(self, run: Any) -> None:
            boom()

        @luigi.hookimpl
        def luigi_run_finished(self, run: Any) -> None:
            boom()

        @luigi.hookimpl
        def luigi_task_event(self, event: str) -> None:
            boom()

        @luigi.hookimpl
        def luigi_transition(self, after: str) -> None:
            boom()

    diary = Diary()
    assert build(*(kept(n) for n in range(5)), plugins=[diary, Broken()])
    assert diary.of("finished") == [("finished", ["DONE"] * 5)]
    assert caplog.text.count("RuntimeError: watcher") == 1


def test_the_end_is_told_after_ctrl_c_too(kept: Any) -> None:
    class Interrupted(kept):
        def run(self) -> None:
            raise KeyboardInterrupt

    diary = Diary()
    with pytest.raises(KeyboardInterrupt):
        build(Interrupted(), plugins=[diary])
    assert diary.of("finished") == [("finished", ["RUNNING"])]


def test_what_was_done_until_ctrl_c_is_summed_up(kept: Any, caplog: Any) -> None:
    class Interrupted(kept):
        priority = -1

        def run(self) -> None:
            raise KeyboardInterrupt

    logger = logging.getLogger("luigi-interface")
    logger.addHandler(caplog.handler)  # whatever other tests have made of the way up
    with caplog.at_level(logging.INFO, logger.name), pytest.raises(KeyboardInterrupt):
        luigi.build([Interrupted(), kept(1)], local_scheduler=True, log_level="INFO")
    logger.removeHandler(caplog.handler)
    assert "* 1 ran successfully:\n    - 1 Kept(n=1)\n* 1 were left pending" in caplog.text


def test_a_notifier_of_a_plugin_is_told_of_a_task_given_up(failing: Any) -> None:
    notices: list[Any] = []

    class Box:
        def notify(self, notice: Any) -> None:
            notices.append((notice.kind, notice.task_id))

    class Post:
        @luigi.hookimpl
        def luigi_notifiers(self) -> Any:
            yield Provider("box", Box)

    class GivesUp(failing):
        retry_count = 1

    build(GivesUp(1), plugins=[Post()])
    assert notices == [("task_failed", GivesUp(1).task_id), ("disabled", GivesUp(1).task_id)]


def test_a_plugin_that_does_not_fit_stops_the_start(kept: Any) -> None:
    class Clash:
        @luigi.hookimpl
        def luigi_executors(self) -> Any:
            yield Provider("inline", object)

    class Slip:
        @luigi.hookimpl
        def luigi_run_strated(self, run: Any) -> None: ...

    for plugin, said in [(Clash(), "'inline' is offered by two plugins: defaults and Clash"), (Slip(), "plugin Slip")]:
        with pytest.raises(PluginError, match=said):
            build(kept(1), plugins=[plugin])
    assert kept.ran == []
