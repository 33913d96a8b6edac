"""Programs that run jobs on Hadoop are followed, and their jobs end with the task."""

from __future__ import annotations

import tarfile
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from luigi.contrib import hadoop
from luigi.contrib._hadoop import packages
from luigi.contrib.hadoop import (
    HadoopJobError,
    HadoopRunContext,
    create_packages_archive,
    fetch_task_failures,
    run_and_track_hadoop_job,
)
from luigi.testing import run_task

if TYPE_CHECKING:
    from conftest import Cluster


def test_what_a_program_prints_is_given_back_and_where_to_follow_it_is_told() -> None:
    said: list[str] = []
    script = "echo out; for i in 1 2; do echo 'x INFO Tracking URL: http://jobs/Job_1?a=B' >&2; done; printf last >&2"
    out, err = run_and_track_hadoop_job(["sh", "-c", script], tracking_url_callback=said.append)
    assert (out, said) == ("out\n", ["http://jobs/Job_1?a=B"])
    assert err.splitlines()[-1] == "last"


def test_what_hive_says_of_its_jobs_is_understood() -> None:
    said: list[str] = []
    script = "echo 'Starting Job = job_1_2, Tracking URL = http://jt:50030/jobdetails.jsp?jobid=job_1_2' >&2"
    run_and_track_hadoop_job(["sh", "-c", script], tracking_url_callback=said.append)
    assert said == ["http://jt:50030/jobdetails.jsp?jobid=job_1_2"]


def test_what_is_secret_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "luigi-interface")
    run_and_track_hadoop_job(
        ["sh", "-c", "true", "-Dfs.s3a.secret.key=hunter2", "--password", "hunter2", "--tokens", "-v"]
    )
    assert "secret.key=" in caplog.text
    assert caplog.text.rstrip().endswith("--password *********(redacted) --tokens -v")
    assert "hunter2" not in caplog.text


def test_a_program_that_fails_before_a_job_began_is_named() -> None:
    with pytest.raises(HadoopJobError) as error:
        run_and_track_hadoop_job(["sh", "-c", "echo out; echo no memory >&2; exit 3"], env={"PATH": "/usr/bin:/bin"})
    assert str(error.value) == "sh failed with exit code 3\nthe last that was printed:\nno memory"
    assert (error.value.out, error.value.err) == ("out\n", "no memory\n")


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="no-such-hadoop"):
        run_and_track_hadoop_job(["no-such-hadoop", "jar"])


@pytest.mark.parametrize(
    ("lines", "killed"),
    [
        (["INFO mapreduce.Job: Running job: job_1_2"], [["mapred", "job", "-kill", "job_1_2"]]),
        (
            ["INFO impl.YarnClientImpl: Submitted application application_1_2", "Running job: job_1_2"],
            [["yarn", "application", "-kill", "application_1_2"]],
        ),
        (["Starting Job = job_1_4, Tracking URL = http://x/"], [["mapred", "job", "-kill", "job_1_4"]]),
        (["HadoopJobId: job_9_9"], [["mapred", "job", "-kill", "job_9_9"]]),
        (["Running job: job_1_2", "Job job_1_2 completed successfully"], []),
        (
            ["Running job: job_1_2", "Job complete: job_1_2", "Running job: job_1_3"],
            [["mapred", "job", "-kill", "job_1_3"]],
        ),
        (["Running job: job_local123_0001", "Job job_1_1 failed"], []),
        (["Running job: job_1_1", "Running job: job_1_2"], [["mapred", "job", "-kill", f"job_1_{n}"] for n in (1, 2)]),
    ],
)
def test_jobs_that_began_and_have_not_ended_are_killed(
    lines: list[str], killed: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("mapred", "yarn"):
        (tmp_path / name).write_text(f'#!/bin/sh\necho {name} "$@" >> {tmp_path}/calls\n')
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(RuntimeError, match="given up"), HadoopRunContext() as context:
        for line in lines:
            context.hear(line)
        raise RuntimeError("given up")
    calls = (tmp_path / "calls").read_text() if killed else ""
    assert [line.split() for line in calls.splitlines()] == killed


def test_a_url_that_is_no_web_page_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is no web page"):
        fetch_task_failures(tmp_path.as_uri())


def test_pages_of_something_else_are_said_to_be(tracked: str) -> None:
    with pytest.raises(ValueError, match="is not about a job of YARN"):
        fetch_task_failures(f"{tracked}/jobhistory")


def test_a_job_that_has_not_ended_tells_of_itself(
    cluster: Cluster, tracked: str, yarn: type[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yarn, "running", frozenset({"application_1_2"}))
    (cluster.folder / "jobs" / "1_2").mkdir(parents=True)
    (cluster.folder / "jobs" / "1_2" / "failed").write_text("task_1_2_m_1")
    told = fetch_task_failures(f"{tracked}/proxy/application_1_2/")
    assert told.startswith("attempt_1_2_m_1_0: exit code 1\n(127.0.0.1:")
    assert told.endswith(" has no longer what it printed: HTTP Error 404: Not Found)")


def test_an_archive_can_be_made_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hadoop_by_hand").mkdir()
    (tmp_path / "hadoop_by_hand" / "__init__.py").write_text("x = 1")
    monkeypatch.syspath_prepend(tmp_path)
    create_packages_archive(["hadoop_by_hand"], str(tmp_path / "packages.tar"))
    with tarfile.open(tmp_path / "packages.tar") as archive:
        assert archive.getnames() == ["hadoop_by_hand/__init__.py"]


def test_code_that_is_asked_for_comes_along(
    cluster: Cluster, words: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = cluster.folder / "modules"
    folder.mkdir()
    (folder / "hadoop_extra_module.py").write_text("from hadoop_attached_module import SHOUT")
    (folder / "hadoop_attached_module.py").write_text("SHOUT = str.upper")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setattr(packages, "_attached_packages", [])
    hadoop.attach("hadoop_attached_module")
    run_task(words.HadoopShouting())
    assert cluster.lines("/shouted") == ["TO BE OR NOT TO BE"]
