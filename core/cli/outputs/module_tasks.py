"""The tasks of a module that can be made without being told more than the configuration says."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from luigi.cli.usage import UsageError

if TYPE_CHECKING:
    from luigi.task import Task


class NothingToMake(UsageError):
    """No task of the module can be made without parameters."""

    def __init__(self, module: str, families: Sequence[str]) -> None:
        super().__init__(f"no task of module {module} can be made without parameters, and no configured run is of it")
        self.hint = f"name one with its parameters: {module}:{families[0]} …" if families else ""


def is_module_alone(args: list[str]) -> bool:
    """Whether `args` name a module and no task of it."""
    from luigi.cli import own_classes
    from luigi.cli.reading import named_module, place_of_task

    own_classes.register_flagged()
    return place_of_task(args) is None and named_module(args) is not None


def of_module(args: list[str]) -> Iterator[AbstractContextManager[list[Task]]]:
    """What names the tasks of the module of `args`: all that need no parameters, and each of its configured runs.

    Which families are left out is told on stderr. Raises NothingToMake when all are, and what the module raises.
    """
    from luigi.cli.configured_runs import configured_runs
    from luigi.cli.named_task import in_force
    from luigi.cli.opening import open_module
    from luigi.cli.task_classes import classes_of

    module = open_module(args) or ""
    classes = classes_of(module)
    runs = [run for run in configured_runs().values() if run.module == module]
    ready = [cls for cls in classes if not _wanting(cls)]
    started = {run.task for run in runs}
    left_out = [cls.get_task_family() for cls in classes if cls not in ready and cls.get_task_family() not in started]
    if not (ready or runs):
        raise NothingToMake(module, left_out)
    if left_out:
        print(f"warning: left out, as they need parameters: {', '.join(left_out)}", file=sys.stderr)
    yield nullcontext([cls() for cls in ready])
    for run in runs:
        yield in_force([run.name])


def _wanting(cls: type[Task]) -> bool:
    """Whether it needs a parameter that neither it nor the configuration gives."""
    family = cls.get_task_family()
    return any(not parameter.has_task_value(family, name) for name, parameter in cls.get_params())
