"""Faults on purpose: as often as said, in whatever process, and the run does with them what it does with real ones."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.testing import FakeClock, Faults, InjectedFault, Recorder, run_task
from luigi.testing.faults import FOREVER, WouldEndTheTest


class Sturdy(luigi.Task):
    """Nothing is wrong with it."""

    task_namespace = "faults"
    folder = luigi.PathParameter()
    name = luigi.Parameter(default="one")

    def output(self) -> Any:
        return luigi.LocalTarget(self.folder / self.name)

    def run(self) -> None:
        with self.output().open("w") as out:
            out.write(str(os.getpid()))


class SturdyToo(Sturdy):
    """Nor with this."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "outputs").mkdir()
    return tmp_path / "outputs"


def details(recorder: Recorder, *events: str) -> str:
    return "\n".join(one.detail for one in recorder.events if one.event in events)


def test_a_task_fails_so_often_and_then_runs_as_ever(folder: Path, luigi_faults: Faults) -> None:
    recorder, clock = Recorder(), FakeClock()
    run_task(Sturdy(folder), plugins=[luigi_faults.fail(Sturdy, times=2), recorder], clock=clock, keep_alive=True)
    assert [one.after for one in recorder.transitions if one.after in ("FAILED", "DONE")] == [
        "FAILED",
        "FAILED",
        "DONE",
    ]


@pytest.mark.parametrize("family", [Sturdy, "faults.Sturdy", "faults.*"])
def test_the_error_is_the_one_given(folder: Path, luigi_faults: Faults, family: Any) -> None:
    error = OSError("the disk is full")
    with pytest.raises(OSError, match="the disk is full") as caught:
        run_task(Sturdy(folder), plugins=[luigi_faults.fail(family, error)])
    assert caught.value is error
    assert not Sturdy(folder).complete()


def test_other_families_are_left_alone(folder: Path, luigi_faults: Faults) -> None:
    run_task(SturdyToo(folder), plugins=[luigi_faults.fail("faults.Sturdy").kill("Sturdy").hang("sturdy")])


def test_a_task_may_fail_with_its_work_done(folder: Path, luigi_faults: Faults) -> None:
    with pytest.raises(InjectedFault):
        run_task(Sturdy(folder), plugins=[luigi_faults.fail(Sturdy, done_first=True)])
    assert Sturdy(folder).complete()


def test_a_check_fails(folder: Path, luigi_faults: Faults) -> None:
    faults = luigi_faults.fail_check(Sturdy, ConnectionError("away"))
    with pytest.raises(ConnectionError):
        faults.luigi_is_complete(Sturdy(folder))
    faults.luigi_is_complete(Sturdy(folder))
    recorder = Recorder()
    task = Sturdy(folder, "two")
    luigi.build([task], local_scheduler=True, log_level="CRITICAL", plugins=[luigi_faults.fail_check(Sturdy), recorder])
    assert [one.detail for one in recorder.events] == ["a fault on purpose"]
    assert not task.complete()


def test_a_task_hangs_until_its_time_is_up(folder: Path, luigi_faults: Faults) -> None:
    class Limited(Sturdy):
        worker_timeout = 1

    recorder = Recorder()
    luigi.build(
        [Limited(folder)],
        local_scheduler=True,
        log_level="CRITICAL",
        plugins=[luigi_faults.hang(Limited), recorder],
    )
    assert "timed out" in details(recorder, luigi.Event.FAILURE, luigi.Event.TIMEOUT)


def test_a_task_hangs_as_long_as_said(folder: Path, luigi_faults: Faults) -> None:
    run_task(Sturdy(folder), plugins=[luigi_faults.hang(Sturdy, 0.01)])
    assert Sturdy(folder).complete()


def test_a_task_takes_its_process_with_it_once_in_all_processes(folder: Path, luigi_faults: Faults) -> None:
    tasks = [Sturdy(folder, str(number)) for number in range(4)]
    recorder = Recorder()
    succeeded = luigi.build(
        tasks,
        workers=2,
        local_scheduler=True,
        log_level="CRITICAL",
        plugins=[luigi_faults.kill(Sturdy), recorder],
    )
    assert not succeeded
    assert [one.after for one in recorder.transitions].count("FAILED") == 1
    assert "SIGKILL" in details(recorder, luigi.Event.FAILURE, luigi.Event.PROCESS_FAILURE)
    assert sum(task.complete() for task in tasks) == 3


def test_the_test_s_own_process_is_spared(folder: Path, luigi_faults: Faults) -> None:
    with pytest.raises(WouldEndTheTest) as caught:
        run_task(Sturdy(folder), plugins=[luigi_faults.kill(Sturdy)])
    assert "workers=2" in caught.value.hint


def test_copies_count_together(tmp_path: Path) -> None:
    faults = Faults(tmp_path).fail("x", times=3)
    copy = pickle.loads(pickle.dumps(faults))
    (fault,) = faults._faults
    assert [faults._count(fault), copy._count(fault), faults._count(fault), copy._count(fault)] == [True] * 3 + [False]


def test_a_fault_may_never_end(luigi_faults: Faults) -> None:
    (fault,) = luigi_faults.fail("x", times=FOREVER)._faults
    assert all(luigi_faults._count(fault) for _ in range(1000))


def test_the_folder_of_its_own_goes_with_it() -> None:
    faults = Faults().fail("x")
    folder = Path(faults._folder)
    pickle.loads(pickle.dumps(faults))
    assert folder.is_dir()
    del faults
    assert not folder.exists()
