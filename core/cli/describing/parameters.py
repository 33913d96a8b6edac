"""What there is to say of the parameters of a task class; values that are not for everyone stay out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from luigi.masking import without_passwords
from luigi.parameter import ParameterVisibility
from luigi.parameter.base import _no_value
from luigi.private_values import MASK

if TYPE_CHECKING:
    from luigi.parameter import Parameter
    from luigi.task import Task


class ParameterFacts(NamedTuple):
    """One parameter."""

    name: str
    flag: str
    """What sets it on the command line."""
    kind: str
    """Its class: `DateParameter`."""
    expects: str
    """What a value looks like: "an integer"."""
    default: str | None
    """The text of its default; None where there is none, *** for a private one."""
    configured: str | None
    """The text that stands in for the default here; *** for one that is not for everyone."""
    origin: str
    """Where that was given; empty where it was not."""
    description: str
    visibility: str
    """public, hidden or private."""
    significant: bool
    """Whether it takes part in the task's identity."""
    batched: bool
    """Whether tasks that differ in it alone may run as one."""

    @property
    def required(self) -> bool:
        """Whether a value must be given."""
        return self.default is None and self.configured is None


def parameters_of(cls: type[Task]) -> Iterator[ParameterFacts]:
    """Its parameters, oldest declaration first. Raises ConfigurationError for files that cannot be read."""
    for name, parameter in cls.get_params():
        configured, origin = _configured(cls.get_task_family(), name, parameter)
        yield ParameterFacts(
            name=name,
            flag=f"--{name.replace('_', '-')}",
            kind=type(parameter).__name__,
            expects=parameter.describe(),
            default=_default(parameter),
            configured=configured,
            origin=origin,
            description=parameter.description or "",
            visibility=parameter.visibility.name.casefold(),
            significant=parameter.significant,
            batched=parameter._is_batchable(),
        )


def _configured(family: str, name: str, parameter: Parameter[Any]) -> tuple[str | None, str]:
    found = parameter.value_source(family, name)
    if found is None or found[1] == "default":
        return None, ""
    value, origin = found
    if parameter.visibility != ParameterVisibility.PUBLIC:
        return MASK, origin
    return without_passwords(str(value)), origin


def _default(parameter: Parameter[Any]) -> str | None:
    default = parameter._default
    if default is _no_value:
        return None
    return MASK if parameter._is_private() else without_passwords(_written(parameter, default))


def _written(parameter: Parameter[Any], value: Any) -> str:
    """The value's text; of one that its own type cannot write, Python's."""
    try:
        return str(parameter.serialize(value))
    except (TypeError, ValueError, AttributeError):
        return str(value)
