"""Jobs in cluster mode: spark-submit hands them over to a cluster, where they go on when it is ended."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, Protocol

from luigi.contrib._jobs.parting import part
from luigi.contrib._jobs.remote import JobFailed

logger = logging.getLogger("luigi-interface")

WAIT: Final = "spark.standalone.submit.waitAppCompletion"
"""Without it spark-submit leaves once a standalone master has taken a job."""


class Submitted(Protocol):
    """What is to be known of a task."""

    spark_submit: Any
    master: Any
    deploy_mode: Any

    def program_environment(self) -> Mapping[str, str]:
        """The environment of spark-submit."""


class Cluster(NamedTuple):
    """How a kind of cluster manager knows a job."""

    named: re.Pattern[str]
    """The line in which spark-submit says by what id."""
    kill: Callable[[Submitted, str], list[str]]
    """The command line that ends it."""


CLUSTERS: Final = (
    Cluster(
        re.compile(r"Submitted application (application_\d+_\d+)"),
        lambda task, job_id: ["yarn", "application", "-kill", job_id],
    ),
    # What `spark-submit --kill` would do goes to the master's REST server, which few have.
    Cluster(
        re.compile(r"Driver successfully submitted as (driver-\d+-\d+)"),
        lambda task, job_id: [
            *(task.spark_submit, "--master", "local", "--class", "org.apache.spark.deploy.Client"),
            *("spark-internal", "kill", task.master, job_id),
        ],
    ),
    Cluster(
        re.compile(r"Submission successfully created as (driver-\d+-\d+)"),
        lambda task, job_id: [task.spark_submit, "--master", task.master, "--kill", job_id],
    ),
    Cluster(
        re.compile(r"submission ID (\S+:\S+) into Kubernetes"),
        lambda task, job_id: [task.spark_submit, "--master", task.master, "--kill", job_id],
    ),
)
PLACED: Final = re.compile(r"Driver running on (.+)")
"""In what a standalone master says: the worker, where the driver's output is."""
FAILED: Final = re.compile(r"State of driver \S+ is (?!FINISHED)(\w+), exiting|\(phase: (Failed)\)")
"""What is said of a driver that failed by a spark-submit whose exit code is 0 all the same: standalone, Kubernetes."""


def is_in_cluster(task: Submitted) -> bool:
    """Whether its driver runs on the cluster, not as a child of spark-submit."""
    return (task.deploy_mode or "").lower() == "cluster"


class HandedOver:
    """What a cluster has taken of a task."""

    def __init__(self, task: Submitted) -> None:
        self._task = task
        self._job_id = self._place = self._failed = ""
        self._kill: list[str] = []

    def hear(self, stream: str, line: str) -> None:
        """Look through a line of spark-submit's."""
        for cluster in CLUSTERS:
            if found := cluster.named.search(line):
                self._job_id = found[1]
                self._kill = cluster.kill(self._task, found[1])
        if found := PLACED.search(line):
            self._place = found[1]
        if found := FAILED.search(line):
            self._failed = found[1] or found[2]

    def kill(self) -> None:
        """End it there."""
        if self._kill:
            logger.warning("Its task is given up: %s", " ".join(self._kill))
            part(self._kill, env=self._task.program_environment())

    def check(self) -> None:
        """Raises JobFailed when it did."""
        if self._failed:
            place = f"it ran on {self._place}" if self._place else ""
            hint = "what it printed stays where it ran: look there, or use the deploy mode client"
            raise JobFailed(f"Spark's {self._job_id}", self._failed, message=place, hint=hint)
