"""What all suites have in common: a test that is of no use with some implementations is not there for them.

Not there rather than skipped: a skip is for what should have been tested and was not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

Test = TypeVar("Test", bound=Callable[..., Any])


def only_where(**attributes: bool) -> Callable[[Test], Test]:
    """Marks a test of a Contract that is there only in classes whose attributes have these values."""

    def mark(test: Test) -> Test:
        test.only_where = attributes  # type: ignore[attr-defined]
        return test

    return mark


class Contract:
    """A suite to subclass. Its class attributes say what an implementation cannot have by its nature."""

    _conditional: ClassVar[dict[str, Any]] = {}
    """The marked tests by name, also those that are not there."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._conditional = _marked(cls)
        for name, test in cls._conditional.items():
            fits = all(getattr(cls, attribute) == value for attribute, value in test.only_where.items())
            setattr(cls, name, test if fits else None)


def _marked(cls: type[Contract]) -> dict[str, Any]:
    marked: dict[str, Any] = {}
    for base in reversed(cls.__bases__):
        marked.update(getattr(base, "_conditional", {}))
    for name, member in vars(cls).items():
        marked.pop(name, None)
        if hasattr(member, "only_where"):
            marked[name] = member
    return marked
