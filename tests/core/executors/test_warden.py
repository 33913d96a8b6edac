"""The warden kills the groups it knows when the pipe to it ends, and none that it was told to forget."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from luigi.executors.forking import Unshared
from luigi.executors.warden import Warden

from .conftest import eventually, is_there


@pytest.fixture
def groups() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Five process groups of one `sleep` each."""
    sleeps = [subprocess.Popen(["sleep", "60"], start_new_session=True) for _ in range(5)]
    yield sleeps
    for sleep in sleeps:
        sleep.kill()
        sleep.wait()


def test_it_kills_what_it_has_not_forgotten(groups: list[Any]) -> None:
    warden = Warden()
    for group in groups:
        warden.watch(group.pid)
    for group in (groups[0], groups[2], groups[4]):
        warden.forget(group.pid)
    warden.close()
    assert eventually(lambda: [group.poll() for group in groups] == [None, -9, None, -9, None])
    warden.close()


def test_a_group_that_was_never_known_or_is_gone_does_not_trouble_it(groups: list[Any]) -> None:
    warden = Warden()
    warden.watch(2**22 + 1)
    warden.watch(groups[0].pid)
    warden.forget(12345678)
    warden.close()
    assert eventually(lambda: groups[0].poll() == -9)


def test_forks_of_anybody_do_not_keep_its_pipe(groups: list[Any]) -> None:
    warden = Warden()
    warden.watch(groups[0].pid)
    if not (fork := os.fork()):
        try:
            assert not Unshared._fds
            os.execvp("sleep", ["sleep", "30"])
        finally:
            os._exit(1)
    warden.close()
    assert eventually(lambda: groups[0].poll() == -9)
    os.kill(fork, 9)
    os.waitpid(fork, 0)


def test_one_that_was_killed_is_missed(groups: list[Any], caplog: pytest.LogCaptureFixture) -> None:
    warden = Warden()
    warden.watch(groups[0].pid)
    pid = warden._pid
    os.kill(pid, 9)
    assert eventually(lambda: not is_there(pid))
    warden.forget(groups[0].pid)
    assert "The warden of this worker's processes was killed" in caplog.text
    warden.watch(groups[1].pid)
    warden.close()
    assert groups[0].poll() is None
