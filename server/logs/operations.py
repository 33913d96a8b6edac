"""The API's calls about output: workers hand it in, everybody looks at it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from luigi.output.handed_in import Piece, Printed
from luigi.output.kept.reading import Kept, page
from luigi.output.kept.segments import Whose
from luigi.server.guard.identity import Role
from luigi.server.logs.holders import Holders, Last, last_attempt
from luigi.server.logs.shapes import Log, LogQuery, Output, Taken
from luigi.server.logs.store import LogStore
from luigi.server.office import Office
from luigi.server.problems import Problem
from luigi.server.v1.known import the_task
from luigi.server.v1.operations import Call, Operation, looking

LATE: Final = 15.0
"""Seconds that output may come after its attempt has ended, as far as the scheduler knows."""

MOST_ATTEMPTS: Final = 100


class Logs:
    """Answers the calls."""

    def __init__(self, store: LogStore, holders: Holders) -> None:
        self._store, self._holders = store, holders

    # --- handing in --------------------------------------------------------------------------------------------

    def take_in(self, call: Call) -> Any:
        """Keep what attempts of a worker have printed."""
        refused = [one.attempt for one in call.said["attempts"] if not self._took_in(call, one)]
        if refused and len(refused) == len(call.said["attempts"]):
            hint = "only the worker that a task was handed out to says what it prints"
            raise Problem(409, "none of these attempts is or was this worker's", hint=hint, field="attempts")
        return {"refused": refused}

    def _took_in(self, call: Call, printed: Printed) -> bool:
        whose = self._whose(call, printed)
        if whose is not None:
            self._store.add(whose, printed.first, [_told(piece) for piece in printed.pieces], printed.ended)
        return whose is not None

    def _whose(self, call: Call, printed: Printed) -> Whose | None:
        task_id, token, worker = printed.task_id, printed.attempt, call.said["worker"]
        whose = self._holders.holder(call.scheduler, task_id, token)
        if whose is not None and whose.worker == worker:
            return whose
        return self._store.holder(task_id, token, worker)

    # --- looking -----------------------------------------------------------------------------------------------

    def log(self, call: Call) -> Any:
        """What an attempt has printed."""
        task_id, token, after = call.said["task_id"], call.said["attempt"], call.said["after"]
        found = self._store.attempts(task_id)[:MOST_ATTEMPTS]
        last = last_attempt(call.scheduler, task_id)
        if not found and last is None:
            the_task(call.scheduler, task_id)
        rows = _rows(found, last)
        if token is None and rows:
            token = rows[0]["attempt"]
        elif token is not None and token not in [row["attempt"] for row in rows]:
            raise Problem(404, f"no attempt at this task has the token {token}", field="attempt")
        shown = next((one for one in found if one.whose.token == token), None)
        runs = last is not None and last.runs and last.whose.token == token
        told = {"attempt": token, "attempts": rows}
        if shown is None:
            return {**told, "pieces": [], "next": 0, "ended": bool(rows) and not runs, "lost": 0}
        return {**told, **_shown(shown, after, runs, call.scheduler.clock.now())}


def _shown(shown: Kept, after: int, runs: bool, now: float) -> Mapping[str, Any]:
    some = page(shown.segments, after)
    over = shown.ended() is not None or (not runs and now - (shown.changed() or 0) > LATE)
    ended = over and some.next >= shown.segments[-1].end
    return {"pieces": some.pieces, "next": some.next, "ended": ended, "lost": some.lost}


def _rows(found: list[Kept], last: Last | None) -> list[dict[str, Any]]:
    """The attempts, the newest first: those that have printed something, and the last one."""
    rows = [_row(one.whose, _end(one, last)) for one in found]
    if last is not None and last.whose.stem not in [one.whose.stem for one in found]:
        rows.append(_row(last.whose, None if last.runs else last.changed))
    return sorted(rows, key=lambda row: (-row["began"], -row["attempt"]))


def _row(whose: Whose, ended: float | None) -> dict[str, Any]:
    return {"attempt": whose.token, "worker": whose.worker, "began": whose.began, "ended": ended}


def _end(one: Kept, last: Last | None) -> float | None:
    """When it ended, as its worker said; else when it was heard of last; None while it runs."""
    ended = one.ended()
    if ended is not None or (last is not None and last.runs and last.whose.stem == one.whose.stem):
        return ended
    return one.changed()


def _told(piece: Piece) -> Mapping[str, Any]:
    if piece.lost:
        return {"at": piece.at, "lost": piece.lost}
    return {"at": piece.at, "stream": piece.stream, "text": piece.text}


def operations(office: Office) -> list[Operation]:
    """What this room does."""
    holders = Holders()
    office.standing.attach(holders.watching)
    logs = Logs(LogStore(office.settings, office.clock), holders)
    take_in = Operation(
        method="POST",
        path="/output",
        name="output",
        summary="A worker hands in what its tasks print",
        role=Role.WORKER,
        act=logs.take_in,
        body=Output,
        answer=Taken,
        refusals=(409,),
        quiet=True,
    )
    return [take_in, looking("/tasks/{task_id}/log", "getLog", "What a task prints", logs.log, Log, LogQuery)]
