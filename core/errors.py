"""Every error a user can cause. Each takes facts, writes its own sentence, and says in `hint` what to do.

The command line prints `error: <sentence>` and `hint: <hint>`, never a traceback, for anything derived from
`KernelError`. Luigi's exception names (`luigi.parameter.MissingParameterException`, …) are re-exports of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def nearest(name: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """The names in `known` most like `name`, best first, compared without regard to case, `-` and `_`."""
    import difflib

    by_shape: dict[str, str] = {}
    for candidate in known:
        by_shape.setdefault(_shape(candidate), candidate)
    found = difflib.get_close_matches(_shape(name), list(by_shape), n=limit, cutoff=0.6)
    return [by_shape[shape] for shape in found]


def _shape(name: str) -> str:
    return name.casefold().replace("-", "_")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint naming what `name` may be a slip of, or an empty string when nothing is near."""
    near = nearest(name, known)
    return f"did you mean {' or '.join(near)}?" if near else ""


class KernelError(Exception):
    """What a user's mistake becomes: a sentence saying what is wrong and where, and a hint saying what to do."""

    hint: str = ""

    def __init__(self, *args: object, hint: str = "") -> None:
        super().__init__(*args)
        if hint:
            self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        """Errors cross processes: they are rebuilt from their sentence, not from the facts it was written from."""
        return _rebuild, (type(self), self.args, self.__dict__)


def _rebuild(kind: type[KernelError], args: tuple[object, ...], facts: dict[str, object]) -> KernelError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(facts)
    return error


# --- tasks -----------------------------------------------------------------------------------------------------


class TaskClassException(KernelError):
    """A task family cannot be used as asked."""


class TaskClassNotFoundException(TaskClassException):
    """No task of that family has been defined."""

    def __init__(self, name: str, known: Sequence[str] = ()) -> None:
        near = nearest(name, known)
        suggestion = f" Did you mean {' or '.join(near)}?" if near else ""
        super().__init__(f"No task {name!r} is known.{suggestion}")
        self.hint = "name the module that defines it with --module" if not near else ""


class TaskClassAmbigiousException(TaskClassException):
    """Two classes have that family. (Luigi's spelling.)"""

    def __init__(self, name: str, places: Sequence[str] = ()) -> None:
        where = f": {' and '.join(places)}" if places else ""
        super().__init__(f"Task {name!r} is ambiguous: more than one class has that name{where}")
        self.hint = "give one of them a task_namespace"


class BadRequirement(KernelError, TypeError):
    """`requires()` gave, or `run()` yielded, something that is not a Task."""

    def __init__(self, task: object, found: object, by: str = "requires() gave") -> None:
        super().__init__(f"{task}: {by} {found!r}, which is not a Task but of type {type(found).__name__}")
        self.hint = "required are Task instances, or lists, tuples and dicts of them"
        if isinstance(found, type):
            self.hint = f"make an instance of it: {found.__name__}(…)"
        elif hasattr(found, "exists"):
            self.hint = "wrap the target in an ExternalTask whose output() returns it"


class BadOutput(KernelError, TypeError):
    """`output()` gave something that is not a Target."""

    def __init__(self, task: object, found: object) -> None:
        super().__init__(f"{task}: output() gave {found!r}, which is not a Target but of type {type(found).__name__}")
        self.hint = "output() returns Targets (something with exists()), or lists, tuples and dicts of them"
        if isinstance(found, str):
            self.hint = f"return luigi.LocalTarget({found!r})"


class CircularRequirement(KernelError):
    """Tasks that wait for each other in a ring. `path` starts and ends with the same task."""

    def __init__(self, path: Sequence[object]) -> None:
        super().__init__("tasks require each other in a circle: " + " -> ".join(str(task) for task in path))
        self.hint = "one of these requires() must not name the next"


# --- parameters ------------------------------------------------------------------------------------------------


class ParameterException(KernelError):
    """A parameter was declared or given wrongly."""


class MissingParameterException(ParameterException):
    """A task was asked for without a value for one or more of its parameters."""


class UnknownParameterException(ParameterException):
    """A value was given for a parameter that the task does not declare."""


class DuplicateParameterException(ParameterException):
    """A parameter was given twice: by position and by name."""


class ParameterValueError(ParameterException, ValueError):
    """A text does not read as a value of the parameter."""

    def __init__(self, name: str, value: object, expected: str, source: str = "", reason: str = "") -> None:
        place = f" (from {source})" if source else ""
        why = f": {reason}" if reason else ""
        super().__init__(f"parameter {name}: {value!r}{place} is not {expected}{why}")
        self.name, self.value, self.expected, self.source = name, value, expected, source


# --- configuration ---------------------------------------------------------------------------------------------


class ConfigurationError(KernelError):
    """Something in a configuration file cannot be used. The message names file, line, section and option."""


# --- the scheduler's state -------------------------------------------------------------------------------------


class StoreError(KernelError):
    """What a state store holds cannot be read or used. The message says which and where."""


class StoreAway(StoreError, OSError):
    """A state store cannot be reached, or takes nothing in, at the moment: what was said has to be said again."""


class NotLeading(StoreError):
    """Another server writes to this state store: calls are for that one."""


class CallTooOld(KernelError):
    """A worker's call came after one that it made later. It has no effect: nobody waits for its answer any more."""

    def __init__(self, worker: str, number: int, last: int) -> None:
        super().__init__(f"call {number} of worker {worker} is older than its call {last}")


# --- plugins ---------------------------------------------------------------------------------------------------


class PluginError(KernelError):
    """A plugin cannot be loaded or used. The message names plugin and hook."""


class MissingExtra(KernelError, ImportError):
    """An optional dependency is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs a package that is not installed")
        self.hint = f'pip install "luigi-kernel[{extra}]"'
