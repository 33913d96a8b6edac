"""What the kernel's parts say to each other, on one page: the records that travel and the roles.

Whoever fills a role comes in through a hook (hookspecs.py). Records are immutable; everything in them is text,
numbers or collections of those, so that they can cross a wire.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, runtime_checkable

from luigi.task_status import PENDING

if TYPE_CHECKING:
    from luigi.task import Task

NOTHING: Mapping[str, Any] = {}


class RetryPolicy(NamedTuple):
    """When a failed task is tried again, and when failures disable it. Times are in seconds.

    None in a task's own policy means the scheduler's setting.
    """

    retry_count: int | None = None
    """Failures within `disable_window` that disable the task."""
    disable_hard_timeout: float | None = None
    """Time after the first failure beyond which one more disables the task."""
    disable_window: float | None = None
    """How far back failures are counted together."""
    disable_persist: float | None = None
    """How long it stays disabled."""
    retry_delay: float | None = None
    """From a failure to the next try; negative for never."""
    backoff_factor: float | None = None
    """What the delay is multiplied by with every further failure."""
    backoff_cap: float | None = None
    """The longest delay that the factor leads to."""
    backoff_jitter: float | None = None
    """Up to this fraction is added to the delay, another for each task and failure, so that not all come at once."""


class TaskSpec(NamedTuple):
    """One task as a worker declares it."""

    task_id: str
    family: str
    module: str | None = None
    params: Mapping[str, str] = NOTHING
    """Values as texts, by name; never those of private parameters."""
    status: str = PENDING
    """PENDING; DONE when it was complete; UNKNOWN when its check raised; DISABLED when its class says so."""
    deps: Sequence[str] | None = ()
    """Ids of what it requires. None leaves what is known of that."""
    runnable: bool = True
    """False for a task this worker cannot run: an external one, or one whose check raised."""
    priority: float = 0
    resources: Mapping[str, int] = NOTHING
    retry_policy: RetryPolicy | None = None
    explanation: str | None = None
    batchable: bool = False
    """Whether it may be run together with others of its family, by a worker that declared a `Batcher` for it."""
    accepts_messages: bool = False
    hidden: Sequence[str] = ()
    """Names of the parameters that pages do not show."""
    owners: Sequence[str] = ()
    """Who hears of its failures: e-mail addresses."""
    queue: str = ""
    """Which workers of pools may run it: those that serve this queue; "" for those that serve none."""
    labels: Sequence[str] = ()
    """What a pool's worker must have for it: all of these."""
    unplanned: bool = False
    """Whether what it requires is not known yet: whoever takes it plans it first."""
    waits: bool = False
    """Whether a lease on it takes no worker's place: it only waits for something to be there."""
    deadline: float | None = None
    """Seconds from when it became known within which it is to be done: otherwise people are told. It is never ended."""


class Batcher(NamedTuple):
    """How a worker runs several tasks of one family as one."""

    family: str
    batched: Sequence[str]
    """The parameters whose values are combined; tasks that differ in another one are not run together."""
    max_size: float = float("inf")


class Report(NamedTuple):
    """How an assigned task ended, or that it waits. Said of a batch by its runner's id, or, while it has
    none, by that of any member."""

    task_id: str
    token: int
    status: str
    """DONE, FAILED, or PENDING when it now waits for `new_deps`."""
    new_deps: Sequence[str] = ()
    explanation: str | None = None
    retriable: bool = True
    """False when it failed with something that its `retry_on` does not name: it is disabled at once."""
    lacks_module: bool = False
    """Whether it failed since this worker cannot import its module: another worker of a pool may have it."""


class Progress(NamedTuple):
    """What a running task wants its followers to see, or gives back. None leaves a thing as it is.

    With nothing but id and token it says that the task still runs, which is refused when it is somebody else's now.
    """

    task_id: str
    token: int
    tracking_url: str | None = None
    status_message: str | None = None
    percentage: float | None = None
    """0 to 100."""
    given_back: Mapping[str, int] = NOTHING
    """Resources the task does not need any more: name → amount."""


class Began(NamedTuple):
    """The task that a worker made of an assigned batch, and now runs."""

    token: int
    spec: TaskSpec


class Answer(NamedTuple):
    """What a running task answered to a message."""

    task_id: str
    message_id: str
    text: str


Said = Report | Progress | Began | Answer
"""What a worker may hand in."""


class Assignment(NamedTuple):
    """The right to run a task. It lasts until reported on with the same token, or taken away."""

    task_id: str
    token: int
    family: str
    module: str | None
    params: Mapping[str, Any]
    """Values as texts; of a batch, lists of texts, one for each member, where `Batcher.batched` says so."""
    batch: Sequence[str] = ()
    """Ids of the tasks to be run as one, `task_id` first among them; empty for a single task."""
    submission: str = ""
    """The id of the submission that wants it, if one does: what it turns out to require is declared under that."""
    unplanned: bool = False
    """Whether what it requires is to be found out, and declared, before it is run."""
    waited: float | None = None
    """Of a task that waits for something to be there: for how many seconds it has, whoever looked. None of others."""


class Message(NamedTuple):
    """Something the scheduler wants a worker to do: `name` is one of the worker's message methods."""

    name: str
    kwargs: Mapping[str, Any]


class Counts(NamedTuple):
    """What is left, as a worker needs it to decide whether to stay."""

    pending: int
    """Tasks of this worker that are neither done nor given up."""
    unique: int
    """Those among them that no other worker can run."""
    last_declared: int
    """Those among them that this worker was the last to declare."""
    running_elsewhere: Mapping[str, str] = NOTHING
    """Tasks of this worker that another runs: task id → worker id. Told when it asked for work and got none."""
    soonest: float | None = None
    """Seconds until a rate lets a task of this worker begin. Told when it asked for work and got none; None where no
    rate stands in the way of any."""


class Reply(NamedTuple):
    """The answer to an exchange."""

    assignments: Sequence[Assignment]
    counts: Counts
    refused: Sequence[str] = ()
    """Ids of tasks reported on that are not the worker's any more: it was not believed."""
    messages: Sequence[Message] = ()
    stranger: bool = False
    """The scheduler did not know the worker, or had given it up: what it declared is to be declared again."""
    enabled: bool = True
    """False when an operator has disabled the worker: it gets no more work."""
    pace: float = 0
    """Seconds between two calls that say nothing new, as far as the scheduler goes: many workers would use up its time
    by them. 0 for as the worker likes."""


class Order(NamedTuple):
    """An operator's order: what to do, to which task, worker or resource, and how much.

    Verbs: forgive, retry, re_enable, mark_done, cancel (a task); set_limit (a resource, `amount`, and as `text` what it
    is per if that makes it a rate: second, minute, hour or day; one that is a rate stays one); pause, unpause;
    disable_worker (a worker); set_worker_processes (a worker, `amount`); send_message (to a task, `text`, by way of
    `worker`; gives the message's id); cancel_submission (a submission); pause_trigger, unpause_trigger,
    forget_trigger (a trigger); prune (whatever time has brought).
    """

    verb: str
    subject: str = ""
    amount: float | None = None
    text: str = ""
    worker: str = ""
    by: str = ""
    """Who orders it, for the task's story. Never sent: a server fills in who called it."""


class Question(NamedTuple):
    """A question to the scheduler: a noun, what it is about, and what narrows the answer.

    See `luigi.scheduler.views`, which answers, for nouns and options.
    """

    noun: str
    subject: str = ""
    options: Mapping[str, Any] = NOTHING


class Scheduler(Protocol):
    """Decides which task runs where, in four verbs.

    `call` numbers a worker's calls, growing from 1: one repeated under its number has no further effect and gets the
    same answer, and one older than the last is refused. 0 for a caller whose calls cannot be lost on the way.
    """

    def declare(
        self,
        worker: str,
        tasks: Sequence[TaskSpec],
        batchers: Sequence[Batcher] = (),
        call: int = 0,
        submission: str = "",
    ) -> None:
        """Make tasks known and say how they stand.

        `submission`: the id of the submission that wants them, where the worker has planned them for one; nothing is
        made known for one that has gone, or was cancelled.
        """
        ...

    def exchange(self, worker: str, said: Sequence[Said], want: int, call: int = 0, waits: int = 0) -> Reply:
        """Hand in outcomes and progress, take up to `want` new assignments. With neither: a sign of life.

        `waits`: how many tasks are taken besides that only wait (`TaskSpec.waits`).
        """
        ...

    def control(self, order: Order) -> Any:
        """Carry out an operator's order. Raises KernelError when it does not apply, saying why."""
        ...

    def view(self, question: Question) -> Any:
        """Answer a question about tasks, workers or resources. Changes nothing."""
        ...


class Job(NamedTuple):
    """One assignment together with the task it is about, as an executor gets it."""

    task: Task
    token: int
    timeout: float = 0
    """Seconds after which the run is ended, with all it started; 0 for never."""


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
    retriable: bool = True
    """As in `Report`."""
    cancelled: bool = False
    """Whether somebody wanted it ended: then its failure is no news to anybody."""


class Executor(Protocol):
    """Runs tasks somewhere."""

    @property
    def capacity(self) -> int:
        """How many jobs it can take in now."""
        ...

    def submit(self, job: Job) -> None:
        """Take in a job. A task left suspended by an earlier job goes on from where it stopped."""
        ...

    def poll(self, timeout: float | None = None) -> Sequence[Outcome]:
        """Wait until at least one job has ended, unless there is none, and give the outcomes.

        After `timeout` seconds, give what there is: perhaps nothing. None waits as long as it takes.
        """
        ...

    def cancel(self, task_id: str) -> bool:
        """End a job early: a running one then comes out of `poll` as FAILED, a suspended one is given up.

        False when it is not here or cannot be ended.
        """
        ...

    def send(self, task_id: str, message: Any) -> bool:
        """Put a message into a running task's `scheduler_messages`. False when it is not here or takes none."""
        ...

    def resize(self, workers: int) -> None:
        """Take in up to so many jobs at a time from now on. What runs goes on."""
        ...

    def close(self) -> None:
        """Let go of everything held; suspended tasks are closed."""
        ...


@runtime_checkable
class WithinSubmit(Protocol):
    """An executor that runs a task within `submit`, in its caller's thread: nobody can end it from outside."""

    def runs(self, task_id: str) -> bool:
        """Whether it runs the task at this moment. Any thread may ask."""
        ...


class Kept(NamedTuple):
    """What a state store holds."""

    parts: Iterable[str]
    """Of the last snapshot; none if there is none. To be read before the entries."""
    upto: int
    """The number of the last entry that the snapshot takes the place of; 0 without one."""
    entries: Iterable[tuple[int, str]]
    """Those after it, each with its number, in order."""


class StateStore(Protocol):
    """Keeps the scheduler's story so that its state survives it. Dumb: what it keeps are texts, numbered in order.

    What is kept is a snapshot (texts that together are a state) and the entries after it, one for each call of the
    scheduler; what they say is the business of `luigi.scheduler`: `codec`, `snapshot`. Any thread may call any method.
    """

    durable: bool
    """False for one that keeps nothing: then nothing is written for it."""

    def claim(self) -> bool:
        """Become the one that writes here. False while another process is; True as often as asked when this one is."""
        ...

    def load(self) -> Kept:
        """What is there. Raises StoreError for what cannot be read here: damaged, or written by a later version."""
        ...

    def append(self, entries: Sequence[tuple[int, str]]) -> None:
        """Keep entries with their numbers, all or none of them. When this returns, they survive.

        One that is there already with the same text is left: the caller was not answered, and says it again.
        Raises StoreAway when the store cannot be reached, or is full, at the moment, so that saying it again may help;
        NotLeading when another process has become the one that writes.
        """
        ...

    def save(self, parts: Iterable[str], upto: int) -> None:
        """Keep a snapshot in the place of the last one and of the entries up to number `upto`, or nothing of it.

        Entries may be appended meanwhile. May be called in another process than that which writes.
        """
        ...

    def close(self) -> None:
        """Let go of everything, also of being the one that writes."""
        ...
