"""Where a job says how its task goes: a file in a shared folder, or signed lines among what the task prints."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable
from typing import Final

from luigi.executors.hosting.batch_jobs.job_spec import STDOUT, JobSpec
from luigi.executors.hosting.batch_jobs.private_files import OURS

Tell = Callable[[bytes], None]
"""Takes a line, with its end."""
MARK: Final = b"[luigi-kernel "
"""What a signed line begins with; its signature and `] ` follow."""


def telling(spec: JobSpec) -> Tell:
    """Where the job's news go."""
    return among_output(spec.key) if spec.news == STDOUT else into_file(spec.news)


def into_file(path: str) -> Tell:
    """Lines go to the end of a file, and are on its disk, or its server, before the task goes on."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, OURS)

    def tell(line: bytes) -> None:
        os.write(fd, line)
        os.fsync(fd)

    return tell


def among_output(key: bytes) -> Tell:
    """Lines go to this process's standard output, signed: who reads them can tell them from what the task prints."""
    fd = os.dup(1)  # whatever the task makes of its own

    def tell(line: bytes) -> None:
        os.write(fd, signed(line, key))

    return tell


def signed(line: bytes, key: bytes) -> bytes:
    """The line as it stands among others."""
    return MARK + _signature(line, key) + b"] " + line


def parted(text: bytes, key: bytes) -> tuple[bytes, bytes | None]:
    """A printed line, with its end, as what was printed and the line of news that ends it, if it has one."""
    at = text.find(MARK)
    while at >= 0:
        signature, _, line = text[at + len(MARK) :].partition(b"] ")
        if hmac.compare_digest(signature, _signature(line, key)):
            return text[:at], line
        at = text.find(MARK, at + 1)  # the task has printed that, or the line quotes it
    return text, None


def _signature(line: bytes, key: bytes) -> bytes:
    return hmac.new(key, line, hashlib.sha256).hexdigest().encode()
