"""Luigi's programs on a small kernel: tasks, targets, parameters, and the functions that run them.

What most programs only start with (running, the scheduler's line, tools) is loaded when first used, so that
`import luigi` stays cheap.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from luigi import configuration, event, local_target, parameter, target, task
from luigi.event import Event
from luigi.local_target import LocalTarget
from luigi.parameter import (
    BoolParameter,
    ChoiceListParameter,
    ChoiceParameter,
    DateHourParameter,
    DateIntervalParameter,
    DateMinuteParameter,
    DateParameter,
    DateSecondParameter,
    DictParameter,
    EnumListParameter,
    EnumParameter,
    FloatParameter,
    IntParameter,
    ListParameter,
    MonthParameter,
    NumericalParameter,
    OptionalBoolParameter,
    OptionalChoiceParameter,
    OptionalDictParameter,
    OptionalFloatParameter,
    OptionalIntParameter,
    OptionalListParameter,
    OptionalNumericalParameter,
    OptionalParameter,
    OptionalPathParameter,
    OptionalStrParameter,
    OptionalTupleParameter,
    Parameter,
    PathParameter,
    SecretParameter,
    StrParameter,
    TargetParameter,
    TaskParameter,
    TimeDeltaParameter,
    TupleParameter,
    YearParameter,
)
from luigi.target import Target
from luigi.task import (
    Config,
    DynamicRequirements,
    ExternalTask,
    Task,
    WrapperTask,
    auto_namespace,
    namespace,
)

if TYPE_CHECKING:
    from luigi import interface, rpc
    from luigi.execution_summary import LuigiStatusCode
    from luigi.hookspecs import hookimpl
    from luigi.interface import build, run
    from luigi.interfaces import RetryPolicy
    from luigi.rpc import RemoteScheduler, RPCError
    from luigi.target_urls import open_target
    from luigi.task.poke import Poke
    from luigi.tools import range

__version__ = VERSION = "4.0.0a1"

warning_message = ""
"""What a module kept only for old programs says when it is imported. No module of ours is: Luigi's name, and empty."""

_LATER = {
    "LuigiStatusCode": ("luigi.execution_summary", "LuigiStatusCode"),
    "RPCError": ("luigi.rpc", "RPCError"),
    "RemoteScheduler": ("luigi.rpc", "RemoteScheduler"),
    "Poke": ("luigi.task.poke", "Poke"),
    "RetryPolicy": ("luigi.interfaces", "RetryPolicy"),
    "build": ("luigi.interface", "build"),
    "hookimpl": ("luigi.hookspecs", "hookimpl"),
    "interface": ("luigi.interface", None),
    "open_target": ("luigi.target_urls", "open_target"),
    "range": ("luigi.tools.range", None),
    "rpc": ("luigi.rpc", None),
    "run": ("luigi.interface", "run"),
}
"""Names loaded when first used: name → (module, what of it; None for the module itself)."""

_MODULES = (
    "cmdline date_interval execution_summary format freezing lock mock notifications plugin_manager process retcodes"
    " scheduler setup_logging task_register task_status tools util worker"
).split()
"""Modules that programs reach as `luigi.X` after a mere `import luigi`."""


def __getattr__(name: str) -> Any:
    if name in _LATER:
        module, attribute = _LATER[name]
        value = import_module(module) if attribute is None else getattr(import_module(module), attribute)
    elif name in _MODULES:
        value = import_module(f"luigi.{name}")
    else:
        raise AttributeError(f"module 'luigi' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_LATER, *_MODULES])


__all__ = [
    "VERSION",
    "BoolParameter",
    "ChoiceListParameter",
    "ChoiceParameter",
    "Config",
    "DateHourParameter",
    "DateIntervalParameter",
    "DateMinuteParameter",
    "DateParameter",
    "DateSecondParameter",
    "DictParameter",
    "DynamicRequirements",
    "EnumListParameter",
    "EnumParameter",
    "Event",
    "ExternalTask",
    "FloatParameter",
    "IntParameter",
    "ListParameter",
    "LocalTarget",
    "LuigiStatusCode",
    "MonthParameter",
    "NumericalParameter",
    "OptionalBoolParameter",
    "OptionalChoiceParameter",
    "OptionalDictParameter",
    "OptionalFloatParameter",
    "OptionalIntParameter",
    "OptionalListParameter",
    "OptionalNumericalParameter",
    "OptionalParameter",
    "OptionalPathParameter",
    "OptionalStrParameter",
    "OptionalTupleParameter",
    "Parameter",
    "PathParameter",
    "Poke",
    "RPCError",
    "RemoteScheduler",
    "RetryPolicy",
    "SecretParameter",
    "StrParameter",
    "Target",
    "TargetParameter",
    "Task",
    "TaskParameter",
    "TimeDeltaParameter",
    "TupleParameter",
    "WrapperTask",
    "YearParameter",
    "auto_namespace",
    "build",
    "configuration",
    "event",
    "hookimpl",
    "interface",
    "local_target",
    "namespace",
    "open_target",
    "parameter",
    "range",
    "rpc",
    "run",
    "target",
    "task",
]
