"""The `[scheduler]` section of the configuration."""

from __future__ import annotations

from luigi.interfaces import RetryPolicy
from luigi.metrics import CollectorParameter, MetricsCollectors
from luigi.parameter import (
    BoolParameter,
    FloatParameter,
    IntParameter,
    OptionalFloatParameter,
    OptionalStrParameter,
    Parameter,
)
from luigi.task import Config


class scheduler(Config):
    """How the scheduler behaves. Options of later parts of it (mail, metrics, history) are read there."""

    retry_delay = FloatParameter(default=900.0, description="seconds after a failure until the task is tried again")
    retry_backoff_factor = FloatParameter(
        default=1.0, description="what the retry delay is multiplied by with every further failure"
    )
    retry_backoff_cap = OptionalFloatParameter(default=None, description="the longest retry delay the factor leads to")
    retry_backoff_jitter = FloatParameter(
        default=0.0, description="up to this fraction is added to a retry delay, another for each task and failure"
    )
    remove_delay = FloatParameter(default=600.0, description="seconds until a task nobody wants is forgotten")
    worker_disconnect_delay = FloatParameter(default=60.0, description="seconds of silence until a worker is lost")
    state_path = Parameter(default="/var/lib/luigi-server/state.pickle", description="where the server keeps its state")
    disable_window = IntParameter(default=3600, description="seconds within which failures are counted together")
    retry_count = IntParameter(default=999999999, description="failures within the window that disable a task")
    disable_hard_timeout = IntParameter(
        default=999999999, description="seconds after its first failure beyond which one more disables a task"
    )
    disable_persist = IntParameter(default=86400, description="seconds a task stays disabled")
    stable_done_cooldown_secs = IntParameter(
        default=10, description="seconds within which a task that is done is not declared undone again"
    )
    max_shown_tasks = IntParameter(default=100000, description="the most tasks a list shows")
    max_graph_nodes = IntParameter(default=100000, description="the most tasks a graph shows")
    prune_on_get_work = BoolParameter(default=False, description="let due retries start at every request for work")
    pause_enabled = BoolParameter(default=True, description="whether operators may pause")
    send_messages = BoolParameter(default=True, description="whether operators may send messages to running tasks")
    batch_emails = BoolParameter(default=False, description="whether failures are told together, not one by one")
    metrics_collector = CollectorParameter(
        default=MetricsCollectors.default, description="what hears of starts, ends and figures"
    )
    metrics_custom_import = OptionalStrParameter(default=None, description="the class of a custom metrics collector")
    record_task_history = BoolParameter(default=False, description="whether runs are kept in a database")

    def retry_policy(self) -> RetryPolicy:
        """What applies to tasks without a policy of their own."""
        return RetryPolicy(
            self.retry_count,
            self.disable_hard_timeout,
            self.disable_window,
            self.disable_persist,
            self.retry_delay,
            self.retry_backoff_factor,
            self.retry_backoff_cap,
            self.retry_backoff_jitter,
        )
