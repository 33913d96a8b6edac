"""What an executor elsewhere is made of: jobs on their way to other machines, what is heard of them, who carries both.

`HostedExecutor` is the one executor for all engines; an `Engine` only carries: parcels there, news back. On the machine
there a `Host` opens the parcels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from luigi.interfaces import Answer, Message, Progress


class Parcel(NamedTuple):
    """One job on its way."""

    task_id: str
    token: int
    """Of the assignment: names the job in all that is said of it."""
    family: str
    timeout: float
    """Seconds that it may run there; 0 for as long as it takes. The host keeps it, not the engine."""
    accepts_messages: bool
    needs: Mapping[str, int]
    """What the task says in `resources`: an engine asks its cluster for those that this offers."""
    content: bytes
    """The task, as `travel` packs it."""
    resumes: bool
    """It goes on with a run suspended by an earlier job: at the host that has it, from the top where that is gone."""


# --- news ----------------------------------------------------------------------------------------------------------


class Said(NamedTuple):
    """A running task says something to the scheduler."""

    token: int
    said: Progress | Answer


class Printed(NamedTuple):
    """A running task has printed something. `at`: seconds since the epoch; `stream`: one of `output.sink.STREAMS`."""

    token: int
    at: float
    stream: str
    text: str


class Ended(NamedTuple):
    """A job has ended, or waits. Fields as in `interfaces.Outcome` where they are there."""

    token: int
    status: str
    explanation: str | None = None
    missing: Sequence[str] = ()
    seconds: float = 0.0
    retriable: bool = True
    wanted: bytes | None = None
    """The new requirements, packed by `executors.parcels` and read only at home; None when there are none."""
    event: str | None = None
    """The event that this is for the task, and which is not told of there: a timeout, a process that died."""


class NotThere(NamedTuple):
    """The module of a task cannot be imported there, or is another one: the task is to be sent by value."""

    token: int
    module: str
    why: str
    """The rest of a sentence about the module."""


class Lost(NamedTuple):
    """What ran the job is gone: the end of this attempt."""

    token: int
    why: str
    """The second half of a sentence about the task, naming what is gone: `was lost: node tcp://… is gone`."""


News = Said | Printed | Ended | NotThere | Lost
"""What is heard of jobs. `Ended`, `NotThere` and `Lost` are the last of one; of each job comes exactly one of these."""

Post = Callable[[News], None]
"""Who is told. Any thread may call it; it never waits."""


class Engine(Protocol):
    """Carries parcels to where they are run. Made with the luggage that every host needs, and with who hears news.

    `close` and the four verbs may be called by different threads.
    """

    @property
    def places(self) -> int:
        """How many jobs the cluster runs at a time, as it is now; 0 while it has no machine."""
        ...

    def start(self, parcel: Parcel) -> None:
        """Have a job run. Does not wait for it to begin. Raises KernelError when the cluster cannot be reached."""
        ...

    def cancel(self, token: int) -> None:
        """End a job with all it has started, whether it runs or waits for a place. It comes back as ended or lost."""
        ...

    def send(self, token: int, message: Message) -> bool:
        """Give a running task a message. False when it does not run (yet, or any more)."""
        ...

    def drop(self, task_id: str) -> None:
        """Give up a suspended run; returns when its `finally` blocks have run, or after some seconds."""
        ...

    def close(self) -> None:
        """End what runs and what is suspended there, and let go of the cluster; one started for this is ended."""
        ...


MakeEngine = Callable[[bytes, Post], Engine]
"""Makes an engine of the luggage for its hosts and of who hears the news."""
