"""The API's own description, OpenAPI 3.1, made of its operations and of the schemas that check all input."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, Final

import falcon
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from luigi.rpc import records
from luigi.rpc.values import AN_ID
from luigi.server.guard.identity import Role
from luigi.server.problems import MEDIA_TYPE
from luigi.server.routes import READING, Route
from luigi.server.v1.operations import PREFIX, Operation
from luigi.server.v1.schemas import OfKernel

PATH: Final = f"{PREFIX}/openapi.json"

ABOUT: Final = """The scheduler's API: its four verbs in bulk (introduce, declare, exchange, farewell for workers;
control; view), and tasks, workers and resources to look at. Times are in seconds since the epoch. Answers are at most
256 KiB long: lists come in pages, and what is too long is shortened, which `cut` tells. What is wrong is told as
`application/problem+json` with a hint."""

REFUSALS: Final = {
    400: ("Refused", "What was said cannot be: `field` says where. Nothing has changed."),
    401: ("NotSignedIn", "Who calls is not known."),
    403: ("NotAllowed", "This is for another role, or was asked for by another site's page."),
    404: ("NotFound", "There is none of that name: `hint` has the nearest."),
    409: ("Conflict", "It does not apply as things stand. Nothing has changed."),
    413: ("TooLong", "The body is too long."),
    415: ("NotJson", "The body is not said to be JSON."),
    429: ("TooMany", "Too many calls: `Retry-After` says when more are taken."),
    503: (
        "NotNow",
        "Nobody leads, or nothing can be kept, at the moment. Something may have changed: make the call again after "
        "`Retry-After` seconds, a numbered one under its number.",
    ),
}
"""Each status that refuses: what the document calls it, and what it means."""


class Document:
    """Builds the description."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self._plugin = MarshmallowPlugin(schema_name_resolver=_name_of)
        self._spec = APISpec(
            "luigi-kernel",
            version("luigi-kernel"),
            "3.1.0",
            plugins=[self._plugin],
            info={"description": ABOUT},
            security=[{"basic": []}, {"bearer": []}, {}],
        )
        self._prepare()
        for operation in operations:
            self._add(operation)

    def as_json(self) -> dict[str, Any]:
        """The whole document."""
        return dict(self._spec.to_dict())

    def _prepare(self) -> None:
        def of_kernel(converter: Any, field: Any, **kwargs: Any) -> dict[str, Any]:
            return records.schema_of(field.hint, self._refer) if isinstance(field, OfKernel) else {}

        self._plugin.converter.add_attribute_function(of_kernel)  # type: ignore[union-attr]  # made by APISpec
        components = self._spec.components
        components.security_scheme("basic", {"type": "http", "scheme": "basic", "description": "any name, a token"})
        components.security_scheme("bearer", {"type": "http", "scheme": "bearer", "description": "a token"})
        components.schema("Problem", PROBLEM)
        for name, meaning in REFUSALS.values():
            content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
            components.response(name, {"description": meaning, "content": content})

    # --- operations --------------------------------------------------------------------------------------------

    def _add(self, operation: Operation) -> None:
        about: dict[str, Any] = {
            "operationId": operation.name,
            "summary": operation.summary,
            "description": f"For the role {operation.role.name.lower()}.",
            "parameters": [*_path_fields(operation), *self._query_fields(operation)],
            "responses": self._responses(operation),
        }
        if operation.body is not None:
            content = {"application/json": {"schema": self._reference(operation.body)}}
            self._spec.components.schemas[operation.body.__name__].update(operation.body.beyond)
            about["requestBody"] = {"required": True, "content": content}
        self._spec.path(PREFIX + operation.path, operations={operation.method.lower(): about})

    def _query_fields(self, operation: Operation) -> list[dict[str, Any]]:
        if operation.query is None:
            return []
        found: list[dict[str, Any]] = self._plugin.converter.schema2parameters(  # type: ignore[union-attr]
            operation.query(), location="query"
        )
        return found

    def _responses(self, operation: Operation) -> dict[str, Any]:
        content = {"application/json": {"schema": self._reference(operation.answer)}}
        answers: dict[str, Any] = {"200": {"description": "Done", "content": content}}
        if operation.method in READING:
            answers["304"] = {"description": "The answer is the one that If-None-Match names"}
        refusals = {400, 401, 403, 429, 503, *operation.refusals}
        if operation.body is not None:
            refusals |= {413, 415}
        return answers | {str(status): REFUSALS[status][0] for status in sorted(refusals)}

    # --- schemas -----------------------------------------------------------------------------------------------

    def _reference(self, answer: type[Any]) -> dict[str, Any]:
        if issubclass(answer, Schema):
            found: dict[str, Any] = self._plugin.resolver.resolve_schema_dict(answer)  # type: ignore[union-attr]
            return found
        return self._refer(answer)

    def _refer(self, record: type) -> dict[str, Any]:
        """Where the document has the schema of a kernel's record, which is put there when it is first referred to."""
        name = record.__name__
        if name not in self._spec.components.schemas:
            self._spec.components.schemas[name] = {}  # one that is referred to within itself ends here
            described = {
                "description": (record.__doc__ or "").partition("\n")[0],
                **records.schema(record, self._refer),
            }
            self._spec.components.schemas[name] = described
        return {"$ref": f"#/components/schemas/{name}"}


PROBLEM: Final[dict[str, Any]] = {
    "description": "What was wrong, and what to do (RFC 9457)",
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "hint": {"type": "string"},
        "field": {"type": "string", "description": "The path to what was wrong"},
    },
    "required": ["title", "status", "detail"],
}


def _name_of(schema: Any) -> str:
    cls = schema if isinstance(schema, type) else type(schema)
    return str(cls.__name__)


def _path_fields(operation: Operation) -> list[dict[str, Any]]:
    names = re.findall(r"\{(\w+)\}", operation.path)
    return [{"name": name, "in": "path", "required": True, "schema": dict(AN_ID.schema)} for name in names]


def route(operations: Sequence[Operation]) -> Route:
    """Where the document is to be had."""
    text = json.dumps(Document(operations).as_json(), separators=(",", ":"))

    def give(request: falcon.Request, response: falcon.Response) -> None:
        response.text = text

    return Route("GET", PATH, Role.VIEWER, give, media="", summary="This API, described as OpenAPI 3.1")
