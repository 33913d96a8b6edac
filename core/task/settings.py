"""What a task may set on its class, as a value or a property: priority, resources, retries and the like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

NOT_SPECIFIED = "__not_user_specified"


class TaskSettings:
    """The settings and their defaults.

    Apart from `Task`: there, where the metaclass makes constructors, a type checker takes an annotation for a
    parameter.
    """

    priority: Any = 0
    """Tasks with a higher priority run first, among those whose requirements are met. Any number."""

    disabled: Any = False
    """Whether the task is taken out of every run."""

    freshness: Any = "exists"
    """When the task is done again although it is complete: policies by name, as `"inputs"`, `["inputs", "code"]`."""

    resources: Any = {}
    """How much of each named resource the task holds while it runs: name → amount."""

    worker_timeout: Any = None
    """Seconds after which the running task is killed; None for `[worker] timeout`, 0 for never."""

    worker_queue: Any = ""
    """Which workers of pools run the task: those that serve this queue (`kernel worker --queue`); empty for those that
    serve none. A worker that declared the task itself runs it whatever its queue."""

    worker_labels: Any = ()
    """What a pool's worker must have for the task: all of these texts (`kernel worker --label`)."""

    deadline: Any = None
    """Seconds, or a timedelta, from when the task became known to the scheduler: people are told when it is not done by
    then. It goes on. A parameter of this name means nothing of the kind."""

    max_batch_size: Any = float("inf")
    """How many tasks at most are run as one batch."""

    task_namespace: Any = NOT_SPECIFIED
    """The namespace of this class and those below it; left alone, the one set by `luigi.namespace()`."""

    owner_email: Any = None
    """Who hears of failures besides the configured receiver: an address, or a list of them."""

    use_cmdline_section: Any = True
    """Whether command-line flags for this class carry its family: `--Family-param`."""

    accepts_messages: Any = False
    """Whether a running task takes messages from the scheduler, in `scheduler_messages`."""

    retry_policy: Any = None
    """When the failed task is tried again and when it is disabled: a `luigi.RetryPolicy`; None for the scheduler's.

    The three settings below go before it where they are set.
    """

    retry_on: Any = None
    """The exception class, or a tuple of them, that a failure may be retried after; None for any.

    When `run()` raises another one the task is disabled at once.
    """

    retry_count: Any = None
    """How many failures within `disable_window` disable the task; None for the scheduler's setting."""

    disable_hard_timeout: Any = None
    """Seconds after its first failure beyond which one more disables the task; None for the setting."""

    disable_window_seconds: Any = None
    """The older name of `disable_window`."""

    if TYPE_CHECKING:
        disable_window: Any = None
    else:

        @property
        def disable_window(self) -> Any:
            """Seconds within which failures are counted together; None for the scheduler's setting."""
            return self.disable_window_seconds
