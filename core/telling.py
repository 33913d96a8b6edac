"""What the kernel tells those who do not take part in the work: notices for people, figures for monitors, and history.

Whoever hears it comes in through a hook (hookspecs.py): a notifier, a mailer, a metrics collector, a task history.
All of them are called by a courier (couriers.py), each in a thread of its own, never while a task is handed out.
Records are immutable; private parameters are in none of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

NOTHING: Mapping[str, Any] = {}

# --- facts ---------------------------------------------------------------------------------------------------------


class TaskFacts(NamedTuple):
    """One task at one moment, as the scheduler knew it. The names are those of Luigi's scheduler tasks."""

    id: str
    family: str
    params: Mapping[str, str] = NOTHING
    """Values as texts, by name, also the hidden ones; never private ones."""
    hidden: Sequence[str] = ()
    """Names of the parameters that pages, mails and labels do not show."""
    status: str = ""
    resources: Mapping[str, int] = NOTHING
    priority: float = 0
    owners: Sequence[str] = ()
    """Who hears of its failures: e-mail addresses."""
    worker_running: str | None = None
    """The id of the worker that runs it, or ran it last."""
    token: int = 0
    """Of the lease of that attempt."""
    time_running: float | None = None
    """When that attempt was handed out. Seconds since the epoch."""
    updated: float = 0
    """When its status changed last. Seconds since the epoch."""
    failures: int = 0
    """How many of its failures the scheduler counts together."""
    expl: str = ""
    """What its last failure said, less what is private."""
    batched: Sequence[str] = ()
    """The parameters in which it may differ from others that are run together with it."""

    @property
    def shown_params(self) -> dict[str, str]:
        """The parameters less the hidden ones."""
        return {name: value for name, value in self.params.items() if name not in self.hidden}

    @property
    def public_params(self) -> dict[str, str]:
        """Luigi's name for `shown_params`."""
        return self.shown_params

    @property
    def pretty_id(self) -> str:
        """`Family(a=1, b=2)`, as Luigi's collectors show a task."""
        return f"{self.family}({', '.join(f'{name}={value}' for name, value in self.shown_params.items())})"


# --- notices for people --------------------------------------------------------------------------------------------

SEVERITIES = ("info", "warning", "error")
"""From the least to the most urgent."""


class Notice(NamedTuple):
    """Something somebody may want to hear of, worded."""

    subject: str
    """One line."""
    text: str
    """The whole, as plain text."""
    task_id: str | None = None
    kind: str = ""
    """What happened: task_failed, scheduling_failed, framework_error, disabled, late, recovered, batch or digest."""
    family: str = ""
    severity: str = "error"
    """One of SEVERITIES."""
    owners: Sequence[str] = ()
    """E-mail addresses of those whom the task says it belongs to."""
    html: str = ""
    """The same as HTML, every value escaped; empty where plain text is all there is."""
    facts: Mapping[str, Any] = NOTHING
    """What the text was made of, for machines: text, numbers and collections of those."""


class Notifier(Protocol):
    """Tells people."""

    def notify(self, notice: Notice) -> None:
        """Pass the notice on. What it raises is logged with the notice's subject; nothing is tried again."""
        ...


class Mail(NamedTuple):
    """One e-mail, ready to go."""

    sender: str
    recipients: Sequence[str]
    """Addresses; for SNS, one topic ARN."""
    subject: str
    message: str
    format: str = "plain"
    """Of the message: plain or html."""
    image_png: str | None = None
    """The path of a picture to go with it."""


class Mailer(Protocol):
    """Sends e-mail."""

    def send(self, mail: Mail) -> None:
        """Send it. Raises what went wrong: OSError or the service's own error."""
        ...


# --- figures for monitors ------------------------------------------------------------------------------------------


class MetricsCollector(Protocol):
    """Counts what happens to tasks, in the process of the scheduler. The methods are those of Luigi's collectors.

    One that has a method `close()` has it called at the end of a run: to pass on what is left and let go of ports.
    """

    def handle_task_started(self, task: TaskFacts) -> None:
        """A task was handed out."""
        ...

    def handle_task_failed(self, task: TaskFacts) -> None:
        """An attempt failed, and the task may be tried again."""
        ...

    def handle_task_disabled(self, task: TaskFacts, config: Any) -> None:
        """A task failed too often and was disabled. `config` is the `[scheduler]` section."""
        ...

    def handle_task_done(self, task: TaskFacts) -> None:
        """A task is done."""
        ...

    def handle_task_statistics(self, task: TaskFacts, statistics: Mapping[str, Any]) -> None:
        """A worker measured something of a task."""
        ...


# --- history -------------------------------------------------------------------------------------------------------

MOST_ROOTS: Final = 1_000
"""How many of the tasks that a run was asked for are told; a program may ask for any number."""


class TaskScheduled(NamedTuple):
    """A task came to wait for its turn."""

    task: TaskFacts
    at: float
    """Seconds since the epoch, as in the following."""


class AttemptStarted(NamedTuple):
    """A task was handed out to a worker: `task.worker_running` and `task.token` say which attempt it is."""

    task: TaskFacts
    at: float
    host: str = ""


class AttemptEnded(NamedTuple):
    """An attempt ended, or a task was found done."""

    task: TaskFacts
    at: float
    successful: bool
    error: str = ""


class RunBegan(NamedTuple):
    """A worker came to the scheduler. Said again of a run that goes on, it says what is known of it now."""

    run_id: str
    """The worker's id."""
    at: float
    host: str = ""
    user: str = ""
    command: str = ""
    """The command line, values of private parameters and secrets taken out."""
    code_version: str = ""
    """The commit of the program's working copy, or what `[core] code_version` says."""
    roots: Sequence[str] = ()
    """Ids of the tasks it was asked for, of the first `MOST_ROOTS`."""


class RunEnded(NamedTuple):
    """A worker has nothing left to do."""

    run_id: str
    at: float
    status: str
    """The name of a `luigi.LuigiStatusCode`; LOST for a worker that was not heard of any more."""


Happened = TaskScheduled | AttemptStarted | AttemptEnded | RunBegan | RunEnded
"""What a history is told."""


class TaskHistory(Protocol):
    """Keeps what happened."""

    def record(self, happened: Sequence[Happened]) -> None:
        """Keep all of it, in this order, or raise and keep none of it."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
