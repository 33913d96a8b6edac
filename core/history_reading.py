"""What can be asked of a history: tasks, their attempts and events, runs; page by page, the newest first.

A history that can be read has a method `reading()`, which gives a `HistoryReading`; one without it is only written to.
Times are seconds since the epoch. Values of parameters that pages do not show are in no answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar

from luigi.errors import KernelError
from luigi.telling import NOTHING

if TYPE_CHECKING:
    from luigi.plugin_manager import PluginManager

Item = TypeVar("Item")

MOST = 1_000
"""How many things a page has at most."""


class NoSuchPlace(KernelError):
    """A list cannot go on from there: it is nothing that `Page.next` was."""

    def __init__(self, after: str) -> None:
        super().__init__(f"{after[:200]!r} is not where a page ended", hint="leave it out for the first page")


class Page(NamedTuple, Generic[Item]):
    """A part of a list."""

    items: Sequence[Item]
    next: str = ""
    """What to ask the following page with; empty when there is none. Only the history itself can read it."""


class PastAttempt(NamedTuple):
    """One try at a task."""

    attempt: int
    """Its number in the history."""
    record: int
    """The number of the `PastTask`."""
    run: int | None
    """The number of the `PastRun`; None when nobody said which it was."""
    task_id: str
    worker: str
    host: str
    started: float
    ended: float | None
    """None as long as it goes on."""
    status: str
    """RUNNING, DONE, FAILED; PENDING when it gave way to requirements that it yielded."""
    error: str = ""
    cut: bool = False
    """Whether this is only the end of the error, where it says what was raised: `HistoryReading.attempt` gives all."""


class PastEvent(NamedTuple):
    """A task came to stand so."""

    status: str
    """PENDING, RUNNING, DONE or FAILED."""
    at: float


class PastTask(NamedTuple):
    """A task as one scheduler knew it. The same task may be there several times, once for each."""

    record: int
    """Its number in the history."""
    task_id: str
    family: str
    host: str = ""
    """Where it ran last."""
    params: Mapping[str, str] = NOTHING
    """Values as texts, by name."""
    status: str = ""
    """What happened to it last, as in `PastEvent`."""
    at: float | None = None
    """When that was."""
    attempt: PastAttempt | None = None
    """The last try at it, where that is known."""
    cut: bool = False
    """Whether of some values this is only the beginning: `HistoryReading.task` gives all of them."""


class PastRun(NamedTuple):
    """One worker from start to end."""

    run: int
    """Its number in the history."""
    worker: str
    began: float
    ended: float | None = None
    """None as long as it goes on, or when it was killed and nobody noticed."""
    status: str = ""
    """The name of a `luigi.LuigiStatusCode`; LOST; empty without an end."""
    host: str = ""
    user: str = ""
    command: str = ""
    code_version: str = ""
    roots: Sequence[str] = ()
    """Ids of the tasks that it was asked for."""
    attempts: Mapping[str, int] = NOTHING
    """How many attempts it made, by status. Only of a single run."""
    cut: bool = False
    """Whether the command or the roots are only the first of it: `HistoryReading.run` gives all."""


class Family(NamedTuple):
    """All tasks of a name together."""

    name: str
    tasks: int
    """How many the history has."""
    last: int
    """The newest of them: `PastTask.record`."""


class TasksWanted(NamedTuple):
    """Which tasks. What is empty does not matter."""

    family: str = ""
    task_id: str = ""
    params: Mapping[str, str] = NOTHING
    """Values that it must have, as texts, by name."""


class AttemptsWanted(NamedTuple):
    """Which attempts. What is empty does not matter."""

    task_id: str = ""
    record: int | None = None
    run: int | None = None


class HistoryReading(Protocol):
    """Answers questions. Any thread may ask; nothing is changed by it.

    Every method raises OSError when the history is away at the moment. `limit` is at most `MOST`; `after` is
    `Page.next` of the page before, and anything else may raise NoSuchPlace.
    """

    def latest(self, since: float, limit: int, after: str = "") -> Page[PastTask]:
        """Tasks to which something happened since then, those to which it happened last first."""
        ...

    def tasks(self, wanted: TasksWanted, limit: int, after: str = "") -> Page[PastTask]:
        """The tasks that are wanted, those that came last first."""
        ...

    def task(self, record: int) -> PastTask | None:
        """One task, whole; None when there is none."""
        ...

    def events(self, record: int, limit: int, after: str = "") -> Page[PastEvent]:
        """What happened to one task, the last first."""
        ...

    def attempts(self, wanted: AttemptsWanted, limit: int, after: str = "") -> Page[PastAttempt]:
        """The attempts that are wanted, the newest first."""
        ...

    def attempt(self, attempt: int) -> PastAttempt | None:
        """One attempt, whole; None when there is none."""
        ...

    def runs(self, limit: int, after: str = "") -> Page[PastRun]:
        """Runs, the newest first."""
        ...

    def run(self, run: int) -> PastRun | None:
        """One run, whole; None when there is none."""
        ...

    def families(self, limit: int, after: str = "") -> Page[Family]:
        """The names of all tasks, in the order of the alphabet."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


def is_kept() -> bool:
    """Whether the configuration says that there is a history: of the server, or of runs on their own."""
    from luigi.configuration import get_config
    from luigi.observers import local_runs_are_kept

    return bool(get_config().getboolean("scheduler", "record_task_history", False)) or local_runs_are_kept()


def reading(plugins: PluginManager) -> HistoryReading | None:
    """The history that the configuration names, to be asked; None for one that cannot be.

    Raises PluginError and ConfigurationError as `PluginManager.make` does, and what the history itself raises when it
    cannot be opened.
    """
    from luigi.recording import configured_kind

    history: Any = plugins.make("task_histories", configured_kind())
    readable: HistoryReading | None = history.reading() if hasattr(history, "reading") else None
    return readable
