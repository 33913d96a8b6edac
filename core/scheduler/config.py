"""The `[scheduler]` section of the configuration."""

from __future__ import annotations

from luigi.parameter import BoolParameter, FloatParameter, IntParameter, Parameter
from luigi.task import Config


class scheduler(Config):
    """How the scheduler behaves. Options of later parts of it (batches, pages, history) join as they are built."""

    retry_delay = FloatParameter(default=900.0, description="seconds after a failure until the task is tried again")
    remove_delay = FloatParameter(default=600.0, description="seconds until a task nobody wants is forgotten")
    worker_disconnect_delay = FloatParameter(default=60.0, description="seconds of silence until a worker is lost")
    state_path = Parameter(default="/var/lib/luigi-server/state.pickle", description="where the server keeps its state")
    disable_window = IntParameter(default=3600, description="seconds within which failures are counted together")
    retry_count = IntParameter(default=999999999, description="failures within the window that disable a task")
    disable_hard_timeout = IntParameter(
        default=999999999, description="seconds after its first failure beyond which one more disables a task"
    )
    disable_persist = IntParameter(default=86400, description="seconds a task stays disabled")
    prune_on_get_work = BoolParameter(default=False, description="let due retries start at every request for work")
    pause_enabled = BoolParameter(default=True, description="whether operators may pause")
    record_task_history = BoolParameter(default=False, description="whether runs are kept in a database")
