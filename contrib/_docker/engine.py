"""The connection to Docker's engine, and the images that it has."""

from __future__ import annotations

import os
from typing import Any, Final

from luigi.clock import SYSTEM, Clock
from luigi.contrib._docker.errors import EXTRA, WHO, DockerAway, DockerError, NoImage, answering
from luigi.extras import need

TIMEOUT: Final = 60
"""Seconds until an answer is given up."""
ATTEMPTS: Final = 3
PAUSE: Final = 0.5
"""Seconds until it is tried again to connect; twice as many the next time."""


def connected(docker_url: str | None, clock: Clock = SYSTEM) -> Any:
    """A `docker.APIClient` for the engine at that URL; without one, where DOCKER_HOST says, or on this machine.

    Raises MissingExtra, DockerAway and DockerError.
    """
    need("docker", EXTRA, WHO)
    for pause in (PAUSE * 2**attempt for attempt in range(ATTEMPTS - 1)):
        try:
            return _connected(docker_url)
        except DockerAway:
            clock.sleep(pause)
    return _connected(docker_url)


def _connected(docker_url: str | None) -> Any:
    docker = need("docker", EXTRA, WHO)
    given = {**os.environ, "DOCKER_HOST": docker_url} if docker_url else os.environ
    with answering():
        where = docker.utils.kwargs_from_env(environment=given)  # with DOCKER_TLS_VERIFY and DOCKER_CERT_PATH
        by_ssh = where.get("base_url", "").startswith("ssh://")  # by its program, which knows the user's hosts and keys
        return docker.APIClient(**where, version="auto", timeout=TIMEOUT, use_ssh_client=by_ssh)


def is_here(engine: Any, image: str) -> bool:
    """Whether the engine has the image."""
    errors = need("docker.errors", EXTRA, WHO)
    with answering():
        try:
            engine.inspect_image(image)
        except errors.NotFound:
            return False
    return True


def pull(engine: Any, image: str) -> None:
    """Have the engine fetch the image, by its registry's `docker login` where there is one. Raises NoImage."""
    name, tag = need("docker.utils", EXTRA, WHO).parse_repository_tag(image)
    try:
        with answering():
            for line in engine.pull(name, tag=tag or "latest", stream=True, decode=True):
                if "error" in line:  # an answer that has begun well has no other way to say so
                    raise NoImage(image, line["error"])
    except DockerAway:
        raise
    except DockerError as error:
        raise error if isinstance(error, NoImage) else NoImage(image, error) from error
