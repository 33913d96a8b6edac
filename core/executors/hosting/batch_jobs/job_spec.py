"""What one job of a batch system is to run: a task, in a file of JSON that its user alone may read."""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from luigi.errors import KernelError
from luigi.executors.hosting.batch_jobs.private_files import read_private
from luigi.executors.hosting.engine import Parcel

FORMAT: Final = 1
NAME: Final = "job.json"
STDOUT: Final = "-"


class NoJobSpec(KernelError):
    """A file specifies no job, or one for another version of the kernel."""

    def __init__(self, path: str, why: object) -> None:
        super().__init__(f"{path} specifies no job that can be run here: {why}")
        self.hint = "executors for batch systems write such files; the same version of the kernel has to run them"


class JobSpec(NamedTuple):
    """What `kernel execute-task` does. Paths are from the folder of its file, where messages to its task go too."""

    parcel: Parcel
    luggage: str
    """The file with what every host needs."""
    news: str
    """The file that news go to; STDOUT for among what the task prints."""
    key: bytes = b""
    """Signs news that go where others may write too; empty where they cannot."""


def packed(spec: JobSpec) -> bytes:
    """The specification as its file has it."""
    parcel = spec.parcel
    task = {**parcel._asdict(), "needs": dict(parcel.needs), "content": _text(parcel.content)}
    places = {"luggage": spec.luggage, "news": spec.news, "key": _text(spec.key)}
    return json.dumps({"format": FORMAT, **places, "task": task}).encode()


def read(path: str) -> JobSpec:
    """What is in a file. Raises NoJobSpec, NotPrivate, OSError."""
    try:
        found = json.loads(read_private(path))
        if found["format"] != FORMAT:
            raise NoJobSpec(path, f"it has format {found['format']}, this is of {FORMAT}")
        return _made(found, os.path.dirname(os.path.abspath(path)))
    except (ValueError, KeyError, TypeError) as error:
        raise NoJobSpec(path, repr(error)) from error


def _made(found: Mapping[str, Any], folder: str) -> JobSpec:
    parcel = Parcel(**{**found["task"], "content": b64decode(found["task"]["content"])})
    news = found["news"]
    place = news if news == STDOUT else os.path.join(folder, news)
    return JobSpec(parcel, os.path.join(folder, found["luggage"]), place, b64decode(found["key"]))


def _text(content: bytes) -> str:
    return b64encode(content).decode()
