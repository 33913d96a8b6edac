"""Tasks to look at, made with defaults where there are some, and otherwise with made-up values that the types take."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any, Final

from luigi.errors import KernelError
from luigi.parameter import Parameter
from luigi.parameter.base import _no_value
from luigi.task import Task

TEXTS: Final = (
    *("one", "two", "1", "2", "true", "false", "2013-07-04", "2013-07-05", "2013-07", "2013-08", "2013", "2014"),
    *("2013-07-04T05", "2013-07-04T06", "2013-07-04T0506", "2013-07-04T0507", "2013-07-04T050607", "2013-07-04T050608"),
    *("[1]", "[2]", '["one"]', '["two"]', '{"one": 1}', '{"one": 2}', "1 day", "2 days", "2013-W27", "2013-W28"),
)
"""What values are made of. Every type of parameter reads some of these, but for those that choose among a few."""


class NoValue(KernelError):
    """None of the made-up values is one of the parameter's."""

    def __init__(self, name: str, parameter: Parameter[Any]) -> None:
        super().__init__(f"no value is known for its parameter {name}, a {type(parameter).__name__}")


def specimen(cls: type[Task]) -> Task:
    """A task of the class. Raises NoValue when there is none for a parameter, and whatever making it raises."""
    given = {name: _first(cls, name, parameter) for name, parameter in cls.get_params() if _wants(cls, name, parameter)}
    return _made(cls, given)


def varied(task: Task, name: str) -> Task:
    """A task like it, but for the value of one parameter. Raises as `specimen` does."""
    parameter = dict(task.get_params())[name]
    for value in values(parameter):
        if parameter.serialize(value) != parameter.serialize(getattr(task, name)):
            return _made(type(task), {**task.param_kwargs, name: value})
    raise NoValue(name, parameter)


def values(parameter: Parameter[Any]) -> Iterator[Any]:
    """Values of the parameter: its default, and what can be made up."""
    if parameter._default is not _no_value:
        yield parameter._default
    choices = getattr(parameter, "_choices", ())
    for text in (*TEXTS, *map(str, choices), *getattr(getattr(parameter, "_enum", None), "__members__", ())):
        value = _read(parameter, text)
        if value is not _no_value:
            yield value


def _read(parameter: Parameter[Any], text: str) -> Any:
    """The value that the text stands for; `_no_value` when the type cannot read it, whatever it raises at it."""
    try:
        return parameter.normalize(parameter.parse(text))
    except Exception:
        return _no_value


def _wants(cls: type[Task], name: str, parameter: Parameter[Any]) -> bool:
    return not parameter.has_task_value(cls.get_task_family(), name)


def _first(cls: type[Task], name: str, parameter: Parameter[Any]) -> Any:
    for value in values(parameter):
        return value
    raise NoValue(name, parameter)


def _made(cls: type[Task], given: dict[str, Any]) -> Task:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a default of the wrong type is what a rule is for
        return cls(**given)
