"""What Docker's client raises, in our words; `__cause__` is the client's error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from luigi.errors import KernelError
from luigi.extras import need

EXTRA = "docker"
WHO = "luigi.contrib.docker_runner"


class DockerError(KernelError):
    """The engine does not do as asked."""


class DockerAway(DockerError, ConnectionError):
    """The engine does not answer."""

    def __init__(self, said: object) -> None:
        super().__init__(f"Docker's engine does not answer: {said}")
        self.hint = "does it run, and may this user use it? docker_url, or DOCKER_HOST, says where it is"


class NoImage(DockerError):
    """The image is not here, and could not be had."""

    def __init__(self, image: str, said: object) -> None:
        super().__init__(f"the image {image} cannot be pulled: {said}")
        self.hint = f"see what `docker pull {image}` says; registries that are not public want a `docker login` before"


class NameTaken(DockerError):
    """A container that is none of this task's runs under the name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"a container {name} runs that this task has not started")
        self.hint = "give the task another name, or none; or remove that container"


@contextmanager
def answering() -> Iterator[None]:
    """Say in our words what the client raises. Raises DockerAway and DockerError."""
    docker = need("docker.errors", EXTRA, WHO)
    requests = need("requests.exceptions", EXTRA, WHO)
    try:
        yield
    except docker.APIError as error:
        raise DockerError(f"Docker's engine refuses: {error.explanation or error}") from error
    except (requests.ConnectionError, requests.Timeout) as error:
        raise DockerAway(error) from error
    except docker.DockerException as error:
        if isinstance(error.__cause__ or error.__context__, requests.RequestException):  # while it agreed on a version
            raise DockerAway(error) from error
        raise DockerError(f"Docker's client says: {error}") from error
