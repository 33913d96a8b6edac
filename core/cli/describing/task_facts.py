"""What there is to say of a task class."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from luigi.cli.describing.parameters import parameters_of
from luigi.parameter.base import _no_value
from luigi.task import ExternalTask, Task, WrapperTask

if TYPE_CHECKING:
    from luigi.cli.describing.parameters import ParameterFacts


def kind_of(cls: type[Task]) -> str:
    """task, external (somebody else makes it) or wrapper (it only requires others)."""
    run: Any = cls.run
    if run is None or run is NotImplemented or issubclass(cls, ExternalTask):
        return "external"
    return "wrapper" if issubclass(cls, WrapperTask) else "task"


def call_of(cls: type[Task]) -> str:
    """The family with its parameters: `Orders(day, [currency])`."""
    names = [name if parameter._default is _no_value else f"[{name}]" for name, parameter in cls.get_params()]
    return f"{cls.get_task_family()}({', '.join(names)})"


def summary_of(cls: type[Task]) -> str:
    """The first line of the class's own docstring."""
    return doc_of(cls).partition("\n")[0]


def doc_of(cls: type[Task]) -> str:
    """The class's own docstring, less its indentation; empty without one."""
    return inspect.cleandoc(cls.__dict__.get("__doc__") or "")


def source_of(cls: type[Task]) -> str:
    """`file:line` of the class; empty where there is no source."""
    try:
        return f"{inspect.getsourcefile(cls)}:{inspect.getsourcelines(cls)[1]}"
    except (OSError, TypeError):
        return ""


def facts_of(cls: type[Task]) -> dict[str, Any]:
    """Everything, as JSON takes it; docs/cli/tasks.md says the keys."""
    return {
        "family": cls.get_task_family(),
        "module": cls.__module__,
        "kind": kind_of(cls),
        "doc": doc_of(cls),
        "source": source_of(cls),
        "parameters": [_facts(one) for one in parameters_of(cls)],
    }


def _facts(one: ParameterFacts) -> dict[str, Any]:
    return {**one._asdict(), "required": one.required}
