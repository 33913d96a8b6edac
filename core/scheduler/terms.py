"""What time means to a task beyond its retries: since when it waits for something, and by when it is to be done.

These are the rules alone: the machine moves the task. Times are in seconds since the epoch.
"""

from __future__ import annotations

from luigi.scheduler.events import Late
from luigi.scheduler.records import TaskRecord, Terms
from luigi.task_status import DISABLED, DONE, FAILED


def waits_since(task: TaskRecord, now: float) -> float:
    """When a task began to wait that is handed out `now`: whoever looked for it before, it has waited since then."""
    terms = _terms(task)
    if terms.since is None:
        terms.since = now
    return terms.since


def set_deadline(task: TaskRecord, seconds: float, now: float) -> float | None:
    """Have a task that is not done be so within so many seconds, or by the deadline that it has, if that is sooner.

    Gives when that is, if it is news.
    """
    terms = _terms(task)
    if terms.late or (terms.deadline is not None and terms.deadline <= now + seconds):
        return None
    terms.deadline = now + seconds
    return terms.deadline


def ahead(task: TaskRecord, now: float) -> bool:
    """Whether people are to be told of a task that they have not been told of yet: it must not be forgotten before."""
    return task.terms is not None and task.terms.deadline is not None and task.terms.deadline > now


def is_reached(task: TaskRecord, when: float) -> bool:
    """Whether `when` is the deadline of a task that nobody was told of."""
    return task.terms is not None and task.terms.deadline == when and not task.terms.late


def became_late(task: TaskRecord) -> Late:
    """Note that a task is not done by its deadline; what is to be told of that."""
    terms = _terms(task)
    assert terms.deadline is not None
    terms.late = True
    return Late(task.task_id, terms.deadline)


def moved(task: TaskRecord, terms: Terms) -> Late | None:
    """Note that the status of a task with such terms has changed; what is to be told of that, if anything is.

    The wait is over when it was found, or given up. Once a task is done, a deadline is another's business.
    """
    if task.status in (DONE, FAILED, DISABLED):
        terms.since = None
    if task.status != DONE:
        return None
    was_late, deadline = terms.late, terms.deadline
    terms.late, terms.deadline = False, None
    return Late(task.task_id, deadline, done=True) if was_late and deadline is not None else None


def _terms(task: TaskRecord) -> Terms:
    if task.terms is None:
        task.terms = Terms()
    return task.terms
