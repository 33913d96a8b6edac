"""Runs that no process stands for: to look at, and to cancel."""

from __future__ import annotations

from typing import Any

from luigi.errors import nearest
from luigi.interfaces import Order, Question
from luigi.scheduler import Scheduler
from luigi.server.problems import Problem
from luigi.server.v1 import cursors, fitting
from luigi.server.v1 import submission_shapes as shapes
from luigi.server.v1.operations import Call, Operation, looking, ordering
from luigi.server.v1.orders import carry_out, name_of
from luigi.server.v1.queries import Limit
from luigi.server.v1.schemas import Strict

FEW = 50
"""Among so many the nearest is looked for."""


class SubmissionQuery(Strict):
    """Where the page begins."""

    limit = Limit()
    cursor = cursors.Named("submissions")


def page(call: Call) -> Any:
    """A page of submissions, by their ids."""
    after = call.said["cursor"]
    rows = sorted(call.scheduler.view(Question("submissions")), key=lambda row: str(row["id"]))
    found = fitting.page([row for row in rows if after is None or row["id"] > after], call.said["limit"], "id")
    return {
        "submissions": found.rows,
        "next": cursors.named("submissions", found.rows[-1]["id"] if found.more else None),
    }


def one(call: Call) -> Any:
    """One of them."""
    return fitting.fitted(_the(call.scheduler, call.said["submission"]), fitting.ROOM)


def cancel(call: Call) -> Any:
    """Have nothing run for it any more."""
    submission = _the(call.scheduler, call.said["submission"])["id"]
    carry_out(call.scheduler, Order("cancel_submission", submission, by=name_of(call.identity)))
    return one(call)


def _the(scheduler: Scheduler, submission: str) -> Any:
    found = scheduler.view(Question("submission", submission))
    if found is None:
        near = nearest(submission[:200], [row["id"] for row in scheduler.view(Question("submissions"))[:FEW]])
        hint = f"did you mean {' or '.join(near)}?" if near else "those that ended a while ago are in the history"
        raise Problem(404, f"no submission has the id {submission[:200]!r}", hint=hint)
    return found


def operations() -> list[Operation]:
    """What one can look at, and the order."""
    of_one = "/submissions/{submission}"
    return [
        looking(
            "/submissions",
            "listSubmissions",
            "Runs that no process stands for, a page at a time",
            page,
            shapes.SubmissionPage,
            SubmissionQuery,
        ),
        looking(of_one, "getSubmission", "How far a submission is", one, shapes.Submission),
        ordering(
            f"{of_one}/cancel",
            "cancelSubmission",
            "Have nothing run for a submission any more: what others want too goes on",
            cancel,
            shapes.Submission,
        ),
    ]
