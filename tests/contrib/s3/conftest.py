"""Real object stores: SeaweedFS for all tests of S3, and Amazon's other services by moto."""

from __future__ import annotations

import itertools
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from luigi.clock import SYSTEM
from luigi.contrib.s3 import S3Client

KEYS = {"aws_access_key_id": "anybody", "aws_secret_access_key": "any-secret"}
BUCKET = "bucket"
ROOTS = itertools.count(1)
"""Each test has a directory of its own in the one bucket: in SeaweedFS a bucket takes megabytes."""


def free_ports(count: int) -> list[int]:
    with contextmanager_of_sockets(count) as found:
        return [one.getsockname()[1] for one in found]


@contextmanager
def contextmanager_of_sockets(count: int) -> Iterator[list[socket.socket]]:
    found = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        yield found
    finally:
        for one in found:
            one.close()
