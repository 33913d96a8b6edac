"""Ways to make a task from others: inherit their parameters, require them, copy them, delegate to them.

    @requires(Extract)
    class Report(luigi.Task): ...  # has Extract's parameters, and requires() gives Extract with their values

And the task before: `previous`, `get_previous_completed`.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Iterator
from types import GeneratorType
from typing import Any, TypeVar

from luigi.errors import KernelError
from luigi.parameter import DateIntervalParameter, Parameter, _DateParameterBase, _DatetimeParameterBase
from luigi.structure import flatten
from luigi.task import Task

T = TypeVar("T", bound=Task)


class NotATaskClass(KernelError, TypeError):
    """A task class was wanted, and something else was given."""

    def __init__(self, taker: str, found: object) -> None:
        super().__init__(f"{taker} was given {found!r}, which is not a task class")
        if isinstance(found, Task):
            self.hint = f"give the class: {type(found).__name__}"


class NoSubtasks(KernelError, AttributeError):
    """A class was to delegate and does not say to whom."""


class NoPreviousTask(KernelError, NotImplementedError):
    """A task has no previous one, or more than one parameter could say which it is."""


def _check_class(taker: str, given: object) -> None:
    if not (isinstance(given, type) and issubclass(given, Task)):
        raise NotATaskClass(taker, given)


class inherits:
    """Class decorator: give a task the parameters of others, without declaring them again.

    The parameters are the same objects. A name the class has already, from its body, its bases or a task named
    earlier, stays as it is. `clone_parent()` is then the first task's class with this task's values, `clone_parents()`
    all of them: a list, or a dict when they are given by name. Both take values to use instead.
    """

    def __init__(self, *tasks_to_inherit: type[Task], **kw_tasks_to_inherit: type[Task]) -> None:
        """Raises TypeError for tasks both by position and by name, for none, and for what is not a task class."""
        if bool(tasks_to_inherit) == bool(kw_tasks_to_inherit):
            raise TypeError(f"{type(self).__name__} takes task classes, either by position or by name")
        for given in (*tasks_to_inherit, *kw_tasks_to_inherit.values()):
            _check_class("a decorator", given)
        self.tasks_to_inherit = tasks_to_inherit
        self.kw_tasks_to_inherit = kw_tasks_to_inherit

    def __call__(self, task_that_inherits: type[T]) -> type[T]:
        """`task_that_inherits` itself, with the parameters."""
        for parent in (*self.tasks_to_inherit, *self.kw_tasks_to_inherit.values()):
            for name, parameter in parent.get_params():
                if not hasattr(task_that_inherits, name):
                    setattr(task_that_inherits, name, parameter)
        self._add_clones(task_that_inherits)
        return task_that_inherits

    def _add_clones(self, cls: Any) -> None:
        positional, named = self.tasks_to_inherit, self.kw_tasks_to_inherit

        def clone_parent(_self: Task, **kwargs: Any) -> Task:
            """The first inherited task with this task's values, `kwargs` in place of some."""
            return _self.clone(cls=positional[0], **kwargs)  # type: ignore[no-any-return]

        def clone_parents(_self: Task, **kwargs: Any) -> Any:
            """The inherited tasks with this task's values, `kwargs` in place of some."""
            if named:
                return {name: _self.clone(cls=parent, **kwargs) for name, parent in named.items()}
            return [_self.clone(cls=parent, **kwargs) for parent in positional]

        if positional:
            cls.clone_parent = clone_parent
        cls.clone_parents = clone_parents


class requires:
    """Class decorator: as `inherits`, and `requires()` gives the inherited tasks.

    One task by position is required as itself, several as a list, tasks by name as a dict.
    """

    def __init__(self, *tasks_to_require: type[Task], **kw_tasks_to_require: type[Task]) -> None:
        """Raises TypeError for tasks both by position and by name, for none, and for what is not a task class."""
        self.tasks_to_require = tasks_to_require
        self.kw_tasks_to_require = kw_tasks_to_require
        self._inherits = inherits(*tasks_to_require, **kw_tasks_to_require)

    def __call__(self, task_that_requires: type[T]) -> type[T]:
        """`task_that_requires` itself, with the parameters and `requires()`."""
        cls: Any = self._inherits(task_that_requires)
        one = len(self.tasks_to_require) == 1

        def requires(_self: Any) -> Any:
            """The tasks this one was decorated with, with this task's values."""
            return _self.clone_parent() if one else _self.clone_parents()

        cls.requires = requires
        return cls  # type: ignore[no-any-return]


class copies:
    """Class decorator: as `requires`, and `run()` writes the lines of the required task's output to this one's."""

    def __init__(self, task_to_copy: type[Task]) -> None:
        """Raises TypeError for what is not a task class."""
        self.requires_decorator = requires(task_to_copy)

    def __call__(self, task_that_copies: type[T]) -> type[T]:
        """A class below `task_that_copies`, by the same name, that copies."""

        def run(self: Task) -> None:
            """Write each line of the input to the output."""
            with self.input().open("r") as source, self.output().open("w") as copy:
                for line in source:
                    copy.write(line)

        return _class_below(self.requires_decorator(task_that_copies), run=run)


def delegates(task_that_delegates: type[T]) -> type[T]:
    """Class decorator: run the tasks of the method `subtasks()` within this one's `run()`, before its own work.

    The subtasks are no tasks of the scheduler's: what they require is required by this task. Gives a class below the
    decorated one, by the same name. Raises AttributeError for a class without `subtasks`.
    """
    if not hasattr(task_that_delegates, "subtasks"):
        name = getattr(task_that_delegates, "__name__", task_that_delegates)
        raise NoSubtasks(f'{name} needs to implement the method "subtasks"', hint="it returns the tasks to run")

    def deps(self: Any) -> list[Task]:
        """What this task requires, and what its subtasks require."""
        return [*flatten(self._requires()), *flatten([task.deps() for task in flatten(self.subtasks())])]

    def run(self: Any) -> Any:
        """Run the subtasks, and then this task."""
        started = [task.run() for task in flatten(self.subtasks())]
        unfinished = [steps for steps in started if isinstance(steps, GeneratorType)]
        own = functools.partial(task_that_delegates.run, self)
        return _after(unfinished, own) if unfinished else own()

    return _class_below(task_that_delegates, deps=deps, run=run)


def _after(unfinished: list[Any], own: Callable[[], Any]) -> Iterator[Any]:
    """Go on with subtasks that yield requirements, and then with the work of the task itself."""
    for steps in unfinished:
        yield from steps
    result = own()
    if isinstance(result, GeneratorType):
        yield from result


def _class_below(cls: type[T], **methods: Callable[..., Any]) -> type[T]:
    """A subclass that goes by the name of `cls`, so that the family means it from now on."""
    body = {name: getattr(cls, name) for name in ("__module__", "__qualname__", "__doc__")}
    metaclass: Any = type(cls)
    below = metaclass(cls.__name__, (cls,), {**body, **methods})
    below.__wrapped__ = cls
    return below  # type: ignore[no-any-return]


def common_params(task_instance: Task, task_cls: type[Task]) -> dict[str, Any]:
    """The values of `task_instance` for the parameters that `task_cls` has too.

    Raises TypeError when `task_cls` is not a task class.
    """
    _check_class("common_params", task_cls)
    names = {name for name, _ in task_cls.get_params()}
    return {name: value for name, value in task_instance.param_kwargs.items() if name in names}


def previous(task: T) -> T:
    """The task for the time before: a day, an hour, a month …, as its one parameter for a time counts them.

    The parameter's `interval` counts. Raises NotImplementedError when the task has no such parameter, more than one,
    or a value of it has nothing before.
    """
    timed = [
        (name, parameter)
        for name, parameter in task.get_params()
        if isinstance(parameter, _DateParameterBase | _DatetimeParameterBase | DateIntervalParameter)
    ]
    if len(timed) != 1:
        names = ", ".join(name for name, _ in timed)
        how_many = f"several parameters for a time, {names}" if timed else "no parameter for a time"
        raise NoPreviousTask(f"{task} has {how_many}: which task is the previous one?")
    name, parameter = timed[0]
    value = task.param_kwargs[name]
    if value is None:
        raise NoPreviousTask(f"{task} has no {name}: there is none before it")
    return task.clone(**{name: _value_before(parameter, value)})  # type: ignore[no-any-return]


def _value_before(parameter: Parameter[Any], value: Any) -> Any:
    if isinstance(parameter, DateIntervalParameter):
        return value.prev()
    # The parameter knows its own steps: anything just before a step is normalised to the step before.
    instant = datetime.timedelta(days=1) if isinstance(parameter, _DateParameterBase) else datetime.timedelta(seconds=1)
    return parameter.normalize(value - instant)


def get_previous_completed(task: T, max_steps: int = 10) -> T | None:
    """The nearest complete task before `task`, `max_steps` times `previous` at most; None when there is none.

    Raises NotImplementedError as `previous` does.
    """
    before = task
    for _ in range(max_steps):
        before = previous(before)
        if before.complete():
            return before
    return None
