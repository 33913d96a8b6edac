"""What the answers about tasks look like. Times are in seconds since the epoch."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from luigi.interfaces import RetryPolicy
from luigi.scheduler.records import NEXT
from luigi.server.v1 import parts
from luigi.server.v1.schemas import OfKernel


class TaskRow(Schema):
    """A task as one among others: of resources, `needs` is what it asks for, `taken` what its last run took,
    `resources` what it holds now."""

    task_id = parts.text()
    name = parts.text()
    family = parts.text()
    module = parts.text(allow_none=True)
    params = parts.words()
    hidden = parts.words()
    status = parts.text(validate=validate.OneOf(list(NEXT)))
    priority = fields.Float(required=True, allow_none=True)
    needs = parts.amounts()
    runners = parts.texts()
    stakeholders = parts.texts()
    known_since = parts.time("when it became known")
    updated = parts.time("when its status changed last")
    version = parts.whole()
    failures = parts.whole()
    re_enable_able = fields.Boolean(required=True)
    accepts_messages = fields.Boolean(required=True)
    worker = parts.text(allow_none=True)
    started = parts.time("when it was handed out last")
    taken = parts.amounts()
    resources = parts.amounts()
    tracking_url = parts.text(allow_none=True)
    status_message = parts.text(allow_none=True)
    percentage = fields.Float(required=True, allow_none=True)
    cut = parts.cut()


class Batch(Schema):
    """Tasks that are run as one."""

    members = parts.texts()
    runner = parts.text(allow_none=True)


class WholeTask(TaskRow):
    """All there is to say of a task."""

    rank = fields.Float(required=True, allow_none=True)
    deps = parts.texts()
    unmet = parts.whole()
    dependents = parts.whole()
    explanation = parts.text(allow_none=True)
    retry_policy = OfKernel(RetryPolicy, required=True)
    first_failure = parts.time("when it failed first")
    due = parts.time("when it is tried again, or given back; null for never")
    remove_at = parts.time("when it is forgotten")
    cancelled_by = parts.text(allow_none=True, metadata={"description": "Who wants the run ended that goes on"})
    batchable = fields.Boolean(required=True)
    batch = fields.Nested(Batch, required=True, allow_none=True)
    owners = parts.texts()
    answers = parts.words()


class TaskPage(Schema):
    """Tasks, those that changed last first. A page may be short before the last one. `total`: on all pages."""

    tasks = fields.List(fields.Nested(TaskRow), required=True)
    next = parts.next()
    total = fields.Integer(required=True, allow_none=True)
    version = parts.version()


class TableWindow(Schema):
    """Part of a table. With `cut` it ends before its limit, since it is full: the next begins where it ends."""

    tasks = fields.List(fields.Nested(TaskRow), required=True)
    offset = parts.number("how many tasks come before these")
    total = parts.number("how many tasks match")
    version = parts.version()
    cut = parts.cut()


class Changes(Schema):
    """What changed. With `reset` that cannot be told: ask for lists anew, and for later changes since `version`."""

    reset = fields.Boolean(required=True)
    version = parts.version()
    tasks = fields.List(fields.Nested(TaskRow), required=True)
    removed = parts.texts()


class Failure(TaskRow):
    """A task that failed or was disabled, and what it said."""

    explanation = parts.text(allow_none=True)


class Failures(Schema):
    """Those that failed or were disabled last."""

    tasks = fields.List(fields.Nested(Failure), required=True)


class Change(Schema):
    """From one status to another."""

    at = parts.time("when")
    before = parts.text()
    after = parts.text()
    why = parts.text()
    by = parts.text(metadata={"description": "A worker's id or an operator's name; empty for the scheduler itself"})


class Story(Schema):
    """What happened to a task lately, oldest first."""

    story = fields.List(fields.Nested(Change), required=True)
    cut = parts.cut()


class Step(Schema):
    """One sentence, and what one can do about it. `reason` is a word for programs."""

    task_id = parts.text()
    status = parts.text()
    reason = parts.text()
    sentence = parts.text()
    advice = parts.text()


class Explanation(Schema):
    """Why a task is where it is, step by step."""

    steps = fields.List(fields.Nested(Step), required=True)
    cut = parts.cut()


class Node(TaskRow):
    """A task in a graph. `left_out`: how many more it leads to."""

    links = parts.texts()
    left_out = parts.whole()


class Graph(Schema):
    """Tasks around one, nearest first."""

    root = parts.text()
    direction = parts.text()
    nodes = fields.List(fields.Nested(Node), required=True)
    truncated = fields.Boolean(required=True, metadata={"description": "Whether there are more than these"})


class Stopped(Schema):
    """How many PENDING tasks wait for a failed or a disabled one."""

    UPSTREAM_FAILED = parts.whole()
    UPSTREAM_DISABLED = parts.whole()


class AllCounts(Schema):
    """How many tasks there are of each status."""

    counts = parts.numbers()
    stopped = fields.Nested(Stopped, required=True)
    paused = fields.Boolean(required=True)
    version = parts.version()


class Family(Schema):
    """How many tasks of a family have which status."""

    family = parts.text()
    counts = parts.numbers()


class FamilyPage(Schema):
    """Families by name. Tasks that are known by their ids alone are under the empty one."""

    families = fields.List(fields.Nested(Family), required=True)
    next = parts.next()
