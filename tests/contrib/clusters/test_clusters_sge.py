"""Grid Engine's jobs: `luigi.contrib.sge` with a real one."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.contrib._clusters.errors import JobRefused, NoSuchValue
from luigi.contrib._clusters.folder import JobFolder
from luigi.contrib.remote_job import JobFailed
from luigi.contrib.sge import LocalSGEJobTask, SGEJobTask, _Job
from luigi.task import Task
from luigi.testing import run_task
from luigi.testing.contracts import RemoteJobContract

real = pytest.mark.service("gridengine")


@pytest.fixture
def sge_task(tmp_path: Path) -> Callable[..., SGEJobTask]:
    from cluster_tasks import SgeDoing

    def made(doing: str, **more: Any) -> SGEJobTask:
        options = {"path": str(tmp_path / "out"), "shared_tmp_dir": str(tmp_path / "shared"), "poll_time": 1}
        return SgeDoing(doing=doing, **{**options, **more})

    return made


@real
class TestGridEngineJobs(RemoteJobContract):
    last_words = "ValueError: the disk is full"

    @pytest.fixture(autouse=True)
    def _made(self, sge_task: Callable[..., Task], holds: Callable[[Path], bool], tmp_path: Path) -> Iterator[None]:
        self._task, self._holds, self._lock = sge_task, holds, tmp_path / "out.lock"
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


@real
def test_a_job_is_named_followed_and_has_the_workers_environment_which_nobody_else_sees(
    sge_task: Callable[..., Any], told: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "it's $HOME").mkdir()
    monkeypatch.chdir(tmp_path / "it's $HOME")
    monkeypatch.setenv("PASSWORD_OF_THE_WORKER", "hunter2\n#$ -q nowhere\n'")
    seen, heard = list[str](), list[str]()

    def listen(task: Any, message: str) -> None:
        heard.append(message)
        seen.append(_shown(task.job_id))

    task = sge_task("tell", job_name="-hello/world", dont_remove_tmp_dir=True, shared_tmp_dir=".")
    monkeypatch.setattr(type(task), "set_status_message", listen)
    run_task(task)
    assert heard[0].removeprefix(f"Grid Engine job {task.job_id}: ") in {"qw", "t", "r"}
    assert heard[-1] == f"Grid Engine job {task.job_id}: ENDED"
    assert "job_name:                   _-hello_world" in seen[0]
    assert "orte range: 2" in seen[0]
    assert "hunter2" not in "".join(seen)
    where = told(task)
    assert where["environment"]["PASSWORD_OF_THE_WORKER"] == os.environ["PASSWORD_OF_THE_WORKER"]
    assert where["environment"]["PATH"] == os.environ["PATH"]
    assert where["environment"]["JOB_ID"] == task.job_id
    assert where["cwd"] == os.getcwd()
    assert all("luigi-code-" in place for place in where["files"].values())
    assert (Path(task.tmp_dir) / "job.sh").exists()


def _shown(job_id: str) -> str:
    return subprocess.run(["qstat", "-j", job_id], capture_output=True, text=True, check=False).stdout


@real
def test_a_job_that_kills_itself_fails_its_task(sge_task: Callable[..., Any]) -> None:
    with pytest.raises(JobFailed, match=r"(?s)ended as GONE: .* was killed.*it begins"):
        sge_task("die", no_tarball=True).run()


@real
def test_a_job_that_cannot_be_started_says_why_and_does_not_stay(
    sge_task: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    submission = _Job.submission
    elsewhere = ["-o", "/nowhere/else"]
    monkeypatch.setattr(_Job, "submission", lambda job: [*submission(job)[:-1], *elsewhere, "job.sh"])
    task = sge_task("tell")
    with pytest.raises(JobFailed, match=r"ended as Eqw: .*can't open output file .*No such file or directory"):
        task.run()
    job = _Job(task, JobFolder(str(tmp_path), "job"))
    assert job.look(task.job_id).status in {"GONE", "dr"}


@real
def test_a_job_that_grid_engine_refuses_says_why(sge_task: Callable[..., Any], tmp_path: Path) -> None:
    with pytest.raises(JobRefused, match='qsub did not take the job: .*environment "smp" does not exist'):
        sge_task("tell", parallel_env="smp").run()
    assert list((tmp_path / "shared").iterdir()) == []


@real
def test_a_job_that_is_not_there_may_be_ended(sge_task: Callable[..., Any], tmp_path: Path) -> None:
    _Job(sge_task("tell"), JobFolder(str(tmp_path), "job")).cancel("4000000")


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({}, "SgeDoing"),
        ({"job_name_format": "{task_family}_{doing}_{n_cpu}"}, "SgeDoing_tell_2"),
        ({"job_name_format": "{doing}", "job_name": "mine"}, "mine"),
    ],
)
def test_jobs_have_names(given: dict[str, str], name: str, sge_task: Callable[..., SGEJobTask]) -> None:
    task = sge_task("tell", **given)
    assert task.job_name == name
    assert task.task_id == sge_task("tell").task_id


def test_a_pattern_for_names_that_asks_for_too_much_says_what_there_is(sge_task: Callable[..., SGEJobTask]) -> None:
    with pytest.raises(NoSuchValue, match=r"'\{day\}' cannot be made a name") as error:
        sge_task("tell", job_name_format="{day}")
    assert "task_family" in error.value.hint
    assert "doing" in error.value.hint


@pytest.mark.parametrize("how", ["run_locally", "LocalSGEJobTask"])
def test_it_may_work_here(how: str, sge_task: Callable[..., Any], told: Callable[[Any], Any]) -> None:
    if how == "run_locally":
        task = sge_task("tell", run_locally=True)
    else:
        from cluster_tasks import Doing

        class Here(Doing, LocalSGEJobTask):
            pass

        task = Here(doing="tell", path=sge_task("tell").path)
    assert told(run_task(task))["files"]["luigi"] == luigi.__file__
