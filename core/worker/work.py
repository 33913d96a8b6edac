"""What Luigi's worker is told when it asks for work, as the record that Luigi's programs know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class GetWorkResponse(NamedTuple):
    """The answer to one call for work. Ours are `luigi.interfaces.Reply`."""

    task_id: str | None
    """The task to run, if there is any."""
    running_tasks: Sequence[Mapping[str, Any]]
    """This worker's tasks that other workers run."""
    n_pending_tasks: int
    """Its tasks that are neither done nor given up."""
    n_unique_pending: int
    """Those that no other worker can run."""
    n_pending_last_scheduled: int
    """Those that it was the last to declare."""
    worker_state: str | None
    """`active` or `disabled`."""
