"""What people are told of runs: the same facts, whatever the executor, and nothing that is private."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import luigi
from luigi.errors import BadRequirement, ConfigurationError
from luigi.mock import MockTarget
from luigi.parameter import ParameterVisibility
from luigi.scheduler import Scheduler
from luigi.telling import Notice
from luigi.testing import Recorder
from luigi.worker import Worker

Configure = Callable[..., None]

SECRET = "very-private-value"


class Boiling(luigi.Task):
    """Fails, and says what it should not."""

    litres = luigi.IntParameter(default=1)
    kettle = luigi.Parameter(default="hidden-kettle", visibility=ParameterVisibility.HIDDEN)
    key = luigi.Parameter(default=SECRET, visibility=ParameterVisibility.PRIVATE)
    note = luigi.Parameter(default="insignificant", significant=False)
    owner_email = "cook@example.com, chef@example.com"

    def complete(self) -> bool:
        return False

    def run(self) -> None:
        raise OSError(f"the stove is cold: {self.key}")


class Unchecked(luigi.Task):
    """Cannot be scheduled."""

    key = luigi.Parameter(default=SECRET, visibility=ParameterVisibility.PRIVATE)

    def complete(self) -> bool:
        raise KeyError(self.key)


class Unrequired(luigi.Task):
    """Cannot be scheduled either."""

    def requires(self) -> Any:
        raise LookupError("no list of what is needed")

    def complete(self) -> bool:
        return False


class Tangled(luigi.Task):
    """Ends every run."""

    owner_email = ["cook@example.com"]

    def requires(self) -> Any:
        return "water"

    def complete(self) -> bool:
        return False


class Ownerless(luigi.Task):
    """Fails, and so does its `owner_email`."""

    @property
    def owner_email(self) -> Any:
        raise LookupError("no directory of owners")

    def complete(self) -> bool:
        return False

    def run(self) -> None:
        raise OSError("the stove is cold")


class Waiting(luigi.Task):
    """Yields what is no task."""

    def complete(self) -> bool:
        return False

    def run(self) -> Iterator[Any]:
        yield "water"


class Once(luigi.Task):
    """Fails the first time."""

    runs = 0

    def output(self) -> MockTarget:
        return MockTarget("boiled")

    def run(self) -> None:
        Once.runs += 1
        if Once.runs < 3:
            raise OSError("the stove is cold")
        self.output().open("w").close()


def built(*tasks: luigi.Task, **options: Any) -> list[Notice]:
    recorder = Recorder()
    luigi.build(tasks, local_scheduler=True, log_level="CRITICAL", plugins=[recorder], **options)
    return recorder.notices


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failure_is_told_with_its_facts(workers: int) -> None:
    (notice,) = built(Boiling(), workers=workers)
    assert notice.subject.startswith("Luigi: Boiling(litres=1) FAILED. Host: ")
    assert (notice.kind, notice.family, notice.severity) == ("task_failed", "Boiling", "error")
    assert notice.owners == ("cook@example.com", "chef@example.com")
    assert notice.task_id == Boiling().task_id
    assert notice.facts["failures"] == 1
    assert notice.facts["parameters"] == {"litres": "1", "note": "insignificant"}
    assert "OSError: the stove is cold" in notice.facts["explanation"]


@pytest.mark.parametrize("workers", [1, 2])
def test_nothing_private_or_hidden_is_told(workers: int) -> None:
    told = repr(built(Boiling(), Unchecked(), workers=workers))
    assert "the stove is cold: ***" in told
    assert SECRET not in told
    assert "hidden-kettle" not in told


def test_the_command_line_tells_no_private_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["luigi", "Boiling", "--litres", "1", "--Boiling-key", SECRET])
    (notice,) = built(Boiling())
    assert notice.facts["command"].startswith("luigi Boiling --litres 1 ")
    assert SECRET not in repr(notice)


@pytest.mark.parametrize(
    ("task", "method", "raised"),
    [(Unchecked, "complete", "KeyError"), (Unrequired, "deps", "LookupError: no list of what is needed")],
)
def test_what_cannot_be_scheduled_is_told(task: type[luigi.Task], method: str, raised: str) -> None:
    (notice,) = built(task())
    assert notice.subject.startswith(f"Luigi: {task.__name__}() failed scheduling. Host: ")
    assert notice.kind == "scheduling_failed"
    assert f"due to error in {method}() method" in notice.text
    assert raised in notice.facts["explanation"]


def test_a_graph_that_cannot_be_is_a_framework_error_of_the_roots() -> None:
    recorder = Recorder()
    with pytest.raises(BadRequirement):
        luigi.build([Boiling(), Tangled()], local_scheduler=True, log_level="CRITICAL", plugins=[recorder])
    (notice,) = recorder.notices
    assert notice.kind == "framework_error"
    assert notice.subject.startswith("Luigi: Framework error while scheduling Boiling(litres=1) and 1 more. Host: ")
    assert "which is not a Task" in notice.text


def test_a_run_that_ends_by_an_error_is_told() -> None:
    class Gone(Scheduler):
        def exchange(self, *args: Any, **kwargs: Any) -> Any:
            raise ConnectionError("the network is down")

    recorder = Recorder()
    with Worker(scheduler=Gone()) as worker:
        worker.use(_with(recorder))
        worker.add(Boiling())
        with pytest.raises(ConnectionError):
            worker.run()
    (notice,) = recorder.notices
    assert notice.subject.startswith("Luigi: Framework error while running Boiling(litres=1). Host: ")
    assert "ConnectionError: the network is down" in notice.text


def test_what_cannot_even_be_made_a_task_is_told() -> None:
    recorder = Recorder()
    scheduler = Scheduler()
    scheduler.add_task(worker="another", task_id="Far_1", family="Far", module="no_such_module", params={"key": "k"})
    with Worker(scheduler=scheduler, assistant=True) as worker:
        worker.use(_with(recorder))
        assert not worker.run()
    (notice,) = recorder.notices
    assert notice.subject.startswith("Luigi: Far_1 FAILED. Host: ")
    assert "no_such_module" in notice.facts["explanation"]
    assert notice.facts["parameters"] == {}  # which of them may be shown is not known here


def test_what_a_task_yields_wrongly_is_its_failure() -> None:
    (notice,) = built(Waiting())
    assert notice.kind == "task_failed"
    assert "run() yielded 'water'" in notice.text


def test_a_recovery_is_told_to_who_asks_for_it(luigi_config: Configure) -> None:
    luigi_config("notify.all", notifier="memory", kinds="task_failed, recovered")
    luigi_config("scheduler", retry_delay=0.001)
    luigi_config("worker", wait_interval=0.001, wait_jitter=0, keep_alive=True)
    Once.runs = 0
    notices = built(Once())
    MockTarget("boiled").remove()
    assert [(notice.kind, notice.facts["failures"]) for notice in notices] == [
        ("task_failed", 1),
        ("task_failed", 2),
        ("recovered", 2),
    ]
    assert notices[-1].severity == "info"
    assert notices[-1].subject.startswith("Luigi: Once() RECOVERED. Host: ")


def test_only_the_first_failure_of_a_task_is_told_to_who_wants_no_more(luigi_config: Configure) -> None:
    luigi_config("notify.first", notifier="memory", first_failure_only=True)
    luigi_config("scheduler", retry_delay=0.001)
    luigi_config("worker", wait_interval=0.001, wait_jitter=0, keep_alive=True)
    Once.runs = 0
    notices = built(Once())
    MockTarget("boiled").remove()
    assert [notice.facts["failures"] for notice in notices] == [1]


def test_an_owner_that_cannot_be_asked_for_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    recorder = Recorder()
    worker = Worker(scheduler=Scheduler())
    worker.use(_with(recorder))
    notices = worker._news()
    notices.task_failed(Ownerless(), "why", 1)
    notices.flush()
    assert recorder.notices == []
    assert "nobody can be told" in caplog.text


@pytest.mark.parametrize(
    ("send_failure_email", "subjects"),
    [
        (True, ["Luigi: Boiling(litres=1) FAILED", "Luigi: Unchecked() failed scheduling"]),
        (False, []),
    ],
)
def test_send_failure_email_is_about_mails_of_tasks(
    luigi_config: Configure, send_failure_email: bool, subjects: list[str]
) -> None:
    luigi_config("worker", send_failure_email=send_failure_email)
    luigi_config("email", receiver="boss@example.com", method="memory", force_send=True)
    recorder = Recorder()
    luigi.build([Boiling(), Unchecked()], local_scheduler=True, log_level="CRITICAL", plugins=[recorder])
    assert sorted(mail.subject.partition(". Host")[0] for mail in recorder.mails) == subjects
    assert {notice.kind for notice in recorder.notices} == {"task_failed", "scheduling_failed"}


def test_framework_errors_are_mailed_whatever_it_says(luigi_config: Configure) -> None:
    luigi_config("worker", send_failure_email=False)
    luigi_config("email", receiver="boss@example.com", method="memory", force_send=True)
    recorder = Recorder()
    with pytest.raises(BadRequirement):
        luigi.build([Tangled()], local_scheduler=True, log_level="CRITICAL", plugins=[recorder])
    (mail,) = recorder.mails
    assert mail.subject.startswith("Luigi: Framework error while scheduling Tangled(). Host: ")
    assert list(mail.recipients) == ["boss@example.com", "cook@example.com"]


@pytest.mark.parametrize("local_scheduler", [True, False])
def test_a_wrong_rule_stops_the_start(luigi_config: Configure, local_scheduler: bool) -> None:
    """Also where the scheduler is far away: nothing is asked of it."""
    luigi_config("notify.ops", notifier="memory", severity="eror")
    with pytest.raises(ConfigurationError, match=r"\[notify.ops\] severity: no eror"):
        luigi.build([Boiling()], local_scheduler=local_scheduler, scheduler_port=9, plugins=[Recorder()])


def _with(recorder: Recorder) -> Any:
    from luigi.plugin_manager import PluginManager

    return PluginManager.with_installed([recorder])
