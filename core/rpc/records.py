"""The kernel's records as JSON: how they are written and read, and the JSON schema of each, all from their annotations.

Client and server share it, so that what one writes the other reads. What has its default is left out.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from functools import cache
from math import inf
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

from luigi import interfaces
from luigi.output import handed_in, sink
from luigi.rpc import values
from luigi.rpc.values import AN_ID, Kind, Reader, Refer
from luigi.rpc.values import WrongField as WrongField
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, UNKNOWN

Record = TypeVar("Record")

SAID: Final[Mapping[str, type]] = {
    "report": interfaces.Report,
    "progress": interfaces.Progress,
    "began": interfaces.Began,
    "answer": interfaces.Answer,
}
"""What a worker may hand in, by the `kind` that tells it apart as JSON."""

_KINDS: Final = {record: kind for kind, record in SAID.items()}

_AMOUNTS: Final = values.mapping_to(values.NUMBER)  # half of a resource is fine where no wire is between, too

NARROWED: Final[Mapping[tuple[type, str], Kind]] = {
    (interfaces.TaskSpec, "task_id"): AN_ID,
    (interfaces.TaskSpec, "family"): AN_ID,
    (interfaces.TaskSpec, "status"): values.one_of(PENDING, DONE, UNKNOWN, DISABLED, FAILED),
    (interfaces.TaskSpec, "deps"): values.or_none(values.list_of(AN_ID)),
    (interfaces.TaskSpec, "resources"): _AMOUNTS,
    (interfaces.RetryPolicy, "retry_count"): values.or_none(values.ENDLESS_NUMBER),
    (interfaces.Batcher, "family"): AN_ID,
    (interfaces.Batcher, "max_size"): values.ABOVE_ZERO,
    (interfaces.Report, "task_id"): AN_ID,
    (interfaces.Report, "status"): values.one_of(DONE, FAILED, PENDING),
    (interfaces.Report, "new_deps"): values.list_of(AN_ID),
    (interfaces.Progress, "task_id"): AN_ID,
    (interfaces.Progress, "given_back"): _AMOUNTS,
    (interfaces.Answer, "task_id"): AN_ID,
    (handed_in.Piece, "at"): values.NUMBER,
    (handed_in.Piece, "stream"): values.one_of(*sink.STREAMS),
    (handed_in.Piece, "text"): values.text_up_to(handed_in.LONGEST),
    (handed_in.Piece, "lost"): values.AMOUNT,
    (handed_in.Printed, "task_id"): AN_ID,
    (handed_in.Printed, "attempt"): values.AMOUNT,
    (handed_in.Printed, "first"): values.AMOUNT,
    (handed_in.Printed, "ended"): values.or_none(values.NUMBER),
}
"""Fields that hold something else than their type says."""


def written(record: Any) -> Any:
    """A record, or a collection of records, as JSON can have it."""
    fields = _fields(type(record))  # type: ignore[arg-type]  # a class can be hashed
    if fields is None:
        return _written_value(record)
    kind = _KINDS.get(type(record))
    found: dict[str, Any] = {"kind": kind} if kind else {}
    for (name, default), value in zip(fields, record, strict=True):
        if value is not default and value != default:
            found[name] = value if type(value) in _AS_THEY_ARE else written(value)
    return found


def _written_value(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [written(one) for one in value]
    if isinstance(value, Mapping):
        return {name: one if type(one) in _AS_THEY_ARE else written(one) for name, one in value.items()}
    if type(value) is float and abs(value) == inf:
        return values.WORDS[value]
    return value


def read(record: type[Record], told: Any, path: str = "") -> Record:
    """The record that `written` made `told` of. Raises WrongField, naming the field, for anything else."""
    found: Record = reader(record)(told, path)
    return found


def reader(hint: Any) -> Reader:
    """What reads records of a type, or a collection of them: `Sequence[TaskSpec]`, `Said`."""
    return _kind(hint).read


def schema(record: type, refer: Refer) -> dict[str, Any]:
    """The JSON schema (draft 2020-12) of a record; of a record within it, what `refer` gives."""
    properties = {name: kind.describe(refer) for name, kind in _field_kinds(record).items()}
    required = [name for name in properties if name not in _defaults(record)]
    if record in _KINDS:
        properties = {"kind": {"const": _KINDS[record]}, **properties}
        required = ["kind", *required]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def schema_of(hint: Any, refer: Refer) -> dict[str, Any]:
    """The JSON schema of what `reader` reads."""
    return _kind(hint).describe(refer)


# --- fields --------------------------------------------------------------------------------------------------------

_MISSING: Final = object()

_AS_THEY_ARE: Final = frozenset({str, int, bool, type(None)})


@cache
def _fields(record: Any) -> Sequence[tuple[str, Any]] | None:
    """The names of a record's fields, each with its default; None for what is no record."""
    if not issubclass(record, tuple) or not hasattr(record, "_fields"):
        return None
    defaults = _defaults(record)
    return [(name, defaults.get(name, _MISSING)) for name in record._fields]


def _defaults(record: Any) -> Mapping[str, Any]:
    return record._field_defaults  # type: ignore[no-any-return]


@cache
def _field_kinds(record: type) -> Mapping[str, Kind]:
    hints = get_type_hints(record).items()
    return {name: NARROWED.get((record, name)) or _kind(hint) for name, hint in hints}


# --- reading -------------------------------------------------------------------------------------------------------

_SIMPLE: Final[Mapping[Any, Kind]] = {
    Any: values.ANYTHING,
    str: values.TEXT,
    int: values.WHOLE,
    float: values.ENDLESS_NUMBER,
    bool: values.SWITCH,
    type(None): values.NOTHING,
}


@cache
def _kind(hint: Any) -> Kind:
    """What a value of a type is read by, and the schema that says the same. Raises TypeError for no record's type."""
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _one_of_several(args)
    if origin is not None and issubclass(origin, Mapping):
        return values.mapping_to(_kind(args[1]))
    if origin is not None and issubclass(origin, Sequence):
        return values.list_of(_kind(args[0]))
    return Kind(_record_reader(hint), lambda refer: refer(hint))


def _one_of_several(hints: Sequence[Any]) -> Kind:
    """Something or None, or one of several records that their `kind` tells apart."""
    kinds = [_kind(hint) for hint in hints]
    others = [kind for kind in kinds if kind is not values.NOTHING]
    if len(others) == 1:
        read = values.or_none(others[0]).read
    elif _KINDS.keys() >= set(hints):
        read = _reader_by_kind({_KINDS[hint]: kind.read for hint, kind in zip(hints, kinds, strict=True)})
    else:
        raise TypeError(f"nothing in JSON tells apart {', '.join(map(str, hints))}")
    return Kind(read, lambda refer: {"anyOf": [kind.describe(refer) for kind in kinds]})


def _record_reader(record: Any) -> Reader:
    readers = {name: kind.read for name, kind in _field_kinds(record).items()}
    required = [name for name in readers if name not in _defaults(record)]
    kind = _KINDS.get(record)

    def read_record(value: Any, path: str) -> Any:
        if type(value) is not dict:
            raise WrongField(path, "an object", value)
        fields = {}
        for name, told in value.items():
            read_field = readers.get(name)
            if read_field is not None:
                fields[name] = read_field(told, f"{path}.{name}" if path else name)
            elif name != "kind" or told != kind:
                expected = f"none of that name, but one of {', '.join(readers)}"
                raise WrongField(values.below(path, name), expected, told)
        for name in required:
            if name not in fields:
                raise WrongField(values.below(path, name), "a value", None)
        return record(**fields)

    return read_record


def _reader_by_kind(readers: Mapping[str, Reader]) -> Reader:
    """What reads one of several records: each has a reader, by its kind."""

    def read_by_kind(value: Any, path: str) -> Any:
        kind = value.get("kind") if type(value) is dict else None
        if not isinstance(kind, str) or kind not in readers:
            raise WrongField(values.below(path, "kind"), f"one of {', '.join(readers)}", kind)
        return readers[kind](value, path)

    return read_by_kind
