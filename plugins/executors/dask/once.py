"""On Dask's scheduler: a task of ours whose worker dies is not run again by Dask, but told of as lost.

Dask reruns what a dead worker had, `allowed-failures` times; the kernel's own policy says what is tried again, and
when. This module is sent to the scheduler by value: nothing of the kernel need be installed there.
"""

from __future__ import annotations

from typing import Any, Final

NAME: Final = "luigi-once"
PREFIX: Final = "luigi-job-"
"""What the keys of jobs begin with."""


def install(dask_scheduler: Any = None) -> None:
    """Have this scheduler count every job as one that has failed as often as it may."""
    from distributed.diagnostics.plugin import SchedulerPlugin

    class Once(SchedulerPlugin):
        """Told of all that is to be run, before any of it is."""

        def update_graph(self, scheduler: Any, *, tasks: Any, **more: Any) -> None:
            for key in tasks:
                if isinstance(key, str) and key.startswith(PREFIX):
                    scheduler.tasks[key].suspicious = scheduler.allowed_failures

    if NAME not in dask_scheduler.plugins:
        dask_scheduler.add_plugin(Once(), name=NAME)


def forget(topic: str, dask_scheduler: Any = None) -> None:
    """Forget what was told under this topic."""
    dask_scheduler._broker.truncate(topic)
