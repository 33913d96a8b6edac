"""The register of task classes: which class a family names, and one instance for equal parameters.

Two classes may have the same family; that is an error when somebody asks for the family, not when they are defined,
because a program may import both and never ask.
"""

from __future__ import annotations

import abc
import importlib
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, SupportsIndex, TypeVar, dataclass_transform, overload

from luigi import parameter
from luigi.errors import TaskClassAmbigiousException, TaskClassException, TaskClassNotFoundException
from luigi.parameter import Parameter
from luigi.signature import Signature

if TYPE_CHECKING:
    from luigi.task import Task

    T_co = TypeVar("T_co", covariant=True)

    class _Unannotated(Protocol[T_co]):
        """A task class that annotates no parameter: a type checker has made no constructor for it."""

        @property
        def __match_args__(self) -> tuple[()]: ...
        def from_str_params(self, params_str: Any) -> T_co: ...


__all__ = [
    "Register",
    "TaskClassAmbigiousException",
    "TaskClassException",
    "TaskClassNotFoundException",
    "load_task",
]

T = TypeVar("T", bound="Task")


class _Classes(list["Register"]):
    """The registered classes as Luigi keeps them: what is appended or taken away is registered, or no longer."""

    def __init__(self, families: dict[str, list[Register]]) -> None:
        super().__init__(cls for classes in families.values() for cls in classes)
        self._families = families

    def append(self, cls: Register) -> None:
        super().append(cls)
        self._families.setdefault(cls.task_family, []).append(cls)

    def remove(self, cls: Register) -> None:
        super().remove(cls)
        for family, classes in list(self._families.items()):
            classes[:] = [one for one in classes if one is not cls]
            if not classes:
                del self._families[family]

    def pop(self, index: SupportsIndex = -1) -> Register:
        cls = self[index]
        self.remove(cls)
        return cls


class _AsAList(type):
    """Gives the register Luigi's `_reg`: programs read it, change it, and put a shorter list there."""

    _families: dict[str, list[Register]]

    @property
    def _reg(cls) -> list[Register]:
        return _Classes(cls._families)

    @_reg.setter
    def _reg(cls, task_classes: Iterable[Register]) -> None:
        kept = list(task_classes)
        cls._families.clear()
        registered = _Classes(cls._families)
        for task_class in kept:
            registered.append(task_class)


# Two decorators for two type checkers. mypy reads the lower one: which calls declare a field, and so which of them
# have no default. To pyright, which reads the upper one, such a call outside an annotation is an error, and that is how
# Luigi's programs declare their parameters.
@dataclass_transform(eq_default=False)
@dataclass_transform(
    eq_default=False,
    field_specifiers=(
        parameter.ChoiceListParameter,
        parameter.ChoiceParameter,
        parameter.DateHourParameter,
        parameter.DateIntervalParameter,
        parameter.DateMinuteParameter,
        parameter.DateParameter,
        parameter.DateSecondParameter,
        parameter.DictParameter,
        parameter.EnumListParameter,
        parameter.EnumParameter,
        parameter.FloatParameter,
        parameter.IntParameter,
        parameter.ListParameter,
        parameter.MonthParameter,
        parameter.NumericalParameter,
        parameter.OptionalChoiceParameter,
        parameter.OptionalNumericalParameter,
        parameter.Parameter,
        parameter.PathParameter,
        parameter.StrParameter,
        parameter.TaskParameter,
        parameter.TimeDeltaParameter,
        parameter.TupleParameter,
        parameter.YearParameter,
    ),
)
class Register(abc.ABCMeta, metaclass=_AsAList):
    """The metaclass of `Task`: registers each class and gives out its instances."""

    AMBIGUOUS_CLASS: ClassVar[object] = object()
    """What `_get_reg()` holds for a family that two classes have."""

    _default_namespace_dict: ClassVar[dict[str, str]] = {}
    _families: ClassVar[dict[str, list[Register]]] = {}
    _instances: ClassVar[dict[type, dict[Any, Any]] | None] = {}

    _namespace_at_class_time: str
    _signature: Signature | None

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **kwargs: Any) -> Register:
        if "__annotations__" in namespace or "__annotate__" in namespace or "__annotate_func__" in namespace:
            _declare_annotated(name, bases, namespace)
        cls = super().__new__(mcs, name, bases, namespace, **kwargs)
        type.__setattr__(cls, "_namespace_at_class_time", mcs._get_namespace(cls.__module__))
        type.__setattr__(cls, "_signature", None)
        if namespace.get("_visible_in_registry", True):
            mcs._families.setdefault(cls.task_family, []).append(cls)
        return cls

    if TYPE_CHECKING:

        @overload
        def __call__(cls: _Unannotated[T], *args: Any, **kwargs: Any) -> T | Any: ...
        @overload
        def __call__(cls: type[T], *args: Any, **kwargs: Any) -> T: ...  # type: ignore[misc]

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        """The instance of this class with these parameters: the same object for equal parameters."""
        return cls._signature_of().instance(cls, args, kwargs)

    def __setattr__(cls, name: str, value: Any) -> None:
        """Set a class attribute; a parameter added or replaced later counts like one declared in the body."""
        if isinstance(value, Parameter) or isinstance(cls.__dict__.get(name), Parameter):
            cls._forget_signature()
        type.__setattr__(cls, name, value)

    def __dir__(cls) -> Iterable[str]:
        """What a class has; not `task_id`, which only its tasks have."""
        return [name for name in super().__dir__() if name != "task_id"]

    def _signature_of(cls) -> Signature:
        signature = cls.__dict__.get("_signature")  # a program's metaclass may have made the class without ours
        if signature is None:
            signature = Signature(cls)
            type.__setattr__(cls, "_signature", signature)
            signature.warn_of_unconsumed()
        return signature

    def _forget_signature(cls) -> None:
        type.__setattr__(cls, "_signature", None)
        below: list[type] = cls.__subclasses__()
        for subclass in below:
            if isinstance(subclass, Register):
                subclass._forget_signature()

    # --- families ----------------------------------------------------------------------------------------------

    @property
    def task_family(cls) -> str:
        """The name the class is known by: `Name`, or `namespace.Name` when it has a namespace."""
        namespace = cls.get_task_namespace()  # type: ignore[attr-defined]
        return f"{namespace}.{cls.__name__}" if namespace else cls.__name__

    @classmethod
    def _get_namespace(mcs, module: str) -> str:
        """The namespace that `luigi.namespace()` set for `module` or its nearest enclosing package."""
        scope = module
        while scope:
            if scope in mcs._default_namespace_dict:
                return mcs._default_namespace_dict[scope]
            scope = scope.rpartition(".")[0]
        return mcs._default_namespace_dict.get("", "")

    @classmethod
    def _get_reg(mcs) -> dict[str, Any]:
        """Family → class, or `AMBIGUOUS_CLASS`."""
        return {family: mcs._chosen(classes) for family, classes in mcs._families.items()}

    @classmethod
    def _chosen(mcs, classes: list[Register]) -> Any:
        """The one class a family means: its only one, or the one derived from all its namesakes."""
        last = classes[-1]
        return last if all(issubclass(last, cls) for cls in classes) else mcs.AMBIGUOUS_CLASS

    @classmethod
    def task_names(mcs) -> list[str]:
        """The families that name exactly one class, sorted."""
        return sorted(name for name, cls in mcs._get_reg().items() if cls is not mcs.AMBIGUOUS_CLASS)

    @classmethod
    def tasks_str(mcs) -> str:
        """The families, separated by commas."""
        return ",".join(mcs.task_names())

    @classmethod
    def get_task_cls(mcs, name: str) -> type[Task]:
        """The class of family `name`.

        Raises TaskClassNotFoundException (with the nearest names) or TaskClassAmbigiousException (with the places).
        """
        classes = mcs._families.get(name)
        if not classes:
            raise TaskClassNotFoundException(name, mcs.task_names())
        chosen = mcs._chosen(classes)
        if chosen is mcs.AMBIGUOUS_CLASS:
            raise TaskClassAmbigiousException(name, [f"{cls.__module__}.{cls.__qualname__}" for cls in classes])
        return chosen  # type: ignore[no-any-return]

    @classmethod
    def get_task_cls_of(mcs, module: str | None, name: str) -> type[Task]:
        """The class of family `name` that `module` defines, also where others have the same family.

        Where it defines none, as `get_task_cls`.
        """
        own = [cls for cls in mcs._families.get(name, ()) if cls.__module__ == module]
        return own[-1] if own else mcs.get_task_cls(name)  # type: ignore[return-value]

    @classmethod
    def get_all_params(mcs) -> list[tuple[str, bool, str, Parameter[Any]]]:
        """Every parameter of every unambiguous class: (family, is it a non-Config flag namesake, name, parameter)."""
        return [
            (family, not cls.use_cmdline_section, name, parameter)
            for family, cls in mcs._get_reg().items()
            if cls is not mcs.AMBIGUOUS_CLASS
            for name, parameter in cls.get_params()
        ]

    # --- instances ---------------------------------------------------------------------------------------------

    @classmethod
    def clear_instance_cache(mcs) -> None:
        """Forget all instances: equal parameters give a new object from here on."""
        Register._instances = {}

    @classmethod
    def disable_instance_cache(mcs) -> None:
        """Give a new object at every call. For programs with very many short-lived tasks."""
        Register._instances = None


def _declare_annotated(name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> None:
    """Turn the plain annotations of a task's body (`n: int`) into parameters."""
    of_the_kernel = str(namespace.get("__module__", "")).startswith("luigi.")
    if of_the_kernel or not any(isinstance(base, Register) for base in bases):
        return
    from luigi.parameter.annotations import declared

    namespace.update(declared(name, bases, namespace))


def load_task(module: str | None, task_name: str, params_str: Mapping[str, Any]) -> Task:
    """Import `module` and make its task `task_name` from parameters as texts.

    Raises ImportError for a module that cannot be imported, and what `Register.get_task_cls` raises.
    """
    if module is not None and module not in sys.modules:
        importlib.import_module(module)
    return Register.get_task_cls(task_name).from_str_params(dict(params_str))
