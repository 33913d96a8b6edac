"""One container as a job: made and started, looked at, and ended."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from luigi.contrib._docker import engine as engines
from luigi.contrib._docker.errors import EXTRA, WHO, DockerError, NameTaken, answering
from luigi.contrib._jobs.printed import Printed
from luigi.contrib._jobs.remote import JobState, RemoteJob
from luigi.extras import need

logger = logging.getLogger("luigi-interface")

GRACE: Final = 1
"""Seconds that a container has after SIGTERM."""
LAST_LINES: Final = 200
"""Lines of what it printed that go into the log or the error."""
LAST_BYTES: Final = 1 << 16
"""Bytes of them, where lines are long."""
TASK: Final = "luigi_task_id"
"""The label that says whose a container is."""


class Plan(NamedTuple):
    """What is to run."""

    image: str
    force_pull: bool
    options: Mapping[str, Any]
    """Arguments of `docker.APIClient.create_container`."""
    host_options: Mapping[str, Any]
    """Arguments of `docker.APIClient.create_host_config`."""
    auto_remove: bool


class Container(RemoteJob):
    """Runs what is planned; `clear()` removes what is left of it."""

    kind = "Docker container"

    def __init__(self, engine: Any, plan: Plan) -> None:
        self._engine = engine
        self._plan = plan
        self._id = ""

    def prepare(self) -> None:
        """Have the image, and the name free."""
        self._have_image()
        if self._plan.auto_remove and self._plan.options["name"]:
            self._make_room()

    def submit(self) -> str:
        with answering():
            host_config = self._engine.create_host_config(**self._plan.host_options)
            made = self._engine.create_container(self._plan.image, host_config=host_config, **self._plan.options)
        self._id = str(made["Id"])
        try:
            with answering():
                self._engine.start(self._id)
        except BaseException:  # also when the task is ended meanwhile: it may run all the same
            self.cancel(self._id)
            raise
        return self._id

    def look(self, job_id: str) -> JobState:
        errors = need("docker.errors", EXTRA, WHO)
        with answering():
            try:
                state = self._engine.inspect_container(job_id)["State"]
            except errors.NotFound:
                return JobState("removed", ended=True, message="somebody has removed it")
        ended = state["Status"] in ("exited", "dead", "removing")
        code = state["ExitCode"]
        return JobState(state["Status"], ended, ended and code == 0, message=_why(state) if ended and code else "")

    def cancel(self, job_id: str) -> None:
        errors = need("docker.errors", EXTRA, WHO)
        with answering():
            try:
                self._engine.stop(job_id, timeout=GRACE)
            except errors.NotFound:
                logger.debug("%s is gone already", self.called(job_id))

    def last_output(self, job_id: str) -> str:
        printed = Printed(LAST_BYTES)
        try:
            with answering():
                printed.add(self._engine.logs(job_id, tail=LAST_LINES))
        except DockerError as error:  # its log driver may keep nothing that can be read
            return f"[what it printed cannot be read: {error}]"
        return printed.text()

    def called(self, job_id: str) -> str:
        return f"{self.kind} {self._plan.options['name'] or job_id[:12]} of {self._plan.image}"

    def clear(self) -> None:
        """Remove the container, also one that runs, where that is planned."""
        if self._id and self._plan.auto_remove:
            self._remove(self._id)

    def _have_image(self) -> None:
        if self._plan.force_pull or not engines.is_here(self._engine, self._plan.image):
            logger.info("Pulling docker image %s", self._plan.image)
            engines.pull(self._engine, self._plan.image)

    def _make_room(self) -> None:
        """Remove what bears the name: it has ended, or is this task's, whose worker was killed."""
        name, errors = self._plan.options["name"], need("docker.errors", EXTRA, WHO)
        with answering():
            try:
                found = self._engine.inspect_container(name)
            except errors.NotFound:
                return
        ours = (found["Config"]["Labels"] or {}).get(TASK) == self._plan.options["labels"][TASK]
        if found["State"]["Running"] and not ours:
            raise NameTaken(name)
        self._remove(found["Id"])

    def _remove(self, container: str) -> None:
        errors = need("docker.errors", EXTRA, WHO)
        with answering():
            try:
                self._engine.remove_container(container, force=True, v=True)
            except errors.NotFound:
                logger.debug("container %s is gone already", container[:12])


def _why(state: Mapping[str, Any]) -> str:
    parts = [f"exit code {state['ExitCode']}"]
    if state.get("OOMKilled"):
        parts.append("it was killed for using more memory than it may")
    if state.get("Error"):
        parts.append(str(state["Error"]))
    return ", ".join(parts)
