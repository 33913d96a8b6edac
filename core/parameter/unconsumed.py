"""Options of a task's section that set nothing: most are slips of the name of a parameter."""

from __future__ import annotations

import warnings
from collections.abc import Collection

from luigi.configuration import get_config
from luigi.parameter.problems import UnconsumedParameterWarning


def warn_of_unconsumed(task_family: str, param_names: Collection[str], ignored: Collection[str] = ()) -> None:
    """Warn (UnconsumedParameterWarning) of each option in `[task_family]` that is no parameter of the task.

    `ignored`: names that something else reads from that section.
    """
    configuration = get_config()
    if not configuration.has_section(task_family):
        return
    known = {*param_names, *ignored}
    for option in configuration.own_options(task_family):
        if option.replace("-", "_") not in known:
            value = configuration.get(task_family, option)
            warnings.warn(
                f"The configuration contains the parameter '{option}' with value '{value}' "
                f"that is not consumed by the task '{task_family}'.",
                UnconsumedParameterWarning,
                stacklevel=2,
            )
