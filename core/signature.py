"""How a task class reads its constructor's arguments: the hot path of making a task.

Read once for a class, used for every instance. A parameter's value is, in this order: what the constructor was
given; the command line's class-level flag; the configuration; the default (the last three by
`Parameter.value_source`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from luigi.errors import DuplicateParameterException, MissingParameterException, UnknownParameterException
from luigi.parameter.base import Parameter, ParameterVisibility, _no_value
from luigi.task_id import IdWriter

if TYPE_CHECKING:
    from luigi.task import Task
    from luigi.task_register import Register

Normalize = Callable[[Any], Any]


class Signature:
    """The parameters of one task class, in the order they were declared."""

    __slots__ = (
        "all_named",
        "all_positional",
        "entries",
        "family",
        "filled_by_kernel",
        "ids",
        "names",
        "normalizers",
        "owner",
        "params",
        "positional",
        "read_by_user",
        "set_by_user",
        "warns",
        "writers",
    )

    def __init__(self, owner: Register) -> None:
        from luigi.task import Task

        self.owner = owner
        self.params = _parameters(owner)
        self.names = tuple(name for name, _ in self.params)
        self.positional = tuple(name for name, parameter in self.params if parameter.positional)
        self.entries = tuple((name, parameter, _normalize(parameter)) for name, parameter in self.params)
        self.set_by_user = getattr(owner, "__setattr__", None) is not getattr(Task, "__setattr__", None)
        self.family = owner.get_task_family()  # type: ignore[attr-defined]
        self.warns = tuple(
            (name, parameter._warn_on_wrong_param_type) for name, parameter in self.params if _may_warn(parameter)
        )
        # Private values never leave the task, not even as part of its id.
        self.writers = tuple(
            (name, _writer(parameter))
            for name, parameter in self.params
            if parameter.visibility != ParameterVisibility.PRIVATE
        )
        self.ids = IdWriter(
            self.family,
            {
                name: _writer(parameter)
                for name, parameter in self.params
                if parameter.significant and parameter.visibility == ParameterVisibility.PUBLIC
            },
        )
        self.read_by_user = _function(owner, "get_param_values") is not _function(Task, "get_param_values")
        self.normalizers = tuple(normalize for _, _, normalize in self.entries)
        everything = len(self.positional) == len(self.params) and not self.read_by_user
        self.all_positional = len(self.params) if everything else -1
        self.all_named = -1 if self.read_by_user else len(self.params)
        # A class with its own __init__ or __new__ must see the arguments as they were given.
        self.filled_by_kernel = (
            _attribute(owner, "__init__") is _attribute(Task, "__init__")
            and _attribute(owner, "__new__") is object.__new__
            and not self.read_by_user
        )

    def warn_of_unconsumed(self) -> None:
        """Warn of options in the class's section of the configuration that set none of its parameters.

        The kernel's own sections are checked as a whole before a run (`luigi.configuration.check`).
        """
        if self.owner.__module__.startswith("luigi."):
            return
        from luigi.parameter.unconsumed import warn_of_unconsumed

        warn_of_unconsumed(self.family, self.names, getattr(self.owner, "ignore_unconsumed", ()))

    def instance(self, cls: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The task with these arguments: the one made before if there is one."""
        values = self.values(args, kwargs)
        instances = type(cls)._instances
        if instances is None:
            return self._make(cls, args, kwargs, with_tuples(values))
        try:
            made = instances[cls]
        except KeyError:
            made = instances[cls] = {}
        try:
            task = made.get(values)
        except TypeError:  # a list among them, or something that cannot be hashed at all: such tasks are not shared
            values = with_tuples(values)
            try:
                task = made.get(values)
            except TypeError:
                return self._make(cls, args, kwargs, values)
        if task is None:
            task = made[values] = self._make(cls, args, kwargs, values)
        return task

    def _make(self, cls: Any, args: tuple[Any, ...], kwargs: dict[str, Any], values: tuple[Any, ...]) -> Any:
        if self.filled_by_kernel:
            task = object.__new__(cls)
            self.fill(task, values)
            return task
        task = cls.__new__(cls, *args, **kwargs) if cls.__new__ is not object.__new__ else object.__new__(cls)
        if isinstance(task, cls):
            task.__init__(*args, **kwargs)
        return task

    def fill(self, task: Task, values: Sequence[Any]) -> None:
        """Put the values on the task, as attributes and as `param_kwargs`."""
        given = dict(zip(self.names, values, strict=True))
        if self.set_by_user:
            for name, value in given.items():
                setattr(task, name, value)
        else:
            task.__dict__.update(given)
        task.__dict__["param_kwargs"] = given
        for name, warn in self.warns:
            warn(name, given[name])

    def values(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[Any, ...]:
        """The value of each parameter, normalised.

        Raises MissingParameterException naming all that are missing, UnknownParameterException and
        DuplicateParameterException.
        """
        if not kwargs and len(args) == self.all_positional:  # the shortest way, for the usual call
            return tuple(
                [
                    value if normalize is None else normalize(value)
                    for value, normalize in zip(args, self.normalizers, strict=True)
                ]
            )
        if not args and len(kwargs) == self.all_named:
            try:
                return tuple(
                    [
                        kwargs[name] if normalize is None else normalize(kwargs[name])
                        for name, _, normalize in self.entries
                    ]
                )
            except KeyError:
                pass  # a name that is no parameter: bind() says which
        if self.read_by_user:
            pairs = self.owner.get_param_values(list(self.params), args, kwargs)  # type: ignore[attr-defined]
            return tuple(value for _, value in pairs)
        return self.bind(args, kwargs)

    def bind(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[Any, ...]:
        """As `values`, without asking the class's own `get_param_values`."""
        given = self._by_name(args, kwargs) if args else kwargs
        values: list[Any] = []
        used = 0
        missing: list[str] = []
        for name, parameter, normalize in self.entries:
            if name in given:
                used += 1
                value = given[name]
                if normalize is not None:
                    value = normalize(value)
            else:
                value = parameter.resolve(self.family, name)
                if value is _no_value:
                    missing.append(name)
                    continue
            values.append(value)
        if used != len(given):
            raise self._unknown(given)
        if missing:
            raise self._missing(missing)
        return tuple(values)

    def _by_name(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        if len(args) > len(self.positional):
            raise UnknownParameterException(
                f"{self.family}: takes at most {len(self.positional)} parameters ({len(args)} given)",
                hint=f"in this order: {', '.join(self.positional) or 'none'}",
            )
        given = dict(zip(self.positional, args, strict=False))
        for name in kwargs:
            if name in given:
                raise DuplicateParameterException(
                    f"{self.family}: parameter {name} was already set as a positional parameter"
                )
        given.update(kwargs)
        return given

    def _unknown(self, given: Mapping[str, Any]) -> UnknownParameterException:
        from luigi.errors import did_you_mean

        name = next(name for name in given if name not in self.names)
        hint = did_you_mean(name, self.names) or f"it has: {', '.join(self.names) or 'no parameters'}"
        return UnknownParameterException(f"{self.family}: unknown parameter {name}", hint=hint)

    def _missing(self, names: list[str]) -> MissingParameterException:
        quoted = ", ".join(repr(name) for name in names)
        noun = "parameter" if len(names) == 1 else "parameters"
        private = {name for name, parameter in self.params if parameter._is_private()}  # others would read it with `ps`
        flags = " ".join(f"--{name.replace('_', '-')} …" for name in names if name not in private)
        setting = f"set it in section [{self.family}] of the configuration"
        return MissingParameterException(
            f"{self.family}: requires the {quoted} {noun} to be set",
            hint=f"give {flags}, or {setting}" if flags else setting,
        )


def _parameters(owner: type) -> tuple[tuple[str, Parameter[Any]], ...]:
    """The parameters a class has, its own and inherited, oldest declaration first.

    A name that a class nearer to `owner` gives to something else is no parameter of `owner`.
    """
    found: dict[str, Any] = {}
    for cls in reversed(owner.__mro__):
        found.update(cls.__dict__)
    declared = [(name, value) for name, value in found.items() if isinstance(value, Parameter)]
    return tuple(sorted(declared, key=lambda entry: entry[1]._counter))


def _normalize(parameter: Parameter[Any]) -> Normalize | None:
    """The parameter's normalisation, or None when it would give back its argument."""
    return None if type(parameter).normalize is Parameter.normalize else parameter.normalize


def _writer(parameter: Parameter[Any]) -> Callable[[Any], str]:
    return str if type(parameter).serialize is Parameter.serialize else parameter.serialize


def with_tuples(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Lists and sets as tuples, so that the task can be shared: Luigi keeps such values in this form."""
    return tuple([tuple(value) if type(value) in (list, set) else value for value in values])


def _may_warn(parameter: Parameter[Any]) -> bool:
    """Whether the parameter has a say about types: a mere `Parameter` and the optional ones do."""
    own = type(parameter)._warn_on_wrong_param_type is not Parameter._warn_on_wrong_param_type
    return own or type(parameter) is Parameter


def _attribute(cls: type, name: str) -> Any:
    """What `name` is on the class, unbound."""
    return getattr(cls, name)


def _function(cls: type, name: str) -> Any:
    return getattr(getattr(cls, name), "__func__", None)
