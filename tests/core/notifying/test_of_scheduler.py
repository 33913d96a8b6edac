"""What people are told of what the scheduler finds: tasks given up, workers lost, failures told together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import luigi
from luigi.errors import ConfigurationError
from luigi.interfaces import Order, Report, TaskSpec
from luigi.observers import observers
from luigi.plugin_manager import PluginManager
from luigi.scheduler import Scheduler
from luigi.task_status import DISABLED, FAILED, UNKNOWN
from luigi.telling import Notice
from luigi.testing import FakeClock, Recorder
from luigi.worker import Worker

Configure = Callable[..., None]

LOAD = TaskSpec(
    "Load_1", "Load", params={"day": "1", "key": "hidden-value"}, hidden=("key",), owners=("a@example.com ",)
)
SUM = TaskSpec("Sum_1", "Sum", params={"day": "1"})


class Watched:
    """A scheduler on a clock of the test, and what its notifiers are told."""

    def __init__(self, **options: Any) -> None:
        self.clock = FakeClock()
        self.recorder = Recorder()
        plugins = PluginManager.with_installed([self.recorder])
        with plugins.put_to_use():
            self.scheduler = Scheduler(clock=self.clock, **{"retry_delay": 0, **options})
        self.observers = self.scheduler.observers or observers(plugins, self.scheduler.config)
        self.observers.attach(self.scheduler)

    def fail(self, spec: TaskSpec, why: str = "ValueError: no") -> None:
        """Have a task run once, and fail."""
        self.scheduler.declare("w", [spec])
        (assignment,) = self.scheduler.exchange("w", (), 1).assignments
        self.scheduler.exchange("w", [Report(spec.task_id, assignment.token, FAILED, (), why)], 0)
        self.clock.advance(1)
        self.scheduler.tick()

    def told(self) -> list[Notice]:
        """What was told by now."""
        self.observers.flush()
        return self.recorder.notices


def test_a_task_that_is_given_up_is_told() -> None:
    watched = Watched(retry_count=2)
    watched.fail(LOAD)
    assert watched.told() == []
    watched.fail(LOAD)
    (notice,) = watched.told()
    assert notice.subject == "Luigi Scheduler: DISABLED Load_1 due to excessive failures"
    assert (notice.kind, notice.severity, notice.family) == ("disabled", "error", "Load")
    assert notice.facts["failures"] == 2
    assert notice.text.endswith("ValueError: no\n")
    assert "hidden-value" not in repr(notice)


def test_the_log_says_so_too(caplog: pytest.LogCaptureFixture) -> None:
    watched = Watched(retry_count=1)
    watched.fail(LOAD)
    watched.told()
    assert "DISABLED Load_1 due to excessive failures" in caplog.text


def test_a_task_that_its_class_disables_is_no_news() -> None:
    watched = Watched()
    watched.scheduler.declare("w", [LOAD._replace(status=DISABLED)])
    assert watched.told() == []


def test_a_task_that_an_operator_cancels_is_no_news() -> None:
    watched = Watched(retry_count=3, batch_emails=True)
    watched.scheduler.declare("w", [LOAD, SUM])
    watched.fail(LOAD)
    for task in (LOAD, SUM):
        watched.scheduler.control(Order("cancel", task.task_id))
    assert [notice for notice in watched.told() if notice.kind == "disabled" or "disable" in notice.text] == []


def test_a_task_whose_worker_is_lost_is_told_since_the_worker_cannot() -> None:
    watched = Watched(worker_disconnect_delay=60)
    watched.scheduler.declare("w", [LOAD])
    assert watched.scheduler.exchange("w", (), 1).assignments
    watched.clock.advance(100)
    watched.scheduler.tick()
    (notice,) = watched.told()
    assert (notice.kind, notice.subject) == ("task_failed", "Luigi: Load(day=1) FAILED")
    assert "its worker w was lost" in notice.text


def test_what_workers_report_is_theirs_to_tell() -> None:
    watched = Watched()
    watched.fail(LOAD)
    assert watched.told() == []


def test_a_wrong_rule_stops_the_start(luigi_config: Configure) -> None:
    luigi_config("notify.ops", notifier="memory", kinds="everything")
    with pytest.raises(ConfigurationError, match="kinds: no everything"):
        Watched()


# --- batches -------------------------------------------------------------------------------------------------------


def batches(watched: Watched) -> list[tuple[str, str]]:
    return [(notice.subject, notice.text) for notice in watched.told() if notice.kind == "batch"]


def test_failures_are_told_together_at_the_end() -> None:
    watched = Watched(batch_emails=True, retry_count=2)
    for _ in range(2):
        watched.fail(LOAD)
    watched.fail(SUM, "KeyError: 'a'")
    assert batches(watched) == [
        (
            "Luigi: 3 failures, 1 disable in the last 60 minutes",
            "- Load(day=1) (2 failures, 1 disable)\n\n      ValueError: no\n\n"
            "- Sum(day=1) (1 failure)\n\n      KeyError: 'a'",
        )
    ]


def test_without_batch_emails_they_are_not() -> None:
    watched = Watched()
    watched.fail(LOAD)
    assert batches(watched) == []


class Churned(luigi.Task):
    """Run as one, the latest day for all."""

    day = luigi.IntParameter(batch_method=max)
    shop = luigi.Parameter(default="x")

    def complete(self) -> bool:
        return False

    def run(self) -> None:
        raise OSError("no milk")


def test_a_batch_of_tasks_fails_once_and_without_the_batched_parameters() -> None:
    watched = Watched(batch_emails=True, retry_delay=900)
    with Worker(scheduler=watched.scheduler, send_failure_email=False) as worker:
        for day in range(3):
            worker.add(Churned(day))
        worker.run()
    assert [(subject, text.splitlines()[0]) for subject, text in batches(watched)] == [
        ("Luigi: 1 failure in the last 60 minutes", "- Churned(shop=x) (1 failure)")
    ]


def test_what_cannot_be_scheduled_is_counted_as_often_as_it_is_said() -> None:
    watched = Watched(batch_emails=True)
    broken = LOAD._replace(status=UNKNOWN, runnable=False, explanation="KeyError: 'a'")
    for _ in range(2):
        watched.scheduler.declare("w", [broken])
    assert batches(watched) == [
        (
            "Luigi: 2 scheduling failures in the last 60 minutes",
            "- Load(day=1) (2 scheduling failures)\n\n      KeyError: 'a'",
        )
    ]


def test_luigis_workers_announce_it_over_the_wire() -> None:
    watched = Watched(batch_emails=True)
    said = {"task_name": "Load(secret=1)", "family": "Load", "params": {"day": "1", "key": "hidden-value"}}
    watched.scheduler.announce_scheduling_failure(
        **said, expl="KeyError: 'a'", owners=[], worker="w", param_visibilities={"day": 0, "key": 1}
    )
    assert [text.splitlines()[0] for _, text in batches(watched)] == ["- Load(day=1) (1 scheduling failure)"]


def test_owners_are_told_of_theirs_by_who_asks_for_them(luigi_config: Configure) -> None:
    luigi_config("notify.a", notifier="memory", owners="a@*", kinds="batch")
    watched = Watched(batch_emails=True)
    watched.fail(LOAD)
    watched.fail(SUM)
    (notice,) = watched.told()
    assert notice.subject == "Luigi: Your tasks have 1 failure in the last 60 minutes"
    assert notice.owners == ("a@example.com",)


@pytest.mark.parametrize(
    ("receiver", "recipients"),
    [
        ("boss@example.com", [["boss@example.com"], ["a@example.com"]]),
        ("a@example.com", [["a@example.com"]]),
    ],
)
def test_they_are_mailed_to_the_receiver_and_to_each_owner(
    luigi_config: Configure, receiver: str, recipients: list[list[str]]
) -> None:
    luigi_config("email", receiver=receiver, method="memory", force_send=True)
    watched = Watched(batch_emails=True)
    watched.fail(LOAD)
    watched.told()
    assert [list(mail.recipients) for mail in watched.recorder.mails] == recipients


@pytest.mark.parametrize(
    ("batch_emails", "subject"), [(True, "Luigi: 1 failure, 1 disable"), (False, "Luigi Scheduler")]
)
def test_mail_tells_of_disabled_tasks_at_once_or_together(
    luigi_config: Configure, batch_emails: bool, subject: str
) -> None:
    luigi_config("email", receiver="boss@example.com", method="memory", force_send=True)
    watched = Watched(batch_emails=batch_emails, retry_count=1)
    watched.fail(LOAD._replace(owners=()))
    watched.told()
    (mail,) = watched.recorder.mails
    assert mail.subject.startswith(subject)


def test_the_interval_is_the_sections(luigi_config: Configure) -> None:
    luigi_config("batch_notifier", email_interval_minutes=5, batch_mode="family")
    watched = Watched(batch_emails=True)
    watched.fail(LOAD)
    assert batches(watched) == [
        ("Luigi: 1 failure in the last 5 minutes", "- Load (1 failure)\n\n      ValueError: no")
    ]
