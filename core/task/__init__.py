"""Tasks: the unit of work a program is made of, and the few special kinds of it."""

from luigi.event import Event
from luigi.parameter import Parameter
from luigi.structure import flatten
from luigi.task.base import BulkCompleteNotImplementedError, Task
from luigi.task.kinds import Config, ExternalTask, MixinNaiveBulkComplete, WrapperTask, externalize
from luigi.task.namespaces import auto_namespace, namespace
from luigi.task.requirements import DynamicRequirements, flatten_output, getpaths
from luigi.task_id import (
    TASK_ID_INCLUDE_PARAMS,
    TASK_ID_INVALID_CHAR_REGEX,
    TASK_ID_TRUNCATE_HASH,
    TASK_ID_TRUNCATE_PARAMS,
    task_id_str,
)
from luigi.task_register import Register

__all__ = [
    "TASK_ID_INCLUDE_PARAMS",
    "TASK_ID_INVALID_CHAR_REGEX",
    "TASK_ID_TRUNCATE_HASH",
    "TASK_ID_TRUNCATE_PARAMS",
    "BulkCompleteNotImplementedError",
    "Config",
    "DynamicRequirements",
    "Event",
    "ExternalTask",
    "MixinNaiveBulkComplete",
    "Parameter",
    "Register",
    "Task",
    "WrapperTask",
    "auto_namespace",
    "externalize",
    "flatten",
    "flatten_output",
    "getpaths",
    "namespace",
    "task_id_str",
]
