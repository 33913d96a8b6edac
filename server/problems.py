"""What goes wrong, as an answer: `application/problem+json` (RFC 9457), with a hint.

Every refusal of the server is made here, so that each says what was wrong and what to do, and none says too much.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import falcon

MEDIA_TYPE: Final = "application/problem+json"


class Problem(Exception):
    """A call that cannot be answered. `retry_after` is in seconds; `headers` go with the answer."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        hint: str = "",
        field: str = "",
        retry_after: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.hint, self.field = status, detail, hint, field
        self.headers = dict(headers or {})
        if retry_after is not None:
            self.headers["Retry-After"] = str(max(1, round(retry_after)))

    @property
    def title(self) -> str:
        """The status in words."""
        return str(falcon.code_to_http_status(self.status)).partition(" ")[2]

    def as_json(self) -> dict[str, Any]:
        """The members of the answer; empty ones are left out."""
        told = {
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "hint": self.hint,
            "field": self.field,
        }
        return {name: value for name, value in told.items() if value != ""}


def answer(response: falcon.Response, problem: Problem) -> None:
    """Answer with the problem."""
    response.status = falcon.code_to_http_status(problem.status)
    response.content_type = MEDIA_TYPE
    response.text = json.dumps(problem.as_json())
    for name, value in problem.headers.items():
        response.set_header(name, value)
