"""`code`: a task is stale when its class, or one that it is derived from, was written otherwise when it ran."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from luigi.redo.policies.syntax import Sources

if TYPE_CHECKING:
    from luigi.redo.policy import Marks, Noted
    from luigi.task import Task


class Code:
    """Compares syntax trees, of classes that are neither the kernel's nor Python's."""

    follows = False

    def __init__(self, argument: str) -> None:
        """`argument` means nothing."""
        self._sources = Sources()
        self._of_class: dict[type, dict[str, str]] = {}

    def stale(self, task: Task, noted: Noted | None) -> str | None:
        """Names the classes that have changed. One whose source is not to be had has not."""
        if noted is None:
            return None
        now = self.note(task)
        changed = [name for name in now if noted.marks.get(name, now[name]) != now[name]]
        return f"the code of {' and '.join(changed)} has changed" if changed else None

    def note(self, task: Task) -> Marks:
        """A digest for each class, by its full name: what it was when this was first asked for."""
        cls = type(task)
        if cls not in self._of_class:
            digests = {_name(base): self._sources.digest(base) for base in cls.__mro__ if _is_users(base)}
            self._of_class[cls] = {name: digest for name, digest in digests.items() if digest}
        return self._of_class[cls]


def _is_users(cls: type) -> bool:
    package = cls.__module__.partition(".")[0]
    return package != "luigi" and package not in sys.stdlib_module_names


def _name(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"
