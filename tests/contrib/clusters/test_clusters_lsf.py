"""LSF's jobs: `luigi.contrib.lsf`, with programs that stand in for LSF's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.contrib._clusters.errors import JobRefused, OptionForAnother
from luigi.contrib._clusters.folder import JobFolder
from luigi.contrib._jobs.program import ProgramMissing
from luigi.contrib.lsf import LocalLSFJobTask, LSFJobTask, _Job, kill_job, track_job
from luigi.contrib.remote_job import JobFailed
from luigi.task import Task
from luigi.testing import run_task
from luigi.testing.contracts import RemoteJobContract


@pytest.fixture
def lsf_task(tmp_path: Path) -> Callable[..., LSFJobTask]:
    from cluster_tasks import LsfDoing

    def made(doing: str, **more: Any) -> LSFJobTask:
        options = {"path": str(tmp_path / "out"), "shared_tmp_dir": str(tmp_path / "a 'shared' $folder")}
        return LsfDoing(doing=doing, **{**options, "poll_time": 0.1, **more})

    return made


class TestLsfJobs(RemoteJobContract):
    last_words = "ValueError: the disk is full"

    @pytest.fixture(autouse=True)
    def _made(
        self, lsf_task: Callable[..., Task], holds: Callable[[Path], bool], tmp_path: Path, lsf: Path
    ) -> Iterator[None]:
        self._task, self._holds, self._lock = lsf_task, holds, tmp_path / "out.lock"
        yield
        assert not list((tmp_path / "a 'shared' $folder").iterdir()), "something of the job is left"

    def succeeding(self) -> Task:
        return self._task("tell")

    def failing(self) -> Task:
        return self._task("fail")

    def endless(self) -> Task:
        return self._task("go_on")

    def is_running(self, task: Task) -> bool:
        return self._holds(self._lock)


def test_lsf_is_told_what_the_job_needs(
    lsf_task: Callable[..., Any], lsf: Path, told: Callable[[Any], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    task = lsf_task("tell", job_name_flag="words[1-9]", runtime_flag=7, extra_bsub_args="-P 'my project'")
    where = told(run_task(task))
    assert task.job_status == "DONE"
    assert (lsf / task.job_id / "words").read_text().splitlines() == [
        *("-q", "queue_name", "-n", "2", "-M", "8192", "-R", "rusage[mem=8192]", "-W", "7", "-J", "words_1-9_"),
        *("-o", "job.out", "-e", "job.err", "-P", "my project", "sh", "job.sh"),
    ]
    assert where["environment"]["LSB_JOBID"] == task.job_id
    assert where["cwd"] == str(tmp_path)
    assert all("luigi-code-" in place for place in where["files"].values())


def test_what_is_empty_is_left_to_lsf(lsf_task: Callable[..., Any], tmp_path: Path) -> None:
    nothing = lsf_task("tell", resource_flag="", memory_flag="", job_name_flag="", queue_flag="")
    words = _Job(nothing, JobFolder(str(tmp_path), "job")).submission()
    assert words == ["bsub", "-n", "2", "-W", "60", "-o", "job.out", "-e", "job.err", "sh", "job.sh"]


def test_a_value_cannot_be_another_option(lsf_task: Callable[..., Any], tmp_path: Path) -> None:
    job = _Job(lsf_task("tell", queue_flag="-Is"), JobFolder(str(tmp_path), "job"))
    with pytest.raises(OptionForAnother, match="'-Is' for -q begins as an option does"):
        job.submission()


def test_a_job_that_is_killed_fails_its_task_with_what_it_printed(lsf_task: Callable[..., Any], lsf: Path) -> None:
    with pytest.raises(JobFailed, match=r"(?s)LSF job \d+ ended as EXIT.*it begins"):
        lsf_task("die").run()


def test_a_job_that_fails_has_its_exit_code_in_the_error(lsf_task: Callable[..., Any], lsf: Path) -> None:
    with pytest.raises(JobFailed, match=r"ended as EXIT: exit code 1\n") as error:
        lsf_task("fail").run()
    assert "it begins" in str(error.value)


def test_a_job_that_lsf_refuses_says_why(lsf_task: Callable[..., Any], lsf: Path) -> None:
    with pytest.raises(JobRefused, match="bsub did not take the job: nowhere: No such queue. Job not submitted."):
        lsf_task("tell", queue_flag="nowhere").run()


def test_a_job_that_lsf_forgot_is_as_its_script_says(lsf_task: Callable[..., Any], lsf: Path, tmp_path: Path) -> None:
    job = _Job(lsf_task("tell"), JobFolder(str(tmp_path), "job"))
    assert job.look("77")[:3] == ("GONE", True, False)
    (job.folder.path / "ended").write_text("0\n")
    assert job.look("77")[:3] == ("ENDED", True, True)
    job.cancel("77")


def test_its_folder_may_be_kept_beside_its_output(lsf_task: Callable[..., Any], lsf: Path, tmp_path: Path) -> None:
    task = lsf_task("fail", save_job_info=True, path=str(tmp_path / "kept" / "out"))
    with pytest.raises(JobFailed):
        task.run()
    assert Path(task.tmp_dir).parent == tmp_path / "kept"
    assert task.fetch_task_output() == ["it begins\n"]
    assert task.fetch_task_failures()[-1] == "ValueError: the disk is full\n"


def test_jobs_are_tracked_and_killed_by_their_number(lsf_task: Callable[..., Any], lsf: Path) -> None:
    job = _Job(lsf_task("go_on"), JobFolder(lsf_task("go_on").shared_tmp_dir, "job"))
    number = int(job.submit())
    while track_job(number) != "RUN":
        pass
    kill_job(number)
    while track_job(number) != "EXIT":
        pass
    assert track_job(77) == ""


def test_without_lsf_it_is_said_what_lacks(lsf_task: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ProgramMissing, match="bsub") as error:
        lsf_task("tell").run()
    assert "LSF" in error.value.hint


def test_a_folder_that_cannot_be_made_is_named(lsf_task: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="no folder can be made in .*file/below.*Not a directory") as error:
        lsf_task("tell", shared_tmp_dir=str(tmp_path / "file" / "below")).run()
    assert "shared_tmp_dir" in error.value.hint  # type: ignore[attr-defined]


def test_it_may_work_here(lsf_task: Callable[..., Any], told: Callable[[Any], Any]) -> None:
    from cluster_tasks import Doing

    class Here(Doing, LocalLSFJobTask):
        def init_local(self) -> None:
            self.doing = "tell"

    assert told(run_task(Here(doing="nothing", path=lsf_task("tell").path)))["files"]["luigi"] == luigi.__file__
