"""The tasks of a module and their flags, for completion."""

from __future__ import annotations

from typing import Any

from luigi.cli.flags import Flag, FlagTable
from luigi.cli.task_names import task_class, task_families
from luigi.cli.user_module import import_user_module
from luigi.task_register import Register


def tasks_of(module: str) -> dict[str, Any]:
    """Family → what it is about and its flags: of tasks that `module` defines, or imports from modules of its user.

    Raises ModuleMissing, and ModuleBroken.
    """
    import_user_module(module)
    classes = {family: task_class(family) for family in task_families() if family in Register._get_reg()}
    return {family: _facts(cls) for family, cls in classes.items() if not cls.__module__.startswith("luigi.")}


def _facts(cls: Any) -> dict[str, Any]:
    about = (cls.__doc__ or "").strip().partition("\n")[0]
    return {"about": about, "options": {flag.text: of_flag(flag) for flag in FlagTable(cls).of_root()}}


def of_flag(flag: Flag) -> dict[str, Any]:
    """What it is about, the name of its value (empty when it takes none), and the values of which there are few."""
    parameter = flag.parameter
    about = parameter.description or parameter.describe()
    return {"about": about, "value": flag.name if flag.takes_next else "", "choices": list(parameter.texts())}
