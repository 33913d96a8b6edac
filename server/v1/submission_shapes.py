"""What the answers about submissions look like. Times are in seconds since the epoch."""

from __future__ import annotations

from marshmallow import Schema, fields

from luigi.server.v1 import parts


class Roots(Schema):
    """How what was asked for stands."""

    total = parts.whole()
    done = parts.whole()
    failed = parts.number("failed, or disabled")
    held = parts.number("let go only when others have ended")
    active = parts.whole()


class Submission(Schema):
    """A run that no process stands for."""

    id = parts.text()
    name = parts.text()
    kind = parts.text(metadata={"description": "run, trigger or backfill"})
    by = parts.text()
    since = parts.time("when it became known", allow_none=False)
    settled = parts.time("when it ended; null while it goes on")
    status = parts.text(metadata={"description": "How it ended: SUCCESS, FAILED, CANCELLED …; empty while it goes on"})
    max_active = parts.number("how many of what was asked for are run at a time; 0 for all")
    counts = parts.numbers()
    roots = fields.Nested(Roots, required=True)
    cut = parts.cut()


class SubmissionPage(Schema):
    """Submissions by their ids."""

    submissions = fields.List(fields.Nested(Submission), required=True)
    next = parts.next()
