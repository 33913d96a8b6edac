"""The `[core]` section of the configuration: what a run is started with."""

from __future__ import annotations

import os

from luigi import parameter
from luigi.task import Config


def _temporary_folder() -> str:
    """Where this machine keeps temporary files: the places `tempfile` tries, in its order.

    Asking `tempfile` itself costs a fifth of a run's start, for it writes a file to be sure.
    """
    places = [os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP")]
    for place in [*places, "/tmp", "/var/tmp", "/usr/tmp"]:
        if place and os.path.isdir(place) and os.access(place, os.W_OK | os.X_OK):
            return os.path.abspath(place)
    return os.getcwd()


class _Workers(parameter.IntParameter):
    """A number, or `auto`: as many as this process may use processors."""

    def parse(self, x: object) -> int:
        return self.normalize(x) if x == "auto" else super().parse(x)

    def normalize(self, x: object) -> int:
        if x == "auto":
            from luigi.processors import available

            return available()
        return super().normalize(x)  # type: ignore[arg-type]  # what is no number is found out when it is used

    def describe(self) -> str:
        return "an integer, or auto"


LOG_LEVELS = ["NOTSET", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]


class core(Config):
    """What a run is started with. The only section whose flags carry no prefix: `--workers 3`."""

    use_cmdline_section = False
    ignore_unconsumed = {"autoload_range", "no_configure_logging"}
    """Options of the section that are read elsewhere."""

    local_scheduler = parameter.BoolParameter(
        default=False, always_in_help=True, description="run with a scheduler of its own, without a server"
    )
    scheduler_host = parameter.Parameter(
        default="localhost",
        config_path={"section": "core", "name": "default-scheduler-host"},
        description="the machine the scheduler's server runs on",
    )
    scheduler_port = parameter.IntParameter(
        default=8082,
        config_path={"section": "core", "name": "default-scheduler-port"},
        description="the port of the scheduler's server",
    )
    scheduler_url = parameter.Parameter(
        default="",
        config_path={"section": "core", "name": "default-scheduler-url"},
        description="the whole address of the scheduler's server, in place of host and port",
    )
    lock_size = parameter.IntParameter(default=1, description="how many runs of one command line may go on at a time")
    no_lock = parameter.BoolParameter(default=False, description="let the same command line run several times at once")
    lock_pid_dir = parameter.Parameter(
        default=os.path.join(_temporary_folder(), "luigi"), description="the folder that holds the locks"
    )
    take_lock = parameter.BoolParameter(
        default=False, description="end the run of this command line that holds the lock, and take its place"
    )
    workers = _Workers(default=1, description="how many tasks run at a time; auto: one a processor")
    executor = parameter.Parameter(
        default="", description="what runs the tasks: inline, processes, or one that a plugin offers"
    )
    logging_conf_file = parameter.Parameter(default="", description="a configuration file for logging")
    log_level = parameter.ChoiceParameter(
        default="DEBUG", choices=LOG_LEVELS, description="what is logged, when there is no logging_conf_file"
    )
    log_format = parameter.ChoiceParameter(
        default="text", choices=["text", "json"], description="json: each record is a JSON object in a line of its own"
    )
    module = parameter.Parameter(default="", always_in_help=True, description="the module that defines the task")
    parallel_scheduling = parameter.BoolParameter(
        default=False, description="check several tasks at a time while the graph is walked"
    )
    parallel_scheduling_processes = parameter.IntParameter(
        default=0, description="how many checks at a time; 0 for one a processor"
    )
    assistant = parameter.BoolParameter(default=False, description="run tasks of other workers too")
    help = parameter.BoolParameter(default=False, always_in_help=True, description="show the most important flags")
    help_all = parameter.BoolParameter(default=False, always_in_help=True, description="show every flag")
