"""The `[processes]` section of the configuration."""

from __future__ import annotations

from luigi.parameter import ChoiceParameter, FloatParameter, IntParameter
from luigi.task import Config


class processes(Config):
    """How tasks are run in child processes."""

    start_method = ChoiceParameter(
        default="",
        choices=["", "fork", "forkserver", "spawn"],
        description="how a child process is started; empty for fork on Linux and the platform's own way elsewhere",
    )
    kill_grace = FloatParameter(
        default=5.0, description="seconds between asking a process group to end (SIGTERM) and ending it (SIGKILL)"
    )
    recycle_after_tasks = IntParameter(
        default=1000, description="a process that has run so many tasks is replaced by a new one; 0 for never"
    )
    recycle_above_mb = FloatParameter(
        default=0.0, description="a process that holds more megabytes of memory is replaced by a new one; 0 for never"
    )
