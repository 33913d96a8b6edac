"""The `[worker]` section of the configuration."""

from __future__ import annotations

import datetime

from luigi.parameter import (
    BoolParameter,
    FloatParameter,
    IntParameter,
    OptionalParameter,
    Parameter,
    TimeDeltaParameter,
)
from luigi.task import Config


def _core(name: str) -> dict[str, str]:
    """The option's older place: section [core]."""
    return {"section": "core", "name": name}


class worker(Config):
    """How a worker behaves."""

    id = Parameter(default="", description="the worker's id, in place of one made of host, user and process")
    ping_interval = FloatParameter(
        default=1.0, config_path=_core("worker-ping-interval"), description="seconds between signs of life"
    )
    keep_alive = BoolParameter(
        default=False, config_path=_core("worker-keep-alive"), description="stay while tasks of this worker are pending"
    )
    count_uniques = BoolParameter(
        default=False,
        config_path=_core("worker-count-uniques"),
        description="stay only for tasks no other worker can run",
    )
    count_last_scheduled = BoolParameter(
        default=False, description="stay only for tasks this worker was the last to declare"
    )
    wait_interval = FloatParameter(
        default=1.0,
        config_path=_core("worker-wait-interval"),
        description="seconds until the scheduler is asked again when it had nothing",
    )
    wait_jitter = FloatParameter(default=5.0, description="up to so many seconds more, by chance")
    max_keep_alive_idle_duration = TimeDeltaParameter(
        default=datetime.timedelta(0), description="how long to stay without work; 0 for as long as it takes"
    )
    max_reschedules = IntParameter(
        default=1,
        config_path=_core("worker-max-reschedules"),
        description="how often a task found undone is scheduled again",
    )
    timeout = IntParameter(
        default=0, config_path=_core("worker-timeout"), description="seconds a task may run; 0 for any"
    )
    task_limit = IntParameter(
        default=None, config_path=_core("worker-task-limit"), description="how many tasks one run may schedule"
    )
    outage_patience = FloatParameter(
        default=3600.0, description="seconds that a scheduler which has answered before may be away"
    )
    send_output = BoolParameter(default=True, description="send what tasks print to a scheduler's server that keeps it")
    keep_output = BoolParameter(
        default=False, description="keep what tasks print on this machine, where no server does: see kernel logs"
    )
    output_dir = Parameter(default="", description="the folder for that; $XDG_STATE_HOME/luigi/run-logs unless given")
    output_bytes = IntParameter(default=4 * 1024**2, description="bytes kept of one attempt")
    output_keep_hours = FloatParameter(default=168.0, description="hours that they are kept")
    output_total_bytes = IntParameter(default=1024**3, description="bytes kept in all: the oldest goes first")
    retry_external_tasks = BoolParameter(
        default=False, config_path=_core("retry-external-tasks"), description="check missing external tasks again"
    )
    send_failure_email = BoolParameter(default=True, description="whether the worker itself sends mail on failures")
    no_install_shutdown_handler = BoolParameter(default=False, description="leave SIGUSR1 alone")
    check_unfulfilled_deps = BoolParameter(
        default=True, description="check a task's requirements once more before it runs"
    )
    check_complete_on_run = BoolParameter(default=False, description="fail a task that ran and is not complete")
    fail_fast = BoolParameter(
        default=False, description="begin nothing more once a task has failed; what runs is finished"
    )
    force_multiprocessing = BoolParameter(default=False, description="use processes with one worker too")
    executor = Parameter(
        default="",
        description="what runs the tasks, where [core] executor and --executor name nothing: processes, dask, …",
    )
    task_process_context = OptionalParameter(
        default=None, description="class of a context manager around each task's run"
    )
    deadline = TimeDeltaParameter(
        default=datetime.timedelta(0), description="within which a run's own tasks are to be done, or people are told"
    )
    cache_task_completion = BoolParameter(default=False, description="believe a task found complete for good")
