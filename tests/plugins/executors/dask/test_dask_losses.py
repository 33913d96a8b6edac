"""What goes wrong in a Dask cluster: workers that die, programs that do, machines that lack something."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.clock import SYSTEM
from luigi.defaults import luigi_is_complete, luigi_run_task
from luigi.executors import ExecutorSetup
from luigi.executors.hosting.executor import HostedExecutor
from luigi.interfaces import Job, Outcome
from luigi.plugins.executors.dask import Settings, check, dask_executor, site
from luigi.plugins.executors.dask.cluster import NoCluster
from luigi.scheduler import Scheduler
from luigi.task_status import DONE, FAILED, PENDING
from luigi.testing.processes import is_gone
from luigi.worker.context import Rules

pytestmark = pytest.mark.service("dask")


class KeepsBusyOnDask(luigi.Task):
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


class WaitsOnDask(KeepsBusyOnDask):
    """Is suspended."""

    def run(self) -> Any:
        Path(self.folder, "entered").open("a").write(f"{os.getppid()}\n")
        yield KeepsBusyOnDask(self.folder, "wanted")


class TakesResourceOnDask(KeepsBusyOnDask):
    """Asks Dask's workers for what one of them offers."""

    resources = {"gpu": 1, "database": 1}


@pytest.fixture
def start(dask_service: Any) -> Iterator[Callable[..., HostedExecutor]]:
    started: list[Any] = []

    def start(workers: int = 4, **options: Any) -> HostedExecutor:
        setup = ExecutorSetup(Rules("w"), luigi_is_complete, luigi_run_task, Scheduler(), workers)
        started.append(dask_executor(setup, Settings(dask_service.address, **options)))
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
    return found


def wait_for(path: Path, executor: HostedExecutor) -> None:
    """Until a task has written the file; none may end meanwhile."""
    for _ in range(600):
        if path.exists() and path.read_text().endswith("\n"):
            return
        assert list(executor.poll(0.05)) == []
    pytest.fail(f"there is no {path}")


def pid_of(worker: Any) -> int:
    return int(worker.pid)


def test_a_killed_worker_is_a_failed_attempt_and_nothing_runs_twice(
    start: Callable[..., HostedExecutor], dask_service: Any, tmp_path: Path
) -> None:
    executor = start()
    names = ["a", "b", "c", "d"]
    for token, name in enumerate(names):
        executor.submit(Job(KeepsBusyOnDask(str(tmp_path), name), token))
    for name in names:
        wait_for(tmp_path / f"{name}.begun", executor)
    victim = pid_of(dask_service.workers["second"])
    there = [name for name in names if (tmp_path / f"{name}.begun").read_text().split()[1] == str(victim)]
    assert there
    dask_service.kill_worker("second")
    try:
        lost = outcomes_of(executor, len(there))
        assert sorted(names[token] for token in lost) == there
        for outcome in lost.values():
            assert (outcome.status, outcome.retriable) == (FAILED, True)
            assert "was lost: Dask's worker tcp://127.0.0.1:" in (outcome.explanation or "")
        for name in names:
            (tmp_path / name).touch()
        done = outcomes_of(executor, len(names) - len(there))
        assert {outcome.status for outcome in done.values()} == {DONE}
        for name in names:
            assert len((tmp_path / f"{name}.begun").read_text().splitlines()) == 1, "Dask ran nothing again"
    finally:
        dask_service.begin_worker("second")


def test_runs_suspended_at_a_killed_worker_begin_from_the_top(
    start: Callable[..., HostedExecutor], dask_service: Any, tmp_path: Path
) -> None:
    executor, homes = start(), {}
    for token in range(3):
        folder = tmp_path / str(token)
        folder.mkdir()
        executor.submit(Job(WaitsOnDask(str(folder), "done"), token))
        assert outcomes_of(executor, 1)[token].status == PENDING
        (folder / "wanted").touch()
        homes[token] = int((folder / "entered").read_text())
    home = max(homes.values(), key=[*homes.values()].count)  # of two workers, one has two of the three
    early, late = [token for token in homes if homes[token] == home][:2]
    name = next(name for name, worker in dask_service.workers.items() if pid_of(worker) == home)
    dask_service.kill_worker(name)
    try:
        executor.submit(Job(WaitsOnDask(str(tmp_path / str(early)), "done"), 10))
        outcome = outcomes_of(executor, 1)[10]
        if outcome.status == FAILED:  # it was bound for that worker before its death was known
            assert "was lost: Dask's worker tcp://127.0.0.1:" in (outcome.explanation or "")
        until = SYSTEM.monotonic() + 30
        while executor._engine.places > 2 and SYSTEM.monotonic() < until:
            SYSTEM.sleep(0.1)
        executor.submit(Job(WaitsOnDask(str(tmp_path / str(late)), "done"), 11))
        assert outcomes_of(executor, 1)[11].status == DONE
        assert len((tmp_path / str(late) / "entered").read_text().splitlines()) == 2
    finally:
        dask_service.begin_worker(name)


def test_a_run_that_ends_early_gives_all_places_back(
    start: Callable[..., HostedExecutor], dask_service: Any, tmp_path: Path
) -> None:
    from distributed import Client

    for count in range(3):
        executor = start(workers=12)
        for token in range(12):
            executor.submit(Job(KeepsBusyOnDask(str(tmp_path), f"early-{count}-{token}"), token))
        for _ in range(20 * count):
            executor.poll(0.05)
        executor.close()
    with Client(dask_service.address, timeout=30, set_as_default=False) as client:
        until = SYSTEM.monotonic() + 30
        while (taken := client.run(lambda dask_worker: list(dask_worker.active_keys))) and SYSTEM.monotonic() < until:
            if not any(taken.values()):
                return
            SYSTEM.sleep(0.05)
    pytest.fail(f"Dask's workers still hold {taken}")


def test_places_are_the_threads_of_all_workers(start: Callable[..., HostedExecutor]) -> None:
    assert start(workers=100).capacity == 4 + 8, "and some that wait for a place to come free"


def test_resources_of_dasks_workers_are_asked_for(
    start: Callable[..., HostedExecutor], dask_service: Any, tmp_path: Path
) -> None:
    dask_service.begin_worker("gifted", "--resources", "gpu=1")
    try:
        executor = start()
        for token, name in enumerate(["one", "two"]):
            executor.submit(Job(TakesResourceOnDask(str(tmp_path), name), token))
        wait_for(tmp_path / "one.begun", executor)
        assert int((tmp_path / "one.begun").read_text().split()[1]) == pid_of(dask_service.workers["gifted"])
        assert not executor.poll(0.5)
        assert not (tmp_path / "two.begun").exists(), "there is one gpu"
        for name in ("one", "two"):
            (tmp_path / name).touch()
        assert {outcome.status for outcome in outcomes_of(executor, 2).values()} == {DONE}
    finally:
        dask_service.kill_worker("gifted")


def test_what_a_killed_program_ran_is_ended(dask_service: Any, tmp_path: Path) -> None:
    (tmp_path / "orphans_on_dask.py").write_text(
        "import os, luigi\n"
        "class OrphanOnDask(luigi.Task):\n"
        "    def complete(self): return False\n"
        "    def run(self):\n"
        f"        open({str(tmp_path / 'pid')!r}, 'w').write(f'{{os.getpid()}}\\n')\n"
        "        import threading; threading.Event().wait(300)\n"
    )
    program = [sys.executable, "-c", "from luigi.cmdline import luigi_run; luigi_run()", "--local-scheduler"]
    program += ["--module", "orphans_on_dask", "OrphanOnDask", "--executor", "dask", "--no-lock"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "LUIGI_CONFIG_PATH": str(tmp_path / "luigi.cfg")}
    (tmp_path / "luigi.cfg").write_text(f"[dask]\naddress = {dask_service.address}\n")
    run = subprocess.Popen(program, env=environment, cwd=tmp_path, stderr=subprocess.DEVNULL)
    for _ in range(600):
        if (tmp_path / "pid").exists() and (tmp_path / "pid").read_text().endswith("\n"):
            break
        SYSTEM.sleep(0.05)
    task = int((tmp_path / "pid").read_text())
    run.send_signal(signal.SIGKILL)
    run.wait(timeout=30)
    assert is_gone(task, 40)


def test_where_nobody_listens_the_address_is_named() -> None:
    setup = ExecutorSetup(Rules("w"), luigi_is_complete, luigi_run_task, Scheduler(), 1)
    with pytest.raises(NoCluster, match="no Dask scheduler answers at tcp://127.0.0.1:1:"):
        dask_executor(setup, Settings("tcp://127.0.0.1:1", timeout=1.0))


def test_the_check_counts(dask_service: Any) -> None:
    assert check(Settings(dask_service.address)) == f"{dask_service.address} has 2 workers with 4 threads"
    assert "begins a cluster of this machine" in check(Settings())


@pytest.mark.service("own_dask")
def test_without_dasks_scheduler_what_runs_is_lost(own_dask_service: Any, tmp_path: Path) -> None:
    setup = ExecutorSetup(Rules("w"), luigi_is_complete, luigi_run_task, Scheduler(), 2)
    executor: Any = dask_executor(setup, Settings(own_dask_service.address, timeout=2.0))
    executor.submit(Job(KeepsBusyOnDask(str(tmp_path), "x"), 1))
    wait_for(tmp_path / "x.begun", executor)
    executor.submit(Job(suspended := WaitsOnDask(str(tmp_path), "z"), 3))
    assert outcomes_of(executor, 1)[3].status == PENDING
    own_dask_service.kill_scheduler()
    assert executor.cancel(suspended.task_id), "given up here, whatever becomes of it there"
    lost = outcomes_of(executor, 1)[1]
    assert (lost.status, lost.retriable) == (FAILED, True)
    assert "was lost: Dask" in (lost.explanation or "")
    executor.submit(Job(KeepsBusyOnDask(str(tmp_path), "y"), 2))
    assert outcomes_of(executor, 1)[2].status == FAILED
    executor.close()


def test_private_values_are_in_no_repr() -> None:
    assert repr(site.Sealed(b"secret")) == "a parcel"
