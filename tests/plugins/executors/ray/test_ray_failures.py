"""What goes wrong in a Ray cluster: machines and hosts that die, places that others want, no cluster at all."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.clock import SYSTEM
from luigi.defaults import luigi_is_complete, luigi_run_task
from luigi.executors import ExecutorSetup
from luigi.executors.hosting.executor import HostedExecutor
from luigi.interfaces import Job, Outcome
from luigi.plugins.executors.ray import Settings, look, ray_executor
from luigi.plugins.executors.ray.cluster import joined
from luigi.plugins.executors.ray.own_cluster import NoCluster
from luigi.scheduler import Scheduler
from luigi.task_status import DONE, FAILED, PENDING
from luigi.testing.processes import is_gone
from luigi.worker.context import Rules

pytestmark = pytest.mark.service("ray")


class KeepsBusyOnRay(luigi.Task):
    """Runs until a file is there."""

    folder = luigi.Parameter()
    name = luigi.Parameter()

    def run(self) -> None:
        place = Path(self.folder, self.name)
        with place.with_suffix(".begun").open("a") as begun:
            begun.write(f"{os.getpid()} {os.getppid()}\n")
        while not place.exists():
            SYSTEM.sleep(0.02)

    def complete(self) -> bool:
        return Path(self.folder, self.name).exists()


class PressesOnRay(KeepsBusyOnRay):
    """Asks for what one machine offers, and for something that the cluster knows nothing of."""

    resources = {"press": 1, "database": 1}


class PressesTooMuchOnRay(KeepsBusyOnRay):
    """Asks for more than any machine offers."""

    resources = {"press": 2}


class ShakesOnRay(KeepsBusyOnRay):
    """Asks for what a machine offers that does not stay."""

    resources = {"shaky": 1}


class WaitsOnRay(KeepsBusyOnRay):
    """Is suspended, at the machine that does not stay."""

    resources = {"shaky": 1}

    def run(self) -> Any:
        with Path(self.folder, "entered").open("a") as entered:
            entered.write(f"{os.getppid()}\n")
        yield KeepsBusyOnRay(self.folder, "wanted")
        Path(self.folder, self.name).touch()


@pytest.fixture
def start(ray_service: Any) -> Iterator[Callable[..., HostedExecutor]]:
    started: list[Any] = []

    def start(workers: int = 4, **options: Any) -> HostedExecutor:
        setup = ExecutorSetup(Rules("w"), luigi_is_complete, luigi_run_task, Scheduler(), workers)
        started.append(ray_executor(setup, Settings(**{"address": ray_service.address, **options})))
        return started[-1]  # type: ignore[no-any-return]

    yield start
    for executor in started:
        executor.close()


def outcomes_of(executor: HostedExecutor, count: int) -> dict[int, Outcome]:
    """The next outcomes, by token."""
    found: dict[int, Outcome] = {}
    until = SYSTEM.monotonic() + 60
    while len(found) < count and SYSTEM.monotonic() < until:
        found.update((outcome.token, outcome) for outcome in executor.poll(1))
    assert len(found) == count
    return found


def begun(executor: HostedExecutor, folder: Path, names: Sequence[str]) -> list[tuple[int, int]]:
    """Processes of tasks once these run, with those of their hosts."""
    files = [folder / f"{name}.begun" for name in names]
    for _ in range(1200):
        if all(file.exists() and file.read_text().endswith("\n") for file in files):
            return [tuple(map(int, file.read_text().split()[-2:])) for file in files]  # type: ignore[misc]
        executor.poll(0.05)
    pytest.fail(f"not all of {names} have begun")


def test_a_killed_machine_is_a_failed_attempt_of_what_it_ran_and_nothing_runs_twice(
    start: Callable[..., HostedExecutor], ray_service: Any, tmp_path: Path
) -> None:
    folder = str(tmp_path)
    shaky = ray_service.join("shaky", '{"shaky": 2}')
    try:
        executor = start()
        for token, name in enumerate(("x", "y")):
            executor.submit(Job(ShakesOnRay(folder, name), token))
        there = begun(executor, tmp_path, ["x", "y"])  # and has no room for the others
        for token, name in enumerate(("a", "b"), 2):
            executor.submit(Job(KeepsBusyOnRay(folder, name), token))
        begun(executor, tmp_path, ["a", "b"])
    finally:
        shaky.kill()
    lost = outcomes_of(executor, 2)
    assert sorted(lost) == [0, 1]
    for outcome in lost.values():
        assert (outcome.status, outcome.retriable) == (FAILED, True)
        assert "was lost: process " in (outcome.explanation or "")
        assert "on node shaky (127.0.0.1) is gone" in (outcome.explanation or "")
    assert all(is_gone(process, 10) for pair in there for process in pair)
    for name in ("a", "b"):
        (tmp_path / name).touch()
    assert {outcome.status for outcome in outcomes_of(executor, 2).values()} == {DONE}
    for name in ("a", "b", "x", "y"):
        assert len((tmp_path / f"{name}.begun").read_text().splitlines()) == 1, "Ray ran nothing again"


def test_a_run_suspended_at_a_host_that_dies_begins_from_the_top(
    start: Callable[..., HostedExecutor], ray_service: Any, tmp_path: Path
) -> None:
    shaky = ray_service.join("shaky-too", '{"shaky": 2}')
    try:
        executor = start()
        task = WaitsOnRay(str(tmp_path), "it")
        executor.submit(Job(task, 1))
        (outcome,) = outcomes_of(executor, 1).values()
        assert outcome.status == PENDING
        os.kill(int((tmp_path / "entered").read_text()), signal.SIGKILL)
        (tmp_path / "wanted").touch()
        SYSTEM.sleep(1.0)  # for Ray to have noticed; one that has not loses this attempt
        executor.submit(Job(task, 2))
        (outcome,) = outcomes_of(executor, 1).values()
        if outcome.status == FAILED:
            assert "was lost" in (outcome.explanation or "")
            executor.submit(Job(task, 3))
            (outcome,) = outcomes_of(executor, 1).values()
        assert outcome.status == DONE
        assert len((tmp_path / "entered").read_text().splitlines()) == 2
    finally:
        shaky.kill()


def test_a_killed_host_takes_its_task_with_it(start: Callable[..., HostedExecutor], tmp_path: Path) -> None:
    executor = start()
    executor.submit(Job(KeepsBusyOnRay(str(tmp_path), "a"), 1))
    ((process, host),) = begun(executor, tmp_path, ["a"])
    os.kill(host, signal.SIGKILL)
    (outcome,) = outcomes_of(executor, 1).values()
    assert (outcome.status, outcome.retriable) == (FAILED, True)
    assert f"was lost: process {host} on node " in (outcome.explanation or "")
    assert is_gone(process, 10)
    (tmp_path / "b").touch()
    executor.submit(Job(KeepsBusyOnRay(str(tmp_path), "b"), 2))
    assert outcomes_of(executor, 1)[2].status == DONE


def test_what_the_cluster_offers_is_asked_of_it(
    start: Callable[..., HostedExecutor], ray_service: Any, tmp_path: Path
) -> None:
    executor = start()
    folder = str(tmp_path)
    for token, name in enumerate(["a", "b"]):
        executor.submit(Job(PressesOnRay(folder, name), token))
    begun(executor, tmp_path, ["a"])
    assert list(executor.poll(1.0)) == []
    assert not (tmp_path / "b.begun").exists(), "there is one press"
    for token, name in enumerate(["a", "b"]):
        begun(executor, tmp_path, [name])
        (tmp_path / name).touch()
        assert outcomes_of(executor, 1)[token].status == DONE
    executor.submit(Job(PressesTooMuchOnRay(folder, "c"), 3))
    (outcome,) = outcomes_of(executor, 1).values()
    assert (outcome.status, outcome.retriable) == (FAILED, False)
    assert "no machine of the cluster has what it takes: 1 CPU, 2 press" in (outcome.explanation or "")


def test_a_job_that_waits_for_a_place_can_be_cancelled(start: Callable[..., HostedExecutor], tmp_path: Path) -> None:
    executor = start()
    tasks = [PressesOnRay(str(tmp_path), name) for name in ("a", "b")]
    for token, task in enumerate(tasks):
        executor.submit(Job(task, token))
    begun(executor, tmp_path, ["a"])
    assert executor.cancel(tasks[1].task_id)
    (outcome,) = outcomes_of(executor, 1).values()
    assert (outcome.token, outcome.status) == (1, FAILED)
    assert "was cancelled" in (outcome.explanation or "")
    assert executor.cancel(tasks[0].task_id)
    (outcome,) = outcomes_of(executor, 1).values()
    assert (outcome.token, outcome.status) == (0, FAILED)


def test_idle_places_are_given_back_to_others(
    start: Callable[..., HostedExecutor], ray_service: Any, tmp_path: Path
) -> None:
    executor = start(idle_time=0.5)
    (tmp_path / "a").touch()
    executor.submit(Job(KeepsBusyOnRay(str(tmp_path), "a"), 1))
    outcomes_of(executor, 1)
    with joined(ray_service.address, 0) as cluster:
        for _ in range(600):
            if cluster.ray.available_resources().get("CPU") == cluster.ray.cluster_resources()["CPU"]:
                return
            SYSTEM.sleep(0.05)
    pytest.fail("the place is still held")


def test_a_machine_with_another_kernel_says_so(ray_service: Any) -> None:
    from luigi.plugins.executors.ray.engine import RayEngine

    setup = ExecutorSetup(Rules("w"), luigi_is_complete, luigi_run_task, Scheduler(), 1)

    def engine(luggage: bytes, post: Any) -> RayEngine:
        made = RayEngine(Settings(address=ray_service.address), 1, luggage, post)
        versions, inside = pickle.loads(luggage)
        made._luggage = made._cluster.ray.put(pickle.dumps(({**versions, "luigi-kernel": "0.0"}, inside)))
        return made

    executor = HostedExecutor(setup, engine)
    try:
        executor.submit(Job(KeepsBusyOnRay("/nowhere", "a"), 1))
        (outcome,) = outcomes_of(executor, 1).values()
    finally:
        executor.close()
    assert (outcome.status, outcome.retriable) == (FAILED, False)
    assert "the run was started with luigi-kernel 0.0" in (outcome.explanation or "")


def test_no_cluster_is_said_in_a_sentence(ray_service: Any) -> None:
    with pytest.raises(NoCluster, match="there is no Ray cluster at 127.0.0.1:1: ") as raised:
        look(Settings(address="127.0.0.1:1"))
    assert "[ray] address" in raised.value.hint
    assert look(Settings(address=ray_service.address)).endswith(" has 2 nodes")
    assert "is installed" in look(Settings())
