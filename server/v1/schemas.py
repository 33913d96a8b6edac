"""What all schemas of the API are made of: strict ones, whose mistakes name the field and what was expected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import RAISE, Schema, ValidationError, fields, missing, validate

from luigi.rpc import records
from luigi.rpc.values import AN_ID, WHOLE
from luigi.server.problems import Problem


class Strict(Schema):
    """A schema that takes nothing it does not name."""

    beyond: ClassVar[Mapping[str, Any]] = {}
    """What its JSON schema says beside its fields."""

    class Meta:
        unknown = RAISE  # the OpenAPI document says so then

    def read(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """What was told, checked, and with its defaults. Raises Problem 400, or `values.WrongField`, which is one.

        Only the first mistake is told, so this asks the fields itself: marshmallow's `load`, which gathers all, takes
        twice as long, and workers make many calls.
        """
        for name in told:
            if name not in self.fields:
                raise wrong(name, "Unknown field.", hint=f"there are: {', '.join(self.fields)}")
        found = {}
        for name, field in self.fields.items():
            value = _read_field(field, told, name)
            if value is not missing:
                found[name] = value
        self.check(found)
        return found

    def check(self, found: Mapping[str, Any]) -> None:
        """Look at the whole, once its fields are right. Raises Problem 400."""


def wrong(field: str, message: str, *, hint: str = "") -> Problem:
    """The answer to a field that will not do."""
    return Problem(400, f"{field}: {message}", field=field, hint=hint)


def _read_field(field: fields.Field[Any], told: Mapping[str, Any], name: str) -> Any:
    try:
        return field.deserialize(told.get(name, missing), name, told)
    except ValidationError as error:
        raise wrong(*_first(error.messages, name)) from None


def _first(messages: Any, path: str = "") -> tuple[str, str]:
    """The path to the first of what is wrong, and what that is."""
    if isinstance(messages, dict):
        name, below = next(iter(messages.items()))
        return _first(below, f"{path}.{name}" if path else str(name))
    return path, str(messages[0] if isinstance(messages, list) else messages)


class OfKernel(fields.Field[Any]):
    """A record of the kernel, or a collection of them, as `luigi.rpc.records` reads it: the path goes on into it."""

    def __init__(self, hint: Any, **options: Any) -> None:
        self.hint = hint
        self._read = records.reader(hint)
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return self._read(value, attr or "")


class Id(fields.Field[str]):
    """The id of a task or a worker."""

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata=dict(AN_ID.schema), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        found: str = AN_ID.read(value, attr or "")
        return found


class Anything(fields.Field[Any]):
    """Whatever the kernel answers."""


class Whole(fields.Integer):
    """A whole number from `least` to `most`."""

    def __init__(self, least: int = 0, most: int = 2**53, **options: Any) -> None:
        super().__init__(validate=validate.Range(least, most), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        found: int = WHOLE.read(value, attr or "")
        return found
