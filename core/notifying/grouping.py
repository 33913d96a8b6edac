"""Failures that are told together: grouped, counted, and put into words as Luigi's batch mails are."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Protocol

FAILURE, DISABLE, SCHEDULING_FAILURE = COUNTED = ("failure", "disable", "scheduling failure")
"""What is counted, in the order it is told in."""

INDENT = " " * 6


class BatchSettings(Protocol):
    """The section `[batch_notifier]`, as far as grouping goes by it."""

    @property
    def batch_mode(self) -> str:
        """What is one group: all (a task), family, or unbatched_params (tasks that differ in batched ones alone)."""
        ...

    @property
    def error_lines(self) -> int:
        """How many lines of a message are told, the last ones; 0 for all."""
        ...

    @property
    def error_messages(self) -> int:
        """How many messages of a group are told, the latest ones."""
        ...

    @property
    def group_by_error_messages(self) -> bool:
        """Whether groups with the same messages are told together."""
        ...


class ExplQueue(OrderedDict[str, None]):
    """The last few messages, each once, the latest last."""

    def __init__(self, num_items: int) -> None:
        self.num_items = num_items
        super().__init__()

    def enqueue(self, item: str) -> None:
        """Add a message, or move it to the end; the oldest goes when there are more than `num_items`."""
        self.pop(item, None)
        self[item] = None
        while len(self) > self.num_items:
            self.popitem(last=False)


@dataclass(slots=True)
class Group:
    """What happened to tasks that are told of in one line."""

    name: str
    messages: ExplQueue
    counts: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return f"{self.name} ({counted(self.counts)})"


class Batch:
    """What happened to tasks in a while, for one reader."""

    def __init__(self, settings: BatchSettings) -> None:
        self._settings = settings
        self._groups: dict[str, Group] = {}

    @property
    def counts(self) -> Counter[str]:
        """How often each of COUNTED happened."""
        return total(self._groups.values())

    def add(self, what: str, name: str, expl: str = "") -> None:
        """Count one of COUNTED for the group `name`; `expl` is what was said of it."""
        group = self._groups.get(name)
        if group is None:
            group = self._groups[name] = Group(name, ExplQueue(self._settings.error_messages))
        group.counts[what] += 1
        message = self._last_lines(expl)
        if message:
            group.messages.enqueue(message)

    def text(self) -> str:
        """As plain text."""
        return "\n".join(_plain(groups) for groups in self._sections()).rstrip("\n")

    def html(self) -> str:
        """As HTML, everything in it escaped."""
        return "\n".join(["<ul>", *map(_html, self._sections()), "</ul>"])

    def _last_lines(self, expl: str) -> str:
        lines = expl.rstrip().split("\n")
        return "\n".join(lines[-self._settings.error_lines :] if self._settings.error_lines > 0 else lines)

    def _sections(self) -> list[list[Group]]:
        """Groups that are told of together, the worst first."""
        groups = sorted(self._groups.values(), key=lambda group: _place([group]))
        if not self._settings.group_by_error_messages:
            return [[group] for group in groups]
        together: dict[tuple[str, ...], list[Group]] = {}
        for group in groups:
            together.setdefault(tuple(group.messages), []).append(group)
        return sorted(together.values(), key=_place)


class Batches:
    """What happened to tasks in a while: for everybody, and for each owner of some."""

    def __init__(self, settings: BatchSettings) -> None:
        self._settings = settings
        self.everybody = Batch(settings)
        self.owners: dict[str, Batch] = {}

    def add(
        self,
        what: str,
        task_name: str,
        family: str,
        unbatched_args: Mapping[str, str],
        expl: str,
        owners: Iterable[str],
    ) -> None:
        """Count one of COUNTED for a task."""
        name = self._group_name(task_name, family, unbatched_args)
        self.everybody.add(what, name, expl)
        for owner in owners:
            if owner not in self.owners:
                self.owners[owner] = Batch(self._settings)
            self.owners[owner].add(what, name, expl)

    def _group_name(self, task_name: str, family: str, unbatched_args: Mapping[str, str]) -> str:
        if self._settings.batch_mode == "family":
            return family
        if self._settings.batch_mode == "unbatched_params":
            return f"{family}({', '.join(f'{name}={value}' for name, value in unbatched_args.items())})"
        return task_name


def total(groups: Iterable[Group]) -> Counter[str]:
    """How often each of COUNTED happened in all of them."""
    return sum((group.counts for group in groups), Counter())


def subject_of(batch: Batch, minutes: float, of: str = "") -> str:
    """A mail's subject: "Luigi: 2 failures, 1 disable in the last 60 minutes"."""
    return f"Luigi: {of}{counted(batch.counts)} in the last {minutes:g} minutes"


def counted(counts: Mapping[str, int]) -> str:
    """Counts in words: "2 failures, 1 disable"."""
    return ", ".join(f"{counts[what]} {what}{'' if counts[what] == 1 else 's'}" for what in COUNTED if counts[what])


def _place(groups: Sequence[Group]) -> tuple[int, int, str]:
    """Where groups that are told of together stand in a list."""
    counts = total(groups)
    return -counts[FAILURE] - counts[SCHEDULING_FAILURE], -counts[DISABLE], groups[0].name


def _plain(groups: Sequence[Group]) -> str:
    lines = [f"{'  ' if number else '- '}{group}" for number, group in enumerate(groups)]
    for message in groups[0].messages:
        lines += ["", *(INDENT + line for line in message.split("\n"))]
    return "\n".join(lines) + ("\n" if groups[0].messages else "")


def _html(groups: Sequence[Group]) -> str:
    lines = "\n<br>".join(escape(str(group)) for group in groups)
    messages = "".join(f"\n<pre>{escape(message)}</pre>" for message in groups[0].messages)
    return f"<li>{lines}{messages}</li>"
