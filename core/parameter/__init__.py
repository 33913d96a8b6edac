"""Parameters: what a task is made with, one type for each kind of value."""

from __future__ import annotations

import operator as operator  # programs say luigi.parameter.operator.le for an end of a NumericalParameter

from luigi.freezing import FrozenOrderedDict
from luigi.parameter.base import (
    ConfigPath,
    DuplicateParameterException,
    MissingParameterException,
    OptionalParameterTypeWarning,
    Parameter,
    ParameterException,
    ParameterKwargs,
    ParameterValueError,
    ParameterVisibility,
    T,
    UnconsumedParameterWarning,
    UnknownParameterException,
    UnreadableValue,
    _no_value,
    _NoValueType,
)
from luigi.parameter.choices import (
    ChoiceListParameter,
    ChoiceParameter,
    ChoiceType,
    EnumListParameter,
    EnumParameter,
    EnumParameterType,
)
from luigi.parameter.collections import DictParameter, DictT, ListParameter, ListT, TupleParameter
from luigi.parameter.dates import DateParameter, MonthParameter, YearParameter, _DateParameterBase
from luigi.parameter.durations import DateIntervalParameter, TimeDeltaParameter
from luigi.parameter.optional import (
    OptionalBoolParameter,
    OptionalChoiceParameter,
    OptionalDictParameter,
    OptionalFloatParameter,
    OptionalIntParameter,
    OptionalListParameter,
    OptionalNumericalParameter,
    OptionalParameter,
    OptionalParameterMixin,
    OptionalPathParameter,
    OptionalStrParameter,
    OptionalTupleParameter,
)
from luigi.parameter.paths import PathParameter
from luigi.parameter.scalars import (
    BoolParameter,
    FloatParameter,
    IntParameter,
    NumericalParameter,
    NumericalType,
    StrParameter,
)
from luigi.parameter.secret import SecretParameter
from luigi.parameter.targets import TargetParameter
from luigi.parameter.tasks import TaskParameter, TaskType
from luigi.parameter.times import (
    DateHourParameter,
    DateMinuteParameter,
    DateSecondParameter,
    _DatetimeParameterBase,
)

__all__ = [
    "BoolParameter",
    "ChoiceListParameter",
    "ChoiceParameter",
    "ChoiceType",
    "ConfigPath",
    "DateHourParameter",
    "DateIntervalParameter",
    "DateMinuteParameter",
    "DateParameter",
    "DateSecondParameter",
    "DictParameter",
    "DictT",
    "DuplicateParameterException",
    "EnumListParameter",
    "EnumParameter",
    "EnumParameterType",
    "FloatParameter",
    "FrozenOrderedDict",
    "IntParameter",
    "ListParameter",
    "ListT",
    "MissingParameterException",
    "MonthParameter",
    "NumericalParameter",
    "NumericalType",
    "OptionalBoolParameter",
    "OptionalChoiceParameter",
    "OptionalDictParameter",
    "OptionalFloatParameter",
    "OptionalIntParameter",
    "OptionalListParameter",
    "OptionalNumericalParameter",
    "OptionalParameter",
    "OptionalParameterMixin",
    "OptionalParameterTypeWarning",
    "OptionalPathParameter",
    "OptionalStrParameter",
    "OptionalTupleParameter",
    "Parameter",
    "ParameterException",
    "ParameterKwargs",
    "ParameterValueError",
    "ParameterVisibility",
    "PathParameter",
    "SecretParameter",
    "StrParameter",
    "T",
    "TargetParameter",
    "TaskParameter",
    "TaskType",
    "TimeDeltaParameter",
    "TupleParameter",
    "UnconsumedParameterWarning",
    "UnknownParameterException",
    "UnreadableValue",
    "YearParameter",
    "_DateParameterBase",
    "_DatetimeParameterBase",
    "_NoValueType",
    "_no_value",
]
