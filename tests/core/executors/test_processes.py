"""The processes executor fulfils the contract of executors, however its processes are started."""

from __future__ import annotations

from typing import ClassVar

from luigi.executors import ExecutorSetup
from luigi.executors.config import processes
from luigi.executors.processes import ProcessExecutor
from luigi.interfaces import Executor
from luigi.testing.contracts.executors import ExecutorContract


class _ProcessContract(ExecutorContract):
    in_this_process = False
    start_method: ClassVar[str]

    def make_executor(self, setup: ExecutorSetup) -> Executor:
        return ProcessExecutor(setup, processes(start_method=self.start_method, kill_grace=1.0))


class TestForked(_ProcessContract):
    """Children are forked."""

    start_method = "fork"


class TestSpawned(_ProcessContract):
    """Children are begun anew."""

    start_method = "spawn"


class TestForkedByAServer(_ProcessContract):
    """Children are forked by a process that was begun anew."""

    start_method = "forkserver"
