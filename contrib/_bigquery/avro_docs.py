"""What an Avro schema says of itself, as descriptions of a table and of its columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Json = Mapping[str, Any]


def described(schema: Json, fields: Iterable[Json]) -> list[dict[str, Any]]:
    """The columns of a table, each with the `doc` of the schema's field of that name, unless it has a description."""
    known = {field["name"]: field for field in schema.get("fields", ())}
    return [_described(column, known.get(column["name"], {})) for column in fields]


def _described(column: Json, field: Json) -> dict[str, Any]:
    found = dict(column)
    if field.get("doc"):
        found.setdefault("description", field["doc"])
    if column.get("fields"):
        found["fields"] = described(_record_of(field.get("type")), column["fields"])
    return found


def _record_of(kind: Any) -> Json:
    """The record that a type is, or is a list of, or may be; an empty one where there is none, as in a map."""
    if isinstance(kind, list):
        return next(filter(None, map(_record_of, kind)), {})
    if not isinstance(kind, Mapping):
        return {}
    if kind.get("type") == "record":
        return kind
    return _record_of(kind.get("items") or kind.get("type"))
