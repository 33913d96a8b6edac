"""The executor `slurm` with a real Slurm: the contract of all executors, arrays, what is lost, what is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.clock import SYSTEM
from luigi.executors import ExecutorSetup
from luigi.executors.hosting.engine import Ended, Lost, Parcel
from luigi.interfaces import Executor, Job
from luigi.plugins.executors import slurm
from luigi.plugins.executors.slurm import Settings, slurm_executor
from luigi.plugins.executors.slurm.engine import SlurmEngine
from luigi.plugins.executors.slurm.programs import Slurm, Wishes
from luigi.task_status import DONE, FAILED
from luigi.testing.contracts import ExecutorContract, PluginContract
from luigi.testing.contracts.executor_tasks import Sleeps

QUICK: dict[str, Any] = {"poll_time": 0.2, "look_time": 0.05}


class TestSlurmPlugin(PluginContract):
    plugin = slurm


class OnTheNode(luigi.Task):
    """Says where it runs, and how its job was described."""

    folder = luigi.Parameter()
    number = luigi.IntParameter(default=0)
    secret = luigi.Parameter(default="swordfish", visibility=luigi.parameter.ParameterVisibility.PRIVATE)
    resources = {"cpus": 2, "unknown": 5}

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"{self.folder}/{self.number}")

    def run(self) -> None:
        print(f"number {self.number}, secret {self.secret}")
        with self.output().open("w") as out:
            out.write(f"{os.environ['SLURM_ARRAY_JOB_ID']} {os.environ['SLURM_CPUS_PER_TASK']}")


@pytest.mark.service("slurm")
class TestSlurmExecutor(ExecutorContract):
    in_this_process = False
    suspends = False

    @pytest.fixture(autouse=True)
    def _shared(self, slurm_service: Path, tmp_path: Path) -> Iterator[None]:
        self.shared = tmp_path / "shared folder"
        yield
        assert not list(self.shared.iterdir()), "something of a job is left"

    def make_executor(self, setup: ExecutorSetup) -> Executor:
        return slurm_executor(setup, Settings(str(self.shared), **QUICK))

    def test_what_is_ready_together_is_one_array(self, start: Callable[..., Executor], folder: str) -> None:
        executor = start()
        executor.resize(4)
        jobs = [Job(OnTheNode(folder, number), number + 1) for number in range(4)]
        outcomes = self.ended(executor, *jobs)
        assert {outcome.status for outcome in outcomes} == {DONE}, outcomes
        said = {job.task.output().open().read() for job in jobs}
        assert len(said) == 1
        assert said.pop().split()[1] == "2", "the processors that were asked for"

    def test_no_value_is_on_a_command_line(self, start: Callable[..., Executor], folder: str) -> None:
        executor, task = start(), Sleeps(folder)
        executor.submit(Job(task, 1))
        while not self.log(folder):
            executor.poll(0.05)
        shown = subprocess.run(["scontrol", "show", "job", "-o"], capture_output=True, text=True).stdout
        lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if b"execute-task" in _read(path)]
        assert "JobName=luigi.testing.Sleeps " in shown
        assert task.task_id.encode() not in b"".join(lines)
        assert lines
        for path in self.shared.rglob("*"):
            assert path.stat().st_mode & 0o077 == 0 or path.name == "job.sh", path

    def test_a_job_that_is_killed_from_outside_is_lost(self, start: Callable[..., Executor], folder: str) -> None:
        executor = start()
        executor.submit(Job(Sleeps(folder), 1))
        while not self.log(folder):
            executor.poll(0.05)
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            if str(self.shared).encode() in _read(path):
                os.kill(int(path.parent.name), signal.SIGKILL)
        (outcome,) = executor.poll()
        assert outcome.status == FAILED
        assert outcome.retriable
        assert "was lost: Slurm job " in (outcome.explanation or "")
        assert "ended as FAILED" in (outcome.explanation or "")

    def test_a_job_that_waits_can_be_cancelled(self, start: Callable[..., Executor], tmp_path: Path) -> None:
        executor = start()
        executor.resize(4)
        folders = [tmp_path / str(number) for number in range(3)]
        for number, folder in enumerate(folders):
            folder.mkdir()
            executor.submit(Job(Sleeps(str(folder)), number + 1))
        while sum((folder / "log").exists() for folder in folders) < 2:  # there are two processors
            executor.poll(0.05)
        (waits,) = [folder for folder in folders if not (folder / "log").exists()]
        assert executor.cancel(Sleeps(str(waits)).task_id)
        (outcome,) = executor.poll()
        assert (outcome.task.folder, outcome.status) == (str(waits), FAILED)
        assert "was cancelled" in (outcome.explanation or "")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


PROGRAM = """
import luigi


class Length(luigi.Task):
    number = luigi.IntParameter()

    def output(self):
        return luigi.LocalTarget(f"length-{self.number}")

    def run(self):
        print(f"length {self.number} is taken")
        with self.output().open("w") as out:
            out.write("x" * self.number)


class Total(luigi.Task):
    def requires(self):
        return [Length(number) for number in range(1, 5)]

    def output(self):
        return luigi.LocalTarget("total")

    def run(self):
        more = yield [Length(5), Length(6)]
        with self.output().open("w") as out:
            out.write(str(sum(len(one.open().read()) for one in [*self.input(), *more])))
"""


@pytest.mark.service("slurm")
def test_a_run_of_tasks_is_done_by_jobs(slurm_service: Path, tmp_path: Path) -> None:
    (tmp_path / "slurm_lengths.py").write_text(PROGRAM)
    options = "".join(f"{name} = {value}\n" for name, value in {**QUICK, "shared_folder": tmp_path / "shared"}.items())
    (tmp_path / "luigi.cfg").write_text(f"[core]\nexecutor = slurm\nworkers = 4\n[slurm]\n{options}")
    command = [str(Path(sys.executable).with_name("kernel")), "run", "slurm_lengths:Total", "--local-scheduler"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "7 ran successfully" in ran.stdout + ran.stderr
    assert (tmp_path / "total").read_text() == "21"
    assert list((tmp_path / "shared").iterdir()) == []


@pytest.mark.service("slurm")
class TestWhatSlurmRefuses:
    def test_a_partition_that_there_is_not_fails_the_task(self, slurm_service: Path, tmp_path: Path) -> None:
        heard: list[Any] = []
        engine = SlurmEngine(Settings(str(tmp_path), partition="nowhere", **QUICK), b"", heard.append)
        engine.start(Parcel("Task", 1, "Task", 0, False, {}, b"", False))
        while not heard:
            threading.Event().wait(0.02)
        engine.close()
        (ended,) = heard
        assert isinstance(ended, Ended)
        assert "could not be handed over to Slurm: sbatch did not take the job: " in (ended.explanation or "")
        assert "invalid partition" in (ended.explanation or "")

    def test_what_cannot_be_begun_says_what_it_printed(self, slurm_service: Path, tmp_path: Path) -> None:
        heard: list[Any] = []
        engine = SlurmEngine(Settings(str(tmp_path), kernel="/no/kernel", **QUICK), b"", heard.append)
        engine.start(Parcel("Task", 1, "Task", 0, False, {}, b"", False))
        until = SYSTEM.monotonic() + 60
        while not any(isinstance(news, Lost) for news in heard) and SYSTEM.monotonic() < until:
            threading.Event().wait(0.02)
        engine.close()
        assert "ended as FAILED" in heard[-1].why
        assert "/no/kernel: not found" in heard[-1].why

    def test_it_says_whether_it_answers(self, slurm_service: Path, tmp_path: Path) -> None:
        assert "1 " in slurm.look(Settings(partition="main"))
        assert slurm.look(Settings()) == "not tried: [slurm] says nothing"

    def test_a_time_limit_is_slurm_s_too_with_time_to_spare(self, slurm_service: Path) -> None:
        programs = Slurm(Settings(runtime="10"))
        assert programs.wishes({"cpus": 2, "other": 1}, 61.0) == Wishes((("cpus", 2),), 61.0)
        assert programs._wished(Wishes((("cpus", 2), ("gpu", 1), ("tape", 2)), 61.0)) == {
            "cpus-per-task": 2,
            "gres": "gpu:1,tape:2",
            "time": 4,
        }


def test_generic_resources_are_read_of_what_sinfo_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sinfo").write_text("#!/bin/sh\necho 'gpu:tesla:2(S:0-1),tape:no_consume:1'\necho '(null)'\n")
    (tmp_path / "sinfo").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert Slurm(Settings()).offered == {"cpus", "gpu", "tape"}
