"""Questions as `luigi.scheduler.views` answers them, by `POST /api/v1/view`. They change nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import fields, validate

from luigi.interfaces import Question
from luigi.rpc.values import LONGEST_ID
from luigi.scheduler.records import NEXT
from luigi.scheduler.upstream import UPSTREAM_SEVERITY_ORDER
from luigi.scheduler.views import NOUNS
from luigi.server.guard.identity import Role
from luigi.server.v1 import fitting
from luigi.server.v1.known import the_task
from luigi.server.v1.operations import Call, Operation
from luigi.server.v1.orders import Answered
from luigi.server.v1.schemas import OfKernel, Strict, wrong

MOST_ROWS: Final = 1000

ROWS: Final[Mapping[str, int]] = {"tasks": 100, "errors": 20, "changes": 200, "graph": 200}
"""How many rows an answer has at most, unless asked for more."""

_NUMBER: Final = {"type": "integer", "minimum": 0}
_LIMIT: Final = {"type": "integer", "minimum": 1, "maximum": MOST_ROWS}
_SWITCH: Final = {"type": "boolean"}
_TEXT: Final = {"type": "string"}

OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "answer": {"message_id": _TEXT},
    "tasks": {
        "status": {"enum": [*NEXT, ""]},
        "upstream": {"enum": [*UPSTREAM_SEVERITY_ORDER]},
        "family": _TEXT,
        "search": _TEXT,
        "limit": _LIMIT,
        "after": _NUMBER,
    },
    "changes": {"since": _NUMBER, "limit": _LIMIT},
    "errors": {"limit": _LIMIT},
    "graph": {"direction": {"enum": ["up", "down"]}, "include_done": _SWITCH, "limit": _LIMIT},
    "workers": {"include_running": _SWITCH},
}
"""The JSON schemas of what narrows the answers; the views check it themselves."""

OF_A_TASK: Final = frozenset({"upstream", "story", "explain", "answer", "graph"})


class TheQuestion(Strict):
    """A noun, what it is about, and what narrows the answer."""

    beyond = {
        "anyOf": [
            {
                "properties": {
                    "noun": {"const": noun},
                    "options": {"properties": OPTIONS.get(noun, {}), "additionalProperties": False},
                }
            }
            for noun in NOUNS
        ]
    }

    noun = fields.String(required=True, validate=validate.OneOf(NOUNS))
    subject = fields.String(load_default="", validate=validate.Length(max=LONGEST_ID))
    options = OfKernel(Mapping[str, Any], load_default=dict)

    def check(self, found: Mapping[str, Any]) -> None:
        """Refuse to give too much in one answer."""
        limit = found["options"].get("limit")
        if isinstance(limit, (int, float)) and limit > MOST_ROWS:
            raise wrong("options.limit", f"{limit} is more than {MOST_ROWS}")


def view(call: Call) -> Any:
    """Answer a question."""
    question = Question(**call.said)
    if question.noun in OF_A_TASK:
        the_task(call.scheduler, question.subject)
    options = {name: _whole(value) for name, value in question.options.items()}
    if question.noun in ROWS:
        options = {"limit": ROWS[question.noun], **options}
    question = question._replace(options=options)
    asked_for_much = "limit" in call.said["options"]
    longest = fitting.LONGEST * (4 if asked_for_much else 1)
    return fitting.fitted({"answer": call.scheduler.view(question)}, longest)


def _whole(value: Any) -> Any:
    """Other programs may write 1 as 1.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


VIEW: Final = Operation(
    method="POST",
    path="/view",
    name="view",
    summary="Answer a question about tasks, workers or resources",
    role=Role.VIEWER,
    act=view,
    body=TheQuestion,
    answer=Answered,
    refusals=(404,),
)
