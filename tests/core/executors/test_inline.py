"""The inline executor fulfils the contract of executors."""

from __future__ import annotations

from typing import Any

from luigi.executors import ExecutorSetup
from luigi.executors.inline import inline_executor
from luigi.interfaces import Executor, Job
from luigi.testing.contracts.executor_tasks import Yields
from luigi.testing.contracts.executors import ExecutorContract


class TestInlineExecutor(ExecutorContract):
    """The kernel's own executor."""

    def make_executor(self, setup: ExecutorSetup) -> Executor:
        return inline_executor(setup)

    def test_it_has_no_room_until_polled(self, start: Any, scheduler: Any, folder: str) -> None:
        executor = start()
        executor.submit(Job(Yields(folder), 1))
        assert executor.capacity == 0
        executor.poll()
        assert executor.capacity == 1
