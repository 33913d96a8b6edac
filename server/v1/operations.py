"""One thing the API does: what it takes, who may, what it answers; and how that becomes a route."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import falcon
from marshmallow import Schema

from luigi.rpc.values import AN_ID
from luigi.scheduler import Scheduler
from luigi.server.guard import audit
from luigi.server.guard.identity import NOBODY, Identity, Role
from luigi.server.office import Office
from luigi.server.problems import Problem
from luigi.server.routes import READING, Route
from luigi.server.v1 import answers
from luigi.server.v1.bodies import json_of
from luigi.server.v1.schemas import Strict

PREFIX = "/api/v1"


class Call(NamedTuple):
    """A call whose form is right."""

    scheduler: Scheduler
    said: Mapping[str, Any]
    """All that was said, in the path, the query and the body, by name."""
    identity: Identity = NOBODY
    """Who says it."""


Act = Callable[[Call], Any]
"""Does what is asked; gives what JSON can have."""

Tag = Callable[[Call], str]
"""Gives what tells one answer from the next, without a look at them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One thing the API does."""

    method: str
    path: str
    """Below PREFIX, as a Falcon template: `/tasks/{task_id}`."""
    name: str
    """Unique; programs made from the OpenAPI document call it so."""
    summary: str
    role: Role
    act: Act
    answer: type[Schema] | type[tuple[Any, ...]]
    """What it answers: a schema, or a record of the kernel."""
    query: type[Strict] | None = None
    body: type[Strict] | None = None
    tag: Tag | None = None
    refusals: tuple[int, ...] = ()
    """Statuses of what may be wrong beyond the input's form: 404, 409."""
    quiet: bool = False
    """Whether the audit log leaves it out: what workers say of their tasks."""
    quick: bool = False
    """Whether a program makes the call, and it waits for nothing but the state store: see `Route.quick`."""
    audited: tuple[str, ...] = ()
    """What of the body the audit log tells."""
    brought: tuple[str, ...] = ()
    """What of the answer it tells."""

    def route(self, office: Office) -> Route:
        """The operation as the server knows it."""
        return Route(
            self.method,
            PREFIX + self.path,
            self.role,
            Endpoint(self, office),
            changes=self.method not in READING and self.role > Role.VIEWER,
            quiet=self.quiet,
            quick=self.quick,
            media="application/json" if self.body else "",
            summary=self.summary,
        )


def looking(
    path: str,
    name: str,
    summary: str,
    act: Act,
    answer: type[Schema],
    query: type[Strict] | None = None,
    tag: Tag | None = None,
    *,
    may_be_missing: bool = False,
) -> Operation:
    """Something that viewers may look at. `may_be_missing`: it may not be there at all; what a path names never is sure
    to be."""
    return Operation(
        method="GET",
        path=path,
        name=name,
        summary=summary,
        role=Role.VIEWER,
        act=act,
        answer=answer,
        query=query,
        tag=tag,
        refusals=(404,) if may_be_missing or "{" in path else (),
    )


def ordering(
    path: str,
    name: str,
    summary: str,
    act: Act,
    answer: type[Schema],
    body: type[Strict] | None = None,
    *,
    method: str = "POST",
    refusals: tuple[int, ...] = (404, 409),
    audited: tuple[str, ...] = (),
    brought: tuple[str, ...] = (),
) -> Operation:
    """Something that operators order: 404 for what is not there, 409 where it does not apply."""
    return Operation(
        method=method,
        path=path,
        name=name,
        summary=summary,
        role=Role.OPERATOR,
        act=act,
        answer=answer,
        body=body,
        refusals=refusals,
        audited=audited,
        brought=brought,
    )


class Endpoint:
    """Answers the calls of one operation."""

    def __init__(self, operation: Operation, office: Office) -> None:
        self.operation = operation
        self._office = office
        self._act = operation.act
        self._query = operation.query() if operation.query else None
        self._body = operation.body() if operation.body else None
        self._reads = operation.method in READING

    def __call__(self, request: falcon.Request, response: falcon.Response, **path: str) -> None:
        """Check what is said, do it, answer."""
        said = self._said(request, path)
        call = Call(self._office.standing.scheduler, said, request.context.identity)
        tag = self.operation.tag
        if tag is not None and answers.answer_with_tag(request, response, tag(call)):
            return
        if self.operation.audited:
            told = {name: said.get(name) for name in self.operation.audited}
            request.context.audited = {name: value for name, value in told.items() if value not in ("", None)}
        answer = self._act(call)
        if self.operation.brought:
            audit.say(request, **{name: answer[name] for name in self.operation.brought})
        if answer is None:
            raise Problem(404, f"there is no {request.path}")
        if self._reads and tag is None:
            answers.give_unless_known(request, response, answer)
        else:
            answers.give(response, answer)

    def _said(self, request: falcon.Request, path: Mapping[str, str]) -> Mapping[str, Any]:
        said: dict[str, Any] = {name: AN_ID.read(value, name) for name, value in path.items()}
        if self._query is not None:
            said |= self._query.read(_single_values(request.params))
        elif request.query_string:
            raise Problem(400, "this takes no query", field=next(iter(request.params), ""))
        if self._body is not None:
            said |= self._body.read(json_of(request))
        return said


def _single_values(params: Mapping[str, Any]) -> Mapping[str, str]:
    for name, value in params.items():
        if isinstance(value, list):
            raise Problem(400, f"{name} is given {len(value)} times", field=name)
    return params
