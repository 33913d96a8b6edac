"""What people are told, worded: facts in, a Notice out. Nothing is asked for and nothing is sent here.

Subjects are those of Luigi's mails, so that people's filters go on working. Private parameters are not among the
facts, and hidden ones are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from luigi.mailing.layout import preformatted, task_error_html, task_error_text
from luigi.telling import Notice, TaskFacts

KINDS = ("task_failed", "scheduling_failed", "framework_error", "disabled", "late", "recovered", "batch", "digest")
"""What a notice can be about."""

NAME_LENGTH = 200
"""The most characters that a task's name may have in a subject."""

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Place(NamedTuple):
    """Where it happened."""

    host: str
    command: str = ""
    """The command line of the program."""


def task_failed(task: TaskFacts, name: str, place: Place) -> Notice:
    """An attempt at a task failed; `task.expl` says why, `task.failures` how often it did so in this run."""
    headline = "A task failed when running. Most likely run() raised an exception."
    return _of_error("task_failed", f"{shortened(name)} FAILED", headline, task, place)


def task_lost(task: TaskFacts, why: str) -> Notice:
    """An attempt ended since nothing was heard any more of the worker that made it."""
    name = named(task.family, task.shown_params)
    facts = {"failures": task.failures, "explanation": why, "parameters": task.shown_params}
    return _of_task("task_failed", f"Luigi: {shortened(name)} FAILED", f"{name} failed: {why}.", task, facts)


def scheduling_failed(task: TaskFacts, name: str, method: str, place: Place) -> Notice:
    """A task cannot be scheduled, since its `method` raised; `task.expl` says what."""
    headline = f"Will not run {name} or any dependencies due to error in {method}() method"
    return _of_error("scheduling_failed", f"{shortened(name)} failed scheduling", headline, task, place)


def framework_error(task: TaskFacts, name: str, doing: str, place: Place) -> Notice:
    """The run ended, with what `task.expl` says, while the graph of `task` was scheduled or run."""
    subject = f"Framework error while {doing} {shortened(name)}"
    return _of_error("framework_error", subject, "Luigi framework error", task, place)


def disabled(task: TaskFacts, why: str, persist: float) -> Notice:
    """The scheduler has given a task up; `persist` is for how many seconds it does so, unless the task says."""
    name = named(task.family, task.shown_params)
    text = (
        f"{name} is disabled: it {why}, {_counted(task.failures, 'failure')} being counted. Nothing more happens to it "
        f"until somebody enables it again, or its time of being disabled has passed: {persist:g} seconds, unless the "
        "task has a retry policy of its own."
    )
    facts = {"failures": task.failures, "explanation": task.expl, "parameters": task.shown_params}
    subject = f"Luigi Scheduler: DISABLED {task.id} due to excessive failures"
    return _of_task("disabled", subject, f"{text}\n\n{task.expl}".rstrip() + "\n", task, facts)


def recovered(task: TaskFacts, name: str, place: Place) -> Notice:
    """A task succeeded that had failed before in the same run, `task.failures` times."""
    text = f"{name} succeeded, after {_counted(task.failures, 'failure')} in this run.\n"
    facts = {"failures": task.failures, "host": place.host, "parameters": task.shown_params}
    subject = f"Luigi: {shortened(name)} RECOVERED. Host: {place.host}"
    return _of_task("recovered", subject, text, task, facts)._replace(severity="info")


def late(task: TaskFacts, deadline: float) -> Notice:
    """A task is not done by its deadline, in seconds since the epoch. Nothing is done about it."""
    name = named(task.family, task.shown_params)
    stands = f"it is {task.status}, and goes on" if task.status else "nobody has asked for it here"
    text = f"{name} is not done, and was to be by {_moment(deadline)}: {stands}.\n"
    facts = {"deadline": deadline, "status": task.status, "explanation": stands, "parameters": task.shown_params}
    return _of_task("late", f"Luigi: {shortened(name)} LATE", text, task, facts)


def done_at_last(task: TaskFacts, deadline: float, at: float) -> Notice:
    """A task is done that people were told is late."""
    name = named(task.family, task.shown_params)
    text = f"{name} is done, {(at - deadline) / 60:,.0f} minutes after {_moment(deadline)}, by when it was to be.\n"
    facts = {"deadline": deadline, "seconds_late": at - deadline, "parameters": task.shown_params}
    notice = _of_task("recovered", f"Luigi: {shortened(name)} RECOVERED: done at last", text, task, facts)
    return notice._replace(severity="info")


def batch(subject: str, text: str, html: str, counts: Mapping[str, int], owners: Sequence[str] = ()) -> Notice:
    """What failed in a while, told together: to everybody, or to `owners` about their own tasks."""
    return Notice(one_line(subject), text, kind="batch", owners=owners, html=html, facts=dict(counts))


def digest(text: str, count: int, minutes: float, severity: str, owners: Sequence[str] = ()) -> Notice:
    """Several notices in one; `severity` is that of the most urgent."""
    subject = f"Luigi: {_counted(count, 'notice')} in the last {minutes:g} minutes"
    return Notice(subject, text, kind="digest", severity=severity, owners=owners, facts={"notices": count})


# --- the parts -----------------------------------------------------------------------------------------------------


def named(family: str, params: Mapping[str, str]) -> str:
    """A task as people read it: Family(a=1, b=2)."""
    return f"{family}({', '.join(f'{name}={value}' for name, value in params.items())})"


def shortened(name: str) -> str:
    """A name that fits into a subject."""
    name = one_line(name)
    return name if len(name) <= NAME_LENGTH else f"{name[:NAME_LENGTH]}…"


def one_line(text: str) -> str:
    """A text without anything that begins another line."""
    return _CONTROLS.sub(" ", text)


def _of_error(kind: str, what: str, headline: str, task: TaskFacts, place: Place) -> Notice:
    parts = headline, task.family, task.shown_params, place.command, task.expl
    facts = {
        "headline": headline,
        "failures": task.failures,
        "host": place.host,
        "explanation": task.expl,
        "parameters": task.shown_params,
        "command": place.command,
    }
    notice = _of_task(kind, f"Luigi: {what}. Host: {place.host}", task_error_text(*parts), task, facts)
    return notice._replace(html=task_error_html(*parts))


def _of_task(kind: str, subject: str, text: str, task: TaskFacts, facts: Mapping[str, Any]) -> Notice:
    owners = tuple(task.owners)
    html = f"<html><body>{preformatted(text)}</body></html>"
    return Notice(one_line(subject), text, task.id, kind, task.family, "error", owners, html, facts)


def _moment(at: float) -> str:
    from datetime import datetime

    return f"{datetime.fromtimestamp(at).astimezone():%Y-%m-%d %H:%M:%S %z}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
