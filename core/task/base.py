"""The Task: the unit of work a program is made of."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from luigi import parameter
from luigi.errors import BadOutput
from luigi.parameter.base import ParameterVisibility
from luigi.signature import with_tuples
from luigi.structure import flatten
from luigi.task.namespaces import AutoNamespace
from luigi.task.settings import NOT_SPECIFIED, TaskSettings
from luigi.task_register import Register

Parameter = parameter.Parameter

Handler = TypeVar("Handler", bound=Callable[..., Any])

_OF_THE_PROCESS = (
    "_reporter",
    "_messages",
    "set_tracking_url",
    "set_status_message",
    "set_progress_percentage",
    "decrease_running_resources",
)
"""What a running task has of the process it runs in; a program's worker may put it there under the methods' names."""


class BulkCompleteNotImplementedError(NotImplementedError):
    """The class has no way to check many of its tasks at once."""


class _TaskId:
    """The task's id, worked out when first asked for; an instance attribute from then on."""

    def __get__(self, task: Any, owner: type) -> str:
        if task is None:
            raise AttributeError(f"type object {owner.__name__!r} has no attribute 'task_id'")
        task_id: str = owner._signature_of().ids.write(task.param_kwargs)  # type: ignore[attr-defined]
        task.__dict__["task_id"] = task_id
        return task_id


class Task(TaskSettings, metaclass=Register):
    """A piece of work with parameters, requirements and an output.

    Subclasses declare parameters on the class and override `requires`, `output` and `run`. Tasks of one class
    with equal parameters are one object.
    """

    _event_callbacks: ClassVar[dict[type, dict[str, dict[Callable[..., Any], None]]]] = {}

    task_id: ClassVar[Any] = _TaskId()
    """What names the task to the scheduler and in file names: family, first parameters, hash."""

    if TYPE_CHECKING:

        @property
        def param_kwargs(self) -> dict[str, Any]:
            """The value of every parameter, by name."""

    _reporter: ClassVar[Any] = None
    _messages: ClassVar[Any] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        signature = type(self)._signature_of()
        signature.fill(self, with_tuples(signature.values(args, kwargs)))

    # --- what programs override --------------------------------------------------------------------------------

    def requires(self) -> Any:
        """The tasks that must be complete before this one runs: a task, or lists, tuples, dicts of tasks."""
        return []

    def output(self) -> Any:
        """The target this task makes, or a list, tuple or dict of them."""
        return []

    def run(self) -> Any:
        """Do the work. May yield tasks that turn out to be needed; each yield gives their outputs."""

    def complete(self) -> bool:
        """Whether the work is done: every target of `output()` exists."""
        output = self.output()
        exists = getattr(output, "exists", None)
        if exists is not None:
            return bool(exists())
        targets = flatten(output)
        if not targets:
            warnings.warn(f"Task {self!r} without outputs has no custom complete() method", stacklevel=2)
            return False
        return all(self._exists(target) for target in targets)

    def _exists(self, target: Any) -> bool:
        exists = getattr(target, "exists", None)
        if exists is None:
            raise BadOutput(self, target)
        return bool(exists())

    @classmethod
    def bulk_complete(cls, parameter_tuples: Iterable[Any]) -> Any:
        """Which of many tasks of this class are complete, cheaper than asking each.

        Takes an iterable of parameter values (a tuple or a single value each) and returns those that are
        complete. Raises BulkCompleteNotImplementedError unless the class says how.
        """
        raise BulkCompleteNotImplementedError()

    def on_failure(self, exception: BaseException) -> Any:
        """Called where `run()` raised. What it returns is kept as the explanation of the failure."""
        import traceback

        return f"Runtime error:\n{traceback.format_exc()}"

    def on_success(self) -> Any:
        """Called where `run()` returned. What it returns is kept beside the success."""

    def process_resources(self) -> Any:
        """The resources the scheduler reserves for this task. Override to take some at run time only."""
        return self.resources

    # --- settings with a default -------------------------------------------------------------------------------

    def _owner_list(self) -> list[str]:
        owners = self.owner_email
        if owners is None:
            return []
        return owners.split(",") if isinstance(owners, str) else list(owners)

    @property
    def batchable(self) -> bool:
        """Whether tasks of this class may run as one: true when a parameter has a `batch_method`."""
        return bool(self.batch_param_names())

    # --- identity ----------------------------------------------------------------------------------------------

    @classmethod
    def get_task_namespace(cls) -> str:
        """The namespace of the class, or an empty string."""
        if cls.task_namespace != NOT_SPECIFIED:
            return cls.task_namespace or ""
        chosen = cls._namespace_at_class_time
        return cls.__module__ if isinstance(chosen, AutoNamespace) else chosen

    @property
    def task_family(self) -> str:
        """The name of the class with its namespace: `namespace.Name`."""
        return type(self).task_family  # type: ignore[return-value]

    @classmethod
    def get_task_family(cls) -> str:
        """The name of the class with its namespace: `namespace.Name`."""
        return cls.task_family  # type: ignore[return-value]

    @property
    def task_module(self) -> str:
        """The module that defines the class."""
        return type(self).__module__

    @property
    def param_args(self) -> tuple[Any, ...]:
        """The values of all parameters, in the order they were declared."""
        return tuple(self.param_kwargs[name] for name, _ in self.get_params())

    def __repr__(self) -> str:
        """`Family(name=value, …)` with the significant parameters; a private one shows no value."""
        shown = []
        for name, param in self.get_params():
            if param.significant:
                private = param.visibility == ParameterVisibility.PRIVATE
                shown.append(f"{name}={'***' if private else param.serialize(self.param_kwargs[name])}")
        return f"{self.get_task_family()}({', '.join(shown)})"

    def __hash__(self) -> int:
        return hash(self.task_id)

    def __eq__(self, other: object) -> bool:
        return self is other or (self.__class__ == other.__class__ and self.task_id == other.task_id)

    def initialized(self) -> bool:
        """Whether the constructor has given the task its parameters."""
        return "param_kwargs" in self.__dict__

    # --- parameters --------------------------------------------------------------------------------------------

    @classmethod
    def get_params(cls) -> list[tuple[str, Parameter[Any]]]:
        """The parameters of the class, oldest declaration first: (name, parameter)."""
        return list(cls._signature_of().params)

    @classmethod
    def get_param_names(cls, include_significant: bool = False) -> list[str]:
        """The names of the significant parameters; with `include_significant`, of all. (Luigi's meaning.)"""
        return [name for name, param in cls.get_params() if include_significant or param.significant]

    @classmethod
    def batch_param_names(cls) -> list[str]:
        """The names of the parameters whose values may be combined in a batch."""
        return [name for name, param in cls.get_params() if param._is_batchable()]

    @classmethod
    def get_param_values(cls, params: Any, args: Any, kwargs: Any) -> list[tuple[str, Any]]:
        """The (name, value) of each parameter for these constructor arguments.

        Raises MissingParameterException, UnknownParameterException, DuplicateParameterException.
        """
        signature = cls._signature_of()
        return list(zip(signature.names, signature.bind(tuple(args), kwargs), strict=True))

    @classmethod
    def from_str_params(cls, params_str: Mapping[str, Any]) -> Self:
        """The task with these parameters, given as texts; for a batch, a list of texts for a batched one."""
        kwargs: dict[str, Any] = {}
        for name, param in cls.get_params():
            if name in params_str:
                text = params_str[name]
                kwargs[name] = param._parse_list(text) if isinstance(text, list) else param.read(text, name)
        return cls(**kwargs)

    def to_str_params(self, only_significant: bool = False, only_public: bool = False) -> dict[str, str]:
        """The parameters as texts, by name. Private ones are never among them."""
        given = self.param_kwargs
        if not (only_significant or only_public):
            return {name: write(given[name]) for name, write in type(self)._signature_of().writers}
        return {
            name: param.serialize(given[name])
            for name, param in self.get_params()
            if (param.significant or not only_significant)
            and param.visibility <= (ParameterVisibility.PUBLIC if only_public else ParameterVisibility.HIDDEN)
        }

    def _get_param_visibilities(self) -> dict[str, int]:
        return {
            name: param.visibility.serialize()
            for name, param in self.get_params()
            if param.visibility != ParameterVisibility.PRIVATE
        }

    def clone(self, cls: Any = None, **kwargs: Any) -> Any:
        """A task like this one: of class `cls` if given, with `kwargs` in place of this one's values."""
        if cls is None:
            cls = self.__class__
        given = {}
        for name, _ in cls.get_params():
            if name in kwargs:
                given[name] = kwargs[name]
            elif hasattr(self, name):
                given[name] = getattr(self, name)
        return cls(**given)

    # --- the graph ---------------------------------------------------------------------------------------------

    def input(self) -> Any:
        """The outputs of what `requires()` gives, in the same structure."""
        from luigi.task.requirements import getpaths

        return getpaths(self.requires())

    def _requires(self) -> Any:
        """For task templates that need something besides what their users' `requires()` gives."""
        return flatten(self.requires())

    def deps(self) -> list[Any]:
        """The tasks this one requires, as a flat list."""
        return flatten(self._requires())

    # --- events ------------------------------------------------------------------------------------------------

    @classmethod
    def event_handler(cls, event: str) -> Callable[[Handler], Handler]:
        """Decorator: call the function when `event` is triggered on a task of this class or one below it."""

        def register(callback: Handler) -> Handler:
            Task._event_callbacks.setdefault(cls, {}).setdefault(event, {})[callback] = None
            return callback

        return register

    @classmethod
    def remove_event_handler(cls, event: str, callback: Callable[..., Any]) -> None:
        """End what `event_handler` began. A callback that is not registered is ignored."""
        Task._event_callbacks.get(cls, {}).get(event, {}).pop(callback, None)

    def trigger_event(self, event: str, *args: Any, **kwargs: Any) -> None:
        """Call the handlers of `event`. One that raises is logged; the others are still called. Ctrl-C passes."""
        callbacks = Task._event_callbacks
        if not callbacks:
            return
        for cls, handlers in list(callbacks.items()):
            if event not in handlers or not isinstance(self, cls):
                continue
            for callback in list(handlers[event]):
                try:
                    callback(*args, **kwargs)
                except (Exception, SystemExit):
                    _logger().exception("Error in event callback for %r", event)

    # --- while it runs -----------------------------------------------------------------------------------------

    def set_tracking_url(self, tracking_url: str) -> None:
        """Show operators where the work can be followed. Outside a run, nothing happens."""
        if self._reporter is not None:
            self._reporter.update_tracking_url(tracking_url)

    def set_status_message(self, message: str) -> None:
        """Show operators a line about the work's state. Outside a run, nothing happens."""
        if self._reporter is not None:
            self._reporter.update_status_message(message)

    def set_progress_percentage(self, percentage: float) -> None:
        """Show operators how much is done, 0 to 100. Outside a run, nothing happens."""
        if self._reporter is not None:
            self._reporter.update_progress_percentage(percentage)

    def decrease_running_resources(self, decrease_resources: Mapping[str, int]) -> None:
        """Give back part of the resources this running task holds: name → amount. Outside a run, nothing."""
        if self._reporter is not None:
            self._reporter.decrease_running_resources(decrease_resources)

    @property
    def scheduler_messages(self) -> Any:
        """The queue of messages sent to this running task, or None when it takes none. A program's worker sets it."""
        return self._messages if self._reporter is None else self._reporter.scheduler_messages

    @scheduler_messages.setter
    def scheduler_messages(self, queue: Any) -> None:
        self.__dict__["_messages"] = queue

    @contextlib.contextmanager
    def no_unpicklable_properties(self) -> Iterator[None]:
        """While this lasts the task carries nothing that belongs to the running process."""
        kept = {name: self.__dict__.pop(name) for name in _OF_THE_PROCESS if name in self.__dict__}
        try:
            yield
        finally:
            self.__dict__.update(kept)

    def __getstate__(self) -> dict[str, Any]:
        state = self.__dict__.copy()
        for name in _OF_THE_PROCESS:
            state.pop(name, None)
        return state


def _logger() -> Any:
    import logging

    return logging.getLogger("luigi-interface")
