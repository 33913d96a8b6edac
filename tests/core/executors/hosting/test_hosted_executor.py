"""The executor of other machines, with hosts in this process: the contract of all executors."""

from __future__ import annotations

from contextlib import closing

from luigi.defaults import luigi_is_complete, luigi_run_task
from luigi.executors import ExecutorSetup
from luigi.executors.hosting.executor import HostedExecutor, ahead_of, places_here
from luigi.interfaces import Executor
from luigi.processors import available
from luigi.scheduler import Scheduler
from luigi.testing.contracts.executors import ExecutorContract
from luigi.testing.hosting import EngineHere
from luigi.worker.context import Rules


class TestHostedExecutor(ExecutorContract):
    in_this_process = False

    def make_executor(self, setup: ExecutorSetup) -> Executor:
        return HostedExecutor(setup, EngineHere)


def test_one_worker_leaves_it_to_the_cluster_how_many_run() -> None:
    setup = ExecutorSetup(Rules("me"), luigi_is_complete, luigi_run_task, Scheduler(), 1)
    with closing(HostedExecutor(setup, EngineHere)) as executor:
        assert executor.capacity == 4 + ahead_of(4)
        executor.resize(1)
        assert executor.capacity == 1, "an operator means it"


def test_a_cluster_begun_here_has_as_many_places_as_are_wanted() -> None:
    assert places_here(5) == 5
    assert places_here(1) == available()
