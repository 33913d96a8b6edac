"""Jobs of OpenPAI: `luigi.contrib.pai`."""

from __future__ import annotations

import logging
import sys
import threading
from typing import Any

import pytest

import luigi
from luigi.clock import SYSTEM
from luigi.configuration import get_config
from luigi.contrib import pai as module
from luigi.contrib._pai.job import TrainingJob
from luigi.contrib._pai.rest import PaiRest
from luigi.contrib.pai import OpenPai, PaiError, PaiJob, PaiTask, Port, TaskRole, slot_to_dict
from luigi.contrib.remote_job import JobFailed
from luigi.errors import KernelError, MissingExtra
from luigi.task import Task
from luigi.testing.contracts import RemoteJobContract


class PaiLines(PaiTask):
    """Runs lines of a shell."""

    lines = luigi.Parameter(default="true")
    job = luigi.Parameter(default="job")
    image = "busybox"

    @property
    def name(self) -> str:  # type: ignore[override]
        return self.job

    @property
    def tasks(self) -> list[TaskRole]:  # type: ignore[override]
        return [TaskRole("main", self.lines)]


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """As programs do: the interval is theirs to change."""
    monkeypatch.setattr(module, "POLL_TIME", 0.05)


class TestPaiJobs(RemoteJobContract):
    last_words = "the disk is full"
    says_where = True

    @pytest.fixture(autouse=True)
    def _place(self, pai: Any) -> None:
        self.pai = pai

    def succeeding(self) -> Task:
        return PaiLines()

    def failing(self) -> Task:
        return PaiLines(lines="echo the disk is full; exit 3")

    def endless(self) -> Task:
        return PaiLines(lines="exec sleep 600")

    def is_running(self, task: Task) -> bool:
        """From when its task has looked at it: it knows what to stop."""
        looked_at = ("GET", "/api/v1/jobs/job", None) in self.pai.calls
        return looked_at and any(job.program.poll() is None for job in self.pai.jobs.values())


def test_a_job_that_succeeded_completes_its_task_which_luigi_never_noticed(pai: Any) -> None:
    task = PaiLines()
    assert not task.complete()
    task.run()
    assert task.complete()


def test_making_a_task_asks_nobody(pai: Any) -> None:
    PaiLines(job="another")
    assert not pai.calls


def test_a_job_is_described_as_the_task_says(pai: Any) -> None:
    class Whole(PaiTask):
        name = "whole"
        image = "openpai/pytorch"
        auth_file_path, code_dir, data_dir, output_dir = "hdfs://auth", "hdfs://code", "hdfs://data", "hdfs://out"
        virtual_cluster, gpu_type, retry_count = "vc1", "K80", 3

        @property
        def tasks(self) -> list[TaskRole]:  # type: ignore[override]
            return [TaskRole("main", "true", taskNumber=2, gpuNumber=1, portList=[Port("http", 8080, 2)])]

    Whole().run()
    assert pai.jobs["whole"].description == {
        "jobName": "whole",
        "image": "openpai/pytorch",
        "authFile": "hdfs://auth",
        "dataDir": "hdfs://data",
        "outputDir": "hdfs://out",
        "codeDir": "hdfs://code",
        "virtualCluster": "vc1",
        "gpuType": "K80",
        "retryCount": 3,
        "taskRoles": [
            {
                "name": "main",
                "command": "true",
                "taskNumber": 2,
                "cpuNumber": 1,
                "memoryMB": 2048,
                "shmMB": 64,
                "gpuNumber": 1,
                "portList": [{"label": "http", "beginAt": 8080, "portNumber": 2}],
            }
        ],
    }


def test_what_is_not_said_is_not_told() -> None:
    assert slot_to_dict(PaiJob("name", "image", [])) == {"jobName": "name", "image": "image", "taskRoles": []}


def test_it_writes_where_openpai_keeps_files(pai: Any) -> None:
    assert PaiLines().output().path == "$PAI_DEFAULT_FS_URI/job/output"  # type: ignore[attr-defined]


def test_the_error_names_job_state_exit_code_and_what_openpai_keeps(pai: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(JobFailed) as error:
        PaiLines(lines="echo one; exit 3").run()
    assert str(error.value) == (
        "OpenPAI job job ended as FAILED: exit code 3, NON_TRANSIENT_NORMAL\nthe last that it printed:\none"
    )
    assert "the-password" not in caplog.text
    assert pai.token not in caplog.text


def test_how_far_it_is_is_reported(pai: Any) -> None:
    told: list[float] = []
    task = PaiLines(lines="sleep 0.2")
    task.set_progress_percentage = told.append  # type: ignore[method-assign]
    task.run()
    assert told == [25]


def test_the_password_is_shown_nowhere(pai: Any) -> None:
    assert OpenPai().password == "the-password"
    assert "the-password" not in repr(OpenPai())


def test_a_wrong_password_is_an_error_and_not_a_job_that_is_missing(pai: Any) -> None:
    get_config().set("OpenPai", "password", "another-one")
    with pytest.raises(PaiError, match=r"signing in failed: 400 IncorrectPasswordError") as error:
        PaiLines().complete()
    assert "[OpenPai]" in error.value.hint
    assert "another-one" not in str(error.value)


def test_a_token_that_has_expired_is_asked_for_again(pai: Any) -> None:
    class Renewing(PaiLines):
        def set_status_message(self, message: str) -> None:
            pai.token = "token-2"

    Renewing(lines="sleep 0.2").run()
    assert [path for _, path, _ in pai.calls].count("/api/v1/token") == 2


def test_a_job_of_a_worker_that_is_gone_is_followed(pai: Any) -> None:
    first = PaiLines(lines="sleep 0.3")
    pai.answer("POST", "/api/v1/jobs", {"jobName": "job", "taskRoles": [{"command": "sleep 0.3"}]}, "Bearer token-1")
    first.run()
    assert first.complete()


def test_a_name_that_was_used_says_so(pai: Any) -> None:
    with pytest.raises(JobFailed):
        PaiLines(lines="exit 1").run()
    with pytest.raises(PaiError, match="there is one of that name, which is FAILED") as error:
        PaiLines(lines="true").run()
    assert "another" in error.value.hint


def test_names_of_all_kinds_are_names_and_no_paths(pai: Any) -> None:
    task = PaiLines(job="../a b?c#d/é")
    task.run()
    assert task.complete()


def test_the_address_of_jobs_may_be_that_of_later_releases(pai: Any) -> None:
    pai.jobs_path = "/api/v1/user/me/jobs"
    with pytest.raises(PaiError, match="NoApiError"):
        PaiLines().run()
    get_config().set("OpenPai", "jobs_path", "/api/v1/user/{username}/jobs")
    PaiLines().run()
    assert PaiLines().complete()


def test_a_server_in_trouble_costs_no_job(pai: Any) -> None:
    class Troubled(PaiLines):
        def set_status_message(self, message: str) -> None:
            pai.failures[:] = [(503, b"busy", {}), (502, b"restarting", {})]

    Troubled(lines="sleep 0.2").run()
    assert len([method for method, path, _ in pai.calls if (method, path) == ("POST", "/api/v1/jobs")]) == 1


def test_a_job_that_openpai_does_not_know_yet_is_waited_for(pai: Any) -> None:
    about, unknown = pai._about, iter([(404, {"code": "NoJobError", "message": "not yet"})])
    pai._about = lambda method, name, given: next(unknown, None) or about(method, name, given)
    PaiLines().run()


def test_without_the_package_it_says_which_extra_brings_it(pai: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "requests", None)
    with pytest.raises(MissingExtra) as error:
        PaiLines().run()
    assert "luigi-kernel[pai]" in error.value.hint


def test_a_server_that_stays_in_trouble_is_an_error(pai: Any) -> None:
    pai.failures[:] = [(503, b"busy", {})] * 9
    with pytest.raises(ConnectionError, match="OpenPAI does not answer: 503"):
        PaiLines().complete()


def test_a_server_that_is_not_there_says_where_it_is_configured(pai: Any) -> None:
    get_config().set("OpenPai", "pai_url", "http://127.0.0.1:9")
    get_config().set("OpenPai", "retries", "0")
    with pytest.raises(ConnectionError, match="OpenPAI does not answer") as error:
        PaiLines().complete()
    assert "pai_url" in error.value.hint  # type: ignore[attr-defined]


@pytest.mark.parametrize("url", ["pai.example.com", "ftp://pai", "http://"])
def test_what_is_no_address_says_where_it_is_configured(pai: Any, url: str) -> None:
    get_config().set("OpenPai", "pai_url", url)
    with pytest.raises(KernelError, match="is no address") as error:
        PaiLines().complete()
    assert "pai_url" in error.value.hint


def test_a_server_that_hangs_does_not_keep_a_task_from_ending(pai: Any) -> None:
    released = threading.Event()

    def hang(method: str, name: str, given: Any) -> Any:
        released.wait(10)
        return 200, {}

    pai._about = hang
    job = TrainingJob(PaiRest(OpenPai()), PaiJob("job", "image", []))
    began = SYSTEM.monotonic()
    with pytest.raises(ConnectionError):
        job.cancel("job")
    released.set()
    assert SYSTEM.monotonic() - began < 3


def test_a_password_goes_nowhere_else_than_it_was_told(pai: Any) -> None:
    pai.failures[:] = [(307, b"", {"Location": "http://127.0.0.1:9/elsewhere"})]
    with pytest.raises(Exception, match=r"it says to go to http://127\.0\.0\.1:9/elsewhere"):
        PaiLines().complete()


def test_an_answer_that_is_no_json_is_told_by_its_status(pai: Any) -> None:
    pai.failures[:] = [(500, b"<html>", {})]
    with pytest.raises(PaiError, match="500 Internal Server Error"):
        PaiLines().complete()
