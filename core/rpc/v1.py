"""The kernel's own API, `/api/v1/…`, as workers and operators speak it: each verb is one call."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from luigi.interfaces import Batcher, Order, Question, Reply, Said, TaskSpec
from luigi.rpc.failures import HINTS, NotSpoken, RPCError, SchedulerAway
from luigi.rpc.pieces import in_pieces
from luigi.rpc.servers import Servers, attempts_for

if TYPE_CHECKING:
    from luigi.output.handed_in import Printed
    from luigi.rpc.transport import Answer

NOT_HERE = frozenset({404, 405, 501})
"""What a server answers to a path that it does not know."""

AS_JSON: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


class V1:
    """Speaks to `servers`. Several threads may. A call with a number is tried once: who numbers it makes it again.

    Every method raises RPCError, or NotSpoken as long as no server has answered in this API.
    """

    def __init__(self, servers: Servers) -> None:
        self._servers = servers
        self._heard = False

    def introduce(self, worker: str, info: Mapping[str, Any], attempts: int | None = None) -> None:
        """Make a worker known, and what it says of itself."""
        self._said("introduce", {"worker": worker, "info": dict(info)}, attempts)

    def declare(
        self, worker: str, tasks: Sequence[TaskSpec], batchers: Sequence[Batcher], call: int, submission: str = ""
    ) -> None:
        """Make tasks known; in pieces, unless the call has a number, which stands for one."""
        from luigi.rpc.records import written

        for piece in [tasks] if call else in_pieces(tasks):
            told = {"worker": worker, "call": call, "tasks": written(piece), "batchers": written(batchers)}
            told |= {"submission": submission} if submission else {}
            self._said("declare", told, attempts_for(call))

    def exchange(self, worker: str, said: Sequence[Said], want: int, call: int, waits: int = 0) -> Reply:
        """Hand in what a worker says, take up to `want` new assignments, and up to `waits` that only wait."""
        from luigi.rpc.records import WrongField, read, written

        told = {"worker": worker, "call": call, "said": written(said), "want": want}
        if waits:  # older servers know nothing of it, and have none of these
            told["waits"] = waits
        answer = self._said("exchange", told, attempts_for(call))
        try:
            return read(Reply, answer)
        except WrongField as error:
            raise self._strange("exchange", error) from error

    def ping(self, worker: str) -> Mapping[str, Any]:
        """A sign of life, and what it brings. Tried once: the next one comes anyway."""
        answer = self._said("exchange", {"worker": worker}, 1)
        messages = [{"name": told["name"], "kwargs": told["kwargs"]} for told in answer.get("messages", ())]
        standing: dict[str, Any] = {name: answer[name] for name in ("stranger", "enabled", "pace") if name in answer}
        return {"rpc_messages": messages, **standing}

    def farewell(self, worker: str, status: str) -> None:
        """A worker's run has ended."""
        self._said("farewell", {"worker": worker, "status": status}, 1)

    def output(self, worker: str, attempts: Sequence[Printed]) -> Sequence[int]:
        """Hand in what attempts have printed; gives the tokens of those that are not the worker's. Tried once."""
        from luigi.rpc.records import written

        refused = self._said("output", {"worker": worker, "attempts": written(attempts)}, 1).get("refused", ())
        return [token for token in refused if isinstance(token, int)]

    def control(self, order: Order) -> Any:
        """Carry out an operator's order. One that would do more if it arrived twice is tried once."""
        told = order._replace(by="")._asdict()  # who calls, the server knows
        if order.verb != "send_message":
            return self._asked("control", told, None)
        self._servers.close()  # on a connection that the server had given up it would be said again
        return self._asked("control", told, 1)

    def view(self, question: Question) -> Any:
        """Answer a question."""
        return self._asked("view", question._replace(options=dict(question.options))._asdict(), None)

    def _asked(self, verb: str, told: Mapping[str, Any], attempts: int | None) -> Any:
        given = {name: value for name, value in told.items() if value not in ("", None)}
        return self._said(verb, given, attempts).get("answer")

    # --- the way there and back --------------------------------------------------------------------------------

    def _said(self, verb: str, told: Mapping[str, Any], attempts: int | None = None) -> dict[str, Any]:
        from luigi.rpc.transport import JSON

        return self._read(verb, self._servers.post(f"api/v1/{verb}", self._body(verb, told), JSON, attempts))

    def _body(self, verb: str, told: Mapping[str, Any]) -> bytes:
        """What is told as JSON. Of a text that is no Unicode, as `os.fsdecode` makes them, the rest arrives."""
        try:
            return AS_JSON.encode(told).encode(errors="replace")
        except (TypeError, ValueError, RecursionError) as error:
            raise RPCError(f"{verb}: what is to be told is nothing that JSON has: {error}", error) from error

    def _read(self, verb: str, answer: Answer) -> dict[str, Any]:
        if answer.status != 200:
            raise self._failure(verb, answer)
        told = _json(answer.body)
        if not isinstance(told, dict):
            raise self._strange(verb, None)
        self._heard = True
        return told

    def _failure(self, verb: str, answer: Answer) -> RPCError:
        """What an answer other than 200 means. What a server refuses, it explains."""
        where = f"{verb} at the scheduler {self._servers.address}"
        status = f"{answer.status} {answer.reason}"
        if answer.media == "application/problem+json":
            self._heard = True
            return _refusal(where, status, answer)
        if answer.status not in NOT_HERE:
            return RPCError(f"{where} failed: {status}", hint=HINTS.get(answer.status, ""), status=answer.status)
        if self._heard:  # what answers is not the server, but what stands before it
            return SchedulerAway(f"the scheduler at {self._servers.address} answers {status}", status=answer.status)
        return NotSpoken(f"{where} failed: {status}", hint=HINTS[404], status=answer.status)

    def _strange(self, verb: str, error: Exception | None) -> RPCError:
        where = f"{verb} at the scheduler {self._servers.address}"
        return RPCError(f"{where}: the answer is not that of a scheduler", error, hint=HINTS[404])


def _json(body: bytes) -> Any:
    """What it says; None for what is not JSON."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def _refusal(where: str, status: str, answer: Answer) -> RPCError:
    told = _json(answer.body)
    problem = told if isinstance(told, dict) else {}
    hint = str(problem.get("hint") or HINTS.get(answer.status, ""))
    said = str(problem.get("detail") or status)
    if answer.status in (400, 404, 409):  # about what was said, and as a scheduler of this process would put it
        return RPCError(said, hint=hint, status=answer.status)
    return RPCError(f"{where} failed: {status}: {said}", hint=hint, status=answer.status)
