"""Words of command lines made of values that users choose: each means what it should, and nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from luigi.contrib._clusters.errors import NoSuchValue, OptionForAnother

if TYPE_CHECKING:
    from luigi.task import Task


def option(name: str, value: object) -> list[str]:
    """The two words of an option, none for an empty value. Raises OptionForAnother."""
    text = str(value)
    if text.startswith("-"):
        raise OptionForAnother(name, text)
    return [name, text] if text else []


def named(pattern: str, task: Task) -> str:
    """The name that `pattern` gives the job of `task`: "{task_family}-{day}". Raises NoSuchValue."""
    try:
        return pattern.format_map({"task_family": task.task_family, **vars(task)})
    except (KeyError, IndexError, AttributeError, ValueError) as error:
        raise NoSuchValue(pattern, task) from error


def plain(wanted: str) -> str:
    """`wanted` as a name that means nothing else to any cluster: to Grid Engine `/`, to LSF `[1-9]`."""
    name = re.sub(r"[^A-Za-z0-9_.+-]", "_", wanted)
    return name if name[:1].isalpha() else f"_{name}"
