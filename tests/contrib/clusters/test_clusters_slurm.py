"""Slurm's jobs: `luigi.contrib.slurm` with a real one."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.clock import SYSTEM
from luigi.contrib._clusters.errors import ClusterAway, JobRefused
from luigi.contrib._clusters.folder import JobFolder
from luigi.contrib.remote_job import JobFailed
from luigi.contrib.slurm import LocalSlurmJobTask, SlurmJobTask, _Job
from luigi.task import Task
from luigi.testing import run_task
from luigi.testing.contracts import RemoteJobContract

pytestmark = pytest.mark.service("slurm")


@pytest.fixture
def slurm_task(tmp_path: Path) -> Callable[..., SlurmJobTask]:
    from cluster_tasks import SlurmDoing

    def made(doing: str, **more: Any) -> SlurmJobTask:
        options = {"path": str(tmp_path / "out"), "shared_tmp_dir": str(tmp_path / "shared"), "poll_time": 0.2}
        return SlurmDoing(doing=doing, **{**options, **more})

    return made


class TestSlurmJobs(RemoteJobContract):
    last_words = "ValueError: the disk is full"

    @pytest.fixture(autouse=True)
    def _made(self, slurm_task: Callable[..., Task], holds: Callable[[Path], bool], tmp_path: Path) -> Iterator[None]:
        self._task, self._holds, self._lock = slurm_task, holds, tmp_path / "out.lock"
        yield
        assert not list((tmp_path / "shared").iterdir()), "something of the job is left"

    def succeeding(self) -> Task:
        return self._task("tell")

    def failing(self) -> Task:
        return self._task("fail")

    def endless(self) -> Task:
        return self._task("go_on")

    def is_running(self, task: Task) -> bool:
        return self._holds(self._lock)


def test_its_code_comes_along_and_it_works_where_its_task_does(
    slurm_task: Callable[..., Any], told: Callable[[Any], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "it's here").mkdir()
    monkeypatch.chdir(tmp_path / "it's here")
    monkeypatch.setenv("OF_THE_WORKER", "two\nlines")
    where = told(run_task(slurm_task("tell")))
    assert where["cwd"] == os.getcwd()
    assert where["environment"]["OF_THE_WORKER"] == "two\nlines"
    assert all("luigi-code-" in place for place in where["files"].values())


def test_slurm_is_told_what_the_job_needs(slurm_task: Callable[..., Any], told: Callable[[Any], Any]) -> None:
    comment = "--comment=a 'comment'; touch /tmp/injected --partition=closed"
    options = {"partition": "main", "account": "physics", "memory": "200", "runtime": "7", "n_cpu": 2}
    task = slurm_task("tell", job_name="words of {doing}/$HOME", extra_sbatch_args=["--hold", comment], **options)
    folder = JobFolder(task.shared_tmp_dir, "job")
    job = _Job(task, folder)
    job_id = job.submit()
    try:
        shown = subprocess.run(["scontrol", "show", "job", "-o", job_id], capture_output=True, text=True).stdout
        assert "JobName=words_of_tell__HOME " in shown
        assert "Partition=main " in shown
        assert "Account=physics " in shown
        assert "TimeLimit=00:07:00 " in shown
        assert "NumCPUs=2 " in shown
        assert "MinMemoryNode=200M " in shown
        assert f"Comment={comment.removeprefix('--comment=')} " in shown
        assert job.look(job_id).status == "PENDING"
        assert "JobHeldUser" in job.look(job_id).message
    finally:
        job.cancel(job_id)
    assert job.look(job_id) == ("CANCELLED", True, False, None, "", job.look(job_id).message)
    job.cancel(job_id)  # which has ended already


def test_words_are_counted_and_it_is_said_how_far_that_is(
    slurm_task: Callable[..., Any], told: Callable[[Any], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out.text").write_text("to be or not to be")
    task, heard = slurm_task("count_words"), list[str]()
    monkeypatch.setattr(type(task), "set_status_message", lambda task, message: heard.append(message))
    assert told(run_task(task)) == {"to": 2, "be": 2, "or": 1, "not": 1}
    assert "PENDING" in heard[0] or "RUNNING" in heard[0]
    assert heard[-1] == f"Slurm job {task.job_id}: COMPLETED"


def test_a_job_that_kills_itself_fails_its_task(slurm_task: Callable[..., Any]) -> None:
    with pytest.raises(JobFailed, match=r"(?s)ended as FAILED.*it begins"):
        slurm_task("die").run()


def test_a_job_that_somebody_else_cancels_fails_its_task(
    slurm_task: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def cancel(task: Any, message: str) -> None:
        if "RUNNING" in message:
            subprocess.run(["scancel", task.job_id], check=True)

    task = slurm_task("go_on")
    monkeypatch.setattr(type(task), "set_status_message", cancel)
    with pytest.raises(JobFailed, match="ended as CANCELLED"):
        task.run()


def test_a_job_that_slurm_refuses_says_why(slurm_task: Callable[..., Any], tmp_path: Path) -> None:
    with pytest.raises(JobRefused, match="sbatch did not take the job: .*invalid partition") as refused:
        slurm_task("tell", partition="nowhere").run()
    assert "nowhere" in str(refused.value)
    assert list((tmp_path / "shared").iterdir()) == []


def test_a_job_that_slurm_forgot_is_as_its_script_says(slurm_task: Callable[..., Any]) -> None:
    folder = JobFolder(slurm_task("tell").shared_tmp_dir, "job")
    job = _Job(slurm_task("tell"), folder)
    assert job.look("4000000")[:3] == ("GONE", True, False)
    (folder.path / "ended").write_text("0\n")
    assert job.look("4000000")[:3] == ("ENDED", True, True)
    (folder.path / "ended").write_text("3\n")
    assert job.look("4000000").message == "exit code 3"


def test_a_slurm_that_is_away_is_asked_again(
    slurm_task: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    conf = tmp_path / "slurm.conf"
    lines = Path(os.environ["SLURM_CONF"]).read_text().splitlines()
    away = [line if not line.startswith("SlurmctldPort") else "SlurmctldPort=19999" for line in lines]
    conf.write_text("\n".join([*away, "MessageTimeout=2"]))
    monkeypatch.setenv("SLURM_CONF", str(conf))
    job = _Job(slurm_task("tell"), JobFolder(str(tmp_path), "job"))
    with pytest.raises(ClusterAway, match=r"squeue ended with 1: .*contact slurm controller"):
        job.look("1")
    assert issubclass(ClusterAway, job.passing)
    with pytest.raises(ClusterAway):
        job.cancel("1")


def test_its_code_may_be_shared_and_its_folder_kept(
    slurm_task: Callable[..., Any], told: Callable[[Any], Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "luigi-interface")
    task = slurm_task("tell", no_tarball=True, dont_remove_tmp_dir=True)
    task.run()
    assert told(task)["files"] == {name: sys.modules[name].__file__ for name in ("luigi", "cluster_tasks")}
    kept = Path(task.tmp_dir)
    assert str(kept) in caplog.text
    assert (kept / "ended").read_text() == "0\n"
    assert kept.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("how", ["run_locally", "LocalSlurmJobTask"])
def test_it_may_work_here(how: str, slurm_task: Callable[..., Any], told: Callable[[Any], Any]) -> None:
    if how == "run_locally":
        task = slurm_task("tell", run_locally=True)
    else:
        from cluster_tasks import Doing

        class Here(Doing, LocalSlurmJobTask):
            pass

        task = Here(doing="tell", path=slurm_task("tell").path)
    assert told(run_task(task))["files"]["luigi"] == luigi.__file__


SCRIPT = """
import fcntl
from collections import Counter

import luigi
from luigi.clock import SYSTEM
from luigi.contrib.slurm import SlurmJobTask


class Counted(SlurmJobTask):
    poll_time = 0.2
    word = luigi.Parameter()

    def output(self):
        return luigi.LocalTarget(f"{self.word}.txt")

    def work(self):
        with self.output().open("w") as file:
            print(sorted(Counter(self.word).items()), __name__, file=file)


class TooLong(SlurmJobTask):
    poll_time = 0.2
    worker_timeout = 4

    def work(self):
        with open("lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            SYSTEM.sleep(600)


if __name__ == "__main__":
    luigi.build([Counted(word="banana"), TooLong()], workers=2, local_scheduler=True, log_level="INFO")
"""


def test_tasks_of_a_script_run_by_workers_of_their_own_until_their_time_is_over(
    tmp_path: Path, holds: Callable[[Path], bool]
) -> None:
    (tmp_path / "counting.py").write_text(SCRIPT)
    (tmp_path / "luigi.cfg").write_text(f"[Counted]\nshared_tmp_dir={tmp_path}/jobs\n[TooLong]\nshared_tmp_dir=jobs\n")
    command = [sys.executable, "counting.py"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=200)
    assert (tmp_path / "banana.txt").read_text() == "[('a', 3), ('b', 1), ('n', 2)] counting\n", ran.stderr
    assert re.search(r"Slurm job \d+ is cancelled: its task is given up", ran.stderr)
    until = SYSTEM.monotonic() + 30  # Slurm ends it when it comes to it
    while holds(tmp_path / "lock") and SYSTEM.monotonic() < until:
        SYSTEM.sleep(0.1)
    assert not holds(tmp_path / "lock")
    assert list((tmp_path / "jobs").iterdir()) == []
