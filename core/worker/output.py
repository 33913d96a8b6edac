"""Who is handed what a worker's tasks print: a scheduler's server, this machine's own folder, or nobody."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from luigi.clock import Clock
    from luigi.output.kept.keeping import Keeping
    from luigi.output.sending import Sending
    from luigi.worker.config import worker as worker_config
    from luigi.worker.line import ToScheduler


def output_for(
    config: worker_config, worker_id: str, line: ToScheduler, scheduler: Any, clock: Clock
) -> Sending | Keeping | None:
    """What takes it; None where nobody wants it, or nobody can. A server that takes it is the only one that does."""
    if sys.platform == "win32":
        return None
    if getattr(scheduler, "takes_output", False):
        return _sending(worker_id, line, scheduler) if config.send_output else None
    return _keeping(config, worker_id, clock) if config.keep_output else None


def _sending(worker_id: str, line: ToScheduler, scheduler: Any) -> Sending:
    from luigi.output.sending import Sending

    return Sending(scheduler, worker_id, lambda: line.is_away)


def _keeping(config: worker_config, worker_id: str, clock: Clock) -> Keeping:
    from luigi.output.kept import of_runs
    from luigi.output.kept.keeping import Keeping

    return Keeping(of_runs.folder(config), worker_id, of_runs.limits(config), clock)
