"""Parameters from plain annotations: in a task's body, `n: int` declares what `n = luigi.IntParameter()` does.

Where the type alone says too little, `month: Annotated[datetime.date, luigi.MonthParameter(significant=False)]` says
the rest; a default stands behind it as behind any annotation.

Programs written for Luigi annotate too, and mean nothing by it; what keeps them as they are:

- a body that declares one parameter the classic way, `x = luigi.IntParameter()`, declares none by annotation;
- a name that a base class has, and not as a parameter declared by annotation, is a value for it: `priority: int = 5`;
- so are ClassVar, Final, names that start with `_`, and types that no parameter is for;
- a package whose distribution requires `luigi`, not `luigi-kernel`, knows no better: there, none declares anything.
"""

from __future__ import annotations

import copy
import functools
import re
import sys
import typing
from collections import ChainMap
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from luigi.parameter.base import Parameter, _no_value
from luigi.parameter.hints import recipe

_MISSING: Final = object()


def declared(cls_name: str, bases: tuple[type, ...], namespace: Mapping[str, Any]) -> dict[str, Parameter[Any]]:
    """The parameters that the annotations in a class body declare, in their order. Reads `namespace`, the body."""
    if str(namespace.get("__module__", "")).partition(".")[0] == "luigi":
        return {}  # the kernel's own tasks annotate for the reader
    hints = _annotations(namespace)
    if _has_classic(namespace, hints):
        return {}
    found = dict(_made(hints, bases, namespace))
    if not found or _was_written_for_luigi(str(namespace.get("__module__", "")).partition(".")[0]):
        return {}
    _put_in_order(hints, bases, {**namespace, **found})
    return found


@functools.cache
def _was_written_for_luigi(package: str) -> bool:
    """Whether `package` is installed as a distribution of its name that asks for Luigi itself."""
    from importlib.metadata import PackageNotFoundError, requires

    if package == "__main__":
        return False
    try:
        needed = {re.split(r"[^\w.-]", requirement.strip(), maxsplit=1)[0] for requirement in requires(package) or ()}
    except (PackageNotFoundError, ValueError):
        return False
    return "luigi" in needed and "luigi-kernel" not in needed


def _annotations(namespace: Mapping[str, Any]) -> Mapping[str, Any]:
    written = namespace.get("__annotations__")
    if written is not None:
        return written  # type: ignore[no-any-return]
    if sys.version_info >= (3, 14):
        import annotationlib

        annotate = annotationlib.get_annotate_from_class_namespace(namespace)
        if annotate is not None:
            return annotationlib.call_annotate_function(annotate, annotationlib.Format.FORWARDREF)
    return {}


def _has_classic(namespace: Mapping[str, Any], hints: Mapping[str, Any]) -> bool:
    return any(isinstance(value, Parameter) and name not in hints for name, value in namespace.items())


def _made(
    hints: Mapping[str, Any], bases: tuple[type, ...], namespace: Mapping[str, Any]
) -> Iterator[tuple[str, Parameter[Any]]]:
    for name, hint in hints.items():
        value = namespace.get(name, _no_value)
        if name.startswith("_") or hasattr(type(value), "__get__") or isinstance(value, Parameter):
            continue
        inherited = _inherited(bases, name)
        if inherited is not _MISSING and (value is _no_value or not getattr(inherited, "from_annotation", False)):
            continue
        made = _parameter(_resolved(hint, namespace), value)
        if made is not None:
            made.from_annotation = True
            yield name, made


def _parameter(hint: Any, value: Any) -> Parameter[Any] | None:
    for noted in getattr(hint, "__metadata__", ()):
        if isinstance(noted, Parameter):
            return _copy(noted, value)  # the annotation may be an alias that several tasks share
    found = recipe(hint)
    if found is None:
        return None
    return (found.optional() if value is None else found).make(value)


def _copy(noted: Parameter[Any], value: Any) -> Parameter[Any]:
    made = copy.copy(noted)
    if value is not _no_value:
        made._default = value
    made._take_next_place()
    return made


def _inherited(bases: tuple[type, ...], name: str) -> Any:
    for base in bases:
        for cls in base.__mro__:
            if name in cls.__dict__:
                return cls.__dict__[name]
    return _MISSING


def _put_in_order(hints: Mapping[str, Any], bases: tuple[type, ...], body: Mapping[str, Any]) -> None:
    """Number the body's parameters as they stand in it; one that replaces an inherited one keeps that one's place."""
    for name in hints:
        parameter, inherited = body.get(name), _inherited(bases, name)
        if not isinstance(parameter, Parameter) or parameter is inherited:
            continue
        if isinstance(inherited, Parameter):
            parameter._counter = inherited._counter
        else:
            parameter._take_next_place()


# --- names -------------------------------------------------------------------------------------------------------


def _resolved(hint: Any, namespace: Mapping[str, Any]) -> Any:
    """The hint with the names in its texts looked up; None for one that cannot be, or that marks no field."""
    text = hint if isinstance(hint, str) else getattr(hint, "__forward_arg__", None)
    if isinstance(text, str):
        hint = _evaluated(text, namespace)
    if hint is ClassVar or hint is Final or typing.get_origin(hint) in (ClassVar, Final):
        return None
    if typing.get_origin(hint) in (typing.Literal, typing.Annotated):
        return hint  # their texts are values and notes
    arguments = typing.get_args(hint)
    if any(_is_text(argument) for argument in arguments):
        return _rebuilt(hint, tuple(_resolved(argument, namespace) for argument in arguments))
    return hint


def _is_text(argument: Any) -> bool:
    return isinstance(argument, str | typing.ForwardRef)


def _rebuilt(hint: Any, arguments: tuple[Any, ...]) -> Any:
    """`list["Mode"]` with the class Mode for its name."""
    if typing.get_origin(hint) is typing.Union:
        return typing.Union[arguments]  # noqa: UP007 - the members are known only now
    return typing.get_origin(hint)[arguments]


def _evaluated(text: str, namespace: Mapping[str, Any]) -> Any:
    """What `text` means in the module of the body, or else in the body: there, `date: date` names the field."""
    module = sys.modules.get(namespace.get("__module__", ""))
    scope: ChainMap[str, Any] = ChainMap(module.__dict__ if module is not None else {}, dict(namespace))
    try:
        return eval(text, {}, scope)
    except (NameError, AttributeError, TypeError, SyntaxError, LookupError):
        return None  # a name for the type checker only: no parameter
