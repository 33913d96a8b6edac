"""The JSON schema of OpenLineage's events, made of the classes that its package generates from the specification."""

from __future__ import annotations

import sys
import types
import typing
from enum import Enum
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import attr

FACETS = {
    "processing_engine": ("processing_engine_run", "ProcessingEngineRunFacet"),
    "parent": ("parent_run", "ParentRunFacet"),
    "errorMessage": ("error_message_run", "ErrorMessageRunFacet"),
    "jobType": ("job_type_job", "JobTypeJobFacet"),
    "tags": ("tags_run", "TagsRunFacet"),
}
"""Those that the plugin and the client send, and where they are defined."""

ALWAYS = {"eventType", "producer", "schemaURL", "_producer", "_schemaURL"}
"""Fields that the specification wants, though the classes have defaults for them."""

FORMATS = {"eventTime": "date-time", "runId": "uuid", "producer": "uri", "schemaURL": "uri", "_producer": "uri"}

Schema = dict[str, Any]


def schema() -> Schema:
    """Of a run event: nothing unknown in it, nothing left out that is needed."""
    from openlineage.client.event_v2 import RunEvent

    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_of_class(RunEvent, _facets())}


def _facets() -> Schema:
    """A collection of facets. Those that may be in facets in turn are never sent."""
    empty = {"type": "object", "maxProperties": 0}
    there = {name: f"openlineage.client.generated.{place}" for name, (place, _) in FACETS.items()}
    modules = {name: import_module(place) for name, place in there.items() if find_spec(place)}  # `tags` came late
    found = {
        name: _of_class(getattr(modules[name], cls), empty) for name, (_, cls) in FACETS.items() if name in modules
    }
    return {"type": "object", "properties": found, "additionalProperties": False}


def _of_class(cls: type, facets: Schema) -> Schema:
    fields = {one.name: one for one in attr.fields(cls)}
    hints = typing.get_type_hints(cls, {name: value for one in cls.__mro__ for name, value in _around(one).items()})
    properties = {name: _of_hint(hints[name], facets) | _format(name) for name in fields}
    needed = [name for name, one in fields.items() if one.default is attr.NOTHING or name in ALWAYS]
    return {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}


def _around(cls: type) -> dict[str, Any]:
    return vars(sys.modules[cls.__module__])


def _format(name: str) -> Schema:
    return {"format": FORMATS[name]} if name in FORMATS else {}


def _of_hint(hint: Any, facets: Schema) -> Schema:
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _of_hint(next(part for part in parts if part is not type(None)), facets)
    if origin is list:
        return {"type": "array", "items": _of_hint(parts[0], facets)}
    if origin is dict:
        return facets
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"enum": [one.value for one in hint]}
    if attr.has(hint):
        return _of_class(hint, facets)
    return {"type": {str: "string", int: "integer", bool: "boolean"}[hint]}
