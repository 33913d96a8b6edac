"""The executor over Dask does what every executor does: on a real cluster of two workers."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.executors import ExecutorSetup
from luigi.interfaces import Executor
from luigi.plugins.executors.dask import Settings, dask_executor
from luigi.testing.contracts.executors import ExecutorContract


@pytest.mark.service("dask")
class TestDaskExecutor(ExecutorContract):
    in_this_process = False

    @pytest.fixture(autouse=True)
    def cluster(self, dask_service: Any) -> None:
        self.address = dask_service.address

    def make_executor(self, setup: ExecutorSetup) -> Executor:
        return dask_executor(setup, Settings(self.address))
