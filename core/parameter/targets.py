"""A parameter for a target, written as its URL."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from luigi.parameter.base import Parameter
from luigi.parameter.problems import UnreadableValue

if TYPE_CHECKING:
    from luigi.target import Target


class TargetParameter(Parameter["Target"]):
    """A target: its value is what `luigi.open_target` gives for the URL.

    Two of the same URL are the same value, so that tasks that get them are the same task. A target given as such must
    have a `path` that opens it again.
    """

    def parse(self, x: str) -> Target:
        """The target that `x` names. Raises UnreadableValue saying which schemes there are."""
        from luigi.errors import KernelError
        from luigi.target_urls import open_target

        try:
            return self._made.get(x) or self._made.setdefault(x, open_target(x))
        except KernelError as error:
            raise UnreadableValue(x, self.describe(), f"{error} ({error.hint})" if error.hint else error) from error

    @cached_property
    def _made(self) -> WeakValueDictionary[str, Target]:
        return WeakValueDictionary()

    def normalize(self, x: Any) -> Target:
        """A URL becomes the target it names; a target is taken as it is."""
        return self.parse(x) if isinstance(x, str) else x

    def serialize(self, x: Target) -> str:
        """The URL."""
        try:
            return x.opened_from or str(x.path)  # type: ignore[attr-defined]
        except AttributeError:
            raise UnreadableValue(x, "a target with a path that opens it again") from None

    def describe(self) -> str:
        return "the URL of a target"
