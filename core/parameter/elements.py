"""Collections whose elements have a type: what `days: list[datetime.date]` declares.

Written as JSON, like the plain collections: numbers, truth values and texts as themselves, anything else as the text
that its own type of parameter writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from luigi.freezing import FrozenOrderedDict
from luigi.parameter.base import Parameter
from luigi.parameter.collections import DictParameter, ListParameter, TupleParameter
from luigi.parameter.problems import UnreadableValue
from luigi.parameter.scalars import BoolParameter, FloatParameter, IntParameter, StrParameter

# What JSON has of its own. A bool is an int to Python, but not to someone who writes list[int].
_NATIVE: dict[type, tuple[type, ...]] = {
    BoolParameter: (bool,),
    IntParameter: (int,),
    FloatParameter: (float, int),
    StrParameter: (str,),
}


class Element:
    """How one element travels: `read` takes what JSON holds or what a program gives, `write` gives what JSON holds."""

    def __init__(self, parameter: Parameter[Any]) -> None:
        self.parameter = parameter
        self.native = _NATIVE.get(type(parameter))

    def read(self, x: Any) -> Any:
        """The element in its type. Raises UnreadableValue for something else."""
        if self.native is None:
            return self.parameter.normalize(self.parameter.parse(x) if isinstance(x, str) else x)
        if not isinstance(x, self.native) or (isinstance(x, bool) and bool not in self.native):
            raise UnreadableValue(x, self.parameter.describe())
        return float(x) if float in self.native else x  # type: ignore[arg-type]

    def write(self, x: Any) -> Any:
        """The element as JSON can hold it."""
        if self.native is not None or x is None:
            return x
        if isinstance(self.parameter, TypedListParameter | TypedTupleParameter | TypedDictParameter):
            return self.parameter.plain(x)
        return self.parameter.serialize(x)

    def key(self, x: Any) -> Any:
        """A key of a JSON object, always a text there, in its type."""
        return self.read(x) if not isinstance(x, str) else self.parameter.normalize(self.parameter.parse(x))


class TypedListParameter(ListParameter[Any]):
    """A list of elements of one type."""

    def __init__(self, *, element: Parameter[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.element = Element(element)

    def parse(self, x: Any) -> Any:
        return self._read(super().parse(x))

    def normalize(self, x: Any) -> Any:
        return self._read(x) if isinstance(x, list | tuple) else super().normalize(x)

    def _read(self, xs: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(self.element.read(x) for x in xs)

    def serialize(self, x: Any) -> str:
        return super().serialize(self.plain(x))

    def plain(self, xs: Any) -> Any:
        """The value as JSON can hold it."""
        return xs if xs is None else [self.element.write(x) for x in xs]

    def describe(self) -> str:
        return f"a JSON list, each element {self.element.parameter.describe()}"


class TypedTupleParameter(TupleParameter[Any]):
    """A tuple with a type for each place."""

    def __init__(self, *, elements: Sequence[Parameter[Any]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.elements = [Element(element) for element in elements]

    def parse(self, x: Any) -> Any:
        return self._read(super().parse(x))

    def normalize(self, x: Any) -> Any:
        return self._read(x) if isinstance(x, list | tuple) else super().normalize(x)

    def _read(self, xs: Sequence[Any]) -> tuple[Any, ...]:
        if len(xs) != len(self.elements):
            raise UnreadableValue(xs, self.describe(), f"it has {len(xs)} elements")
        return tuple(element.read(x) for element, x in zip(self.elements, xs, strict=True))

    def serialize(self, x: Any) -> str:
        return super().serialize(self.plain(x))

    def plain(self, xs: Any) -> Any:
        """The value as JSON can hold it."""
        return xs if xs is None else [element.write(x) for element, x in zip(self.elements, xs, strict=True)]

    def describe(self) -> str:
        places = ", ".join(element.parameter.describe() for element in self.elements)
        return f"a JSON list of {len(self.elements)}: {places}"


class TypedDictParameter(DictParameter[Any]):
    """A mapping with a type for its keys and one for its values."""

    def __init__(self, *, key: Parameter[Any], element: Parameter[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.key, self.element = Element(key), Element(element)

    def parse(self, x: Any) -> Any:
        return self._read(super().parse(x))

    def normalize(self, x: Any) -> Any:
        return self._read(x) if isinstance(x, Mapping) else super().normalize(x)

    def _read(self, xs: Mapping[Any, Any]) -> FrozenOrderedDict[Any, Any]:
        return FrozenOrderedDict((self.key.key(key), self.element.read(x)) for key, x in xs.items())

    def serialize(self, x: Any) -> str:
        return super().serialize(self.plain(x))

    def plain(self, xs: Any) -> Any:
        """The value as JSON can hold it."""
        if xs is None:
            return None
        return {self.key.parameter.serialize(key): self.element.write(x) for key, x in xs.items()}

    def describe(self) -> str:
        key, value = self.key.parameter.describe(), self.element.parameter.describe()
        return f"a JSON object, each key {key}, each value {value}"
