"""The contract of all executors, on a real Ray cluster."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.executors import ExecutorSetup
from luigi.interfaces import Executor
from luigi.plugins.executors.ray import Settings, ray_executor
from luigi.testing.contracts.executors import ExecutorContract


@pytest.mark.service("ray")
class TestRayExecutor(ExecutorContract):
    in_this_process = False
    cluster: Any

    @pytest.fixture(autouse=True)
    def _cluster(self, ray_service: Any) -> None:
        type(self).cluster = ray_service

    def make_executor(self, setup: ExecutorSetup) -> Executor:
        return ray_executor(setup, Settings(address=self.cluster.address))
