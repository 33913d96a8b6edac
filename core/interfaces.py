"""What the kernel's parts say to each other, on one page: the records that travel and the roles.

Whoever fills a role comes in through a hook (hookspecs.py). Records are immutable; everything in them is text,
numbers or collections of those, so that they can cross a wire.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from luigi.task_status import PENDING

if TYPE_CHECKING:
    from luigi.task import Task

NOTHING: Mapping[str, Any] = {}


class RetryPolicy(NamedTuple):
    """When failures disable a task. None in a task's own policy means the scheduler's setting."""

    retry_count: int | None = None
    disable_hard_timeout: float | None = None
    disable_window: float | None = None


class TaskSpec(NamedTuple):
    """One task as a worker declares it."""

    task_id: str
    family: str
    module: str | None = None
    params: Mapping[str, str] = NOTHING
    status: str = PENDING
    """PENDING; DONE when it was complete; UNKNOWN when its check raised; DISABLED when its class says so."""
    deps: Sequence[str] = ()
    runnable: bool = True
    """False for a task this worker cannot run: an external one, or one whose check raised."""
    priority: float = 0
    resources: Mapping[str, int] = NOTHING
    retry_policy: RetryPolicy | None = None
    explanation: str | None = None


class Report(NamedTuple):
    """What a worker says of a task it was assigned."""

    task_id: str
    token: int
    status: str
    """DONE, FAILED, or PENDING when it now waits for `new_deps`."""
    new_deps: Sequence[str] = ()
    explanation: str | None = None


class Progress(NamedTuple):
    """What a running task wants its followers to see, or gives back. None leaves a thing as it is."""

    task_id: str
    token: int
    tracking_url: str | None = None
    status_message: str | None = None
    percentage: float | None = None
    """0 to 100."""
    given_back: Mapping[str, int] = NOTHING
    """Resources the task does not need any more: name → amount."""


class Assignment(NamedTuple):
    """The right to run a task. It lasts until reported on with the same token, or taken away."""

    task_id: str
    token: int
    family: str
    module: str | None
    params: Mapping[str, str]


class Counts(NamedTuple):
    """What is left, as a worker needs it to decide whether to stay."""

    pending: int
    """Tasks of this worker that are neither done nor given up."""
    unique: int
    """Those among them that no other worker can run."""
    last_declared: int
    """Those among them that this worker was the last to declare."""
    running_elsewhere: Mapping[str, str] = NOTHING
    """Tasks of this worker that another runs: task id → worker id."""


class Reply(NamedTuple):
    """The answer to an exchange."""

    assignments: Sequence[Assignment]
    counts: Counts
    refused: Sequence[str] = ()
    """Ids of reported tasks the worker does not own any more: its report was not believed."""


class Order(NamedTuple):
    """An operator's order: what to do, to which task or resource, and how much.

    Verbs: forgive, mark_done, re_enable (a task); set_limit (a resource, `amount`); pause, unpause.
    """

    verb: str
    subject: str = ""
    amount: float | None = None


class Question(NamedTuple):
    """A question to the scheduler. Nouns: counts (tasks by status), task (one, by id)."""

    noun: str
    subject: str = ""


class Scheduler(Protocol):
    """Decides which task runs where, in four verbs."""

    def declare(self, worker: str, tasks: Sequence[TaskSpec]) -> None:
        """Make tasks known and say how they stand."""
        ...

    def exchange(self, worker: str, reports: Sequence[Report | Progress], want: int) -> Reply:
        """Hand in outcomes and progress, take up to `want` new assignments."""
        ...

    def control(self, order: Order) -> Any:
        """Carry out an operator's order."""
        ...

    def view(self, question: Question) -> Any:
        """Answer a question about tasks, workers or resources. Changes nothing."""
        ...


class Job(NamedTuple):
    """One assignment together with the task it is about, as an executor gets it."""

    task: Task
    token: int


class Outcome(NamedTuple):
    """How one attempt at a task ended."""

    task: Task
    token: int
    status: str
    """DONE, FAILED, or PENDING when the task yielded requirements that are not complete."""
    explanation: str | None = None
    new_requirements: Sequence[Task] = ()
    missing: Sequence[str] = ()
    """Ids of requirements found incomplete just before the run."""
    seconds: float = 0.0


class Executor(Protocol):
    """Runs tasks somewhere."""

    @property
    def capacity(self) -> int:
        """How many jobs it can take in now."""
        ...

    def submit(self, job: Job) -> None:
        """Take in a job. A task left suspended by an earlier job goes on from where it stopped."""
        ...

    def poll(self) -> Sequence[Outcome]:
        """Wait until at least one job has ended, unless there is none, and give the outcomes."""
        ...

    def cancel(self, task_id: str) -> bool:
        """End a job early. False when it is not here or cannot be ended."""
        ...

    def close(self) -> None:
        """Let go of everything held; suspended tasks are closed."""
        ...


class StateStore(Protocol):
    """Keeps the scheduler's events so that its state survives it. Dumb: it does not know what they mean."""

    def load(self) -> tuple[Any, Iterable[Any]]:
        """The last saved state (None if there is none) and the events appended since."""
        ...

    def save(self, state: Any) -> None:
        """Keep this state; the events before it are not needed any more."""
        ...

    def append(self, event: Any) -> None:
        """Keep one event. When this returns, it survives."""
        ...


class Notice(NamedTuple):
    """Something somebody may want to hear of."""

    subject: str
    text: str
    task_id: str | None = None


class Notifier(Protocol):
    """Tells people."""

    def notify(self, notice: Notice) -> None:
        """Pass the notice on."""
        ...
