"""What the answers about what happens now, and happened lately, look like. Times are in seconds since the epoch."""

from __future__ import annotations

from marshmallow import Schema, fields

from luigi.server.v1 import parts
from luigi.server.v1.submission_shapes import Submission
from luigi.server.v1.task_shapes import Stopped


class RecentAttempt(Schema):
    """One try at a task."""

    task_id = parts.text()
    worker = parts.text(allow_none=True)
    started = parts.time("when it was handed out; null for before what is remembered")
    ended = parts.time("when it ended; null while it runs")
    status = parts.text(metadata={"description": "What the task had become then; while it runs, the task's"})
    by = parts.text(metadata={"description": "Who ended it: a worker, an operator; empty for the scheduler itself"})
    cut = parts.cut()


class RecentAttempts(Schema):
    """Attempts, those that began last first; last those that began before what is remembered."""

    attempts = fields.List(fields.Nested(RecentAttempt), required=True)
    since = parts.time("the oldest moment that is remembered; null for none")
    cut = parts.cut()


class LiveRun(Schema):
    """A worker that wants tasks done, and how many of those have which status."""

    worker_id = parts.text()
    host = parts.text()
    user = parts.text()
    command = parts.text()
    roots = parts.texts()
    began = parts.time("when it became known")
    active = parts.time("when it was heard of last")
    counts = parts.numbers()
    total = parts.whole()
    finished = parts.number("how many of them were run and are done since it began")
    stopped = fields.Nested(Stopped, required=True)
    enabled = fields.Boolean(required=True)
    submission = fields.Nested(
        Submission, required=True, allow_none=True, metadata={"description": "Null where a process stands for it"}
    )
    cut = parts.cut()


class LiveRunPage(Schema):
    """Runs by their workers' ids."""

    runs = fields.List(fields.Nested(LiveRun), required=True)
    next = parts.next()


class Throughput(Schema):
    """How many attempts ended, in steps of so many seconds: the oldest first, the last one up to `until`."""

    step = parts.number("seconds of each")
    until = parts.time("the end of the last step, which may be yet to come", allow_none=False)
    done = fields.List(fields.Integer(), required=True)
    failed = fields.List(fields.Integer(), required=True)
