"""A job's folder: what its script does, by the shell of this machine."""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from luigi.contrib._clusters.environment import exported
from luigi.contrib._clusters.folder import JobFolder
from luigi.contrib._clusters.words import plain

WORKING = "luigi.contrib._clusters.working"


@pytest.fixture
def folder(tmp_path: Path) -> JobFolder:
    return JobFolder(str(tmp_path / 'it\'s $(a) "folder";\n#SBATCH --hold'), "job")


@pytest.fixture
def task(tmp_path: Path) -> Callable[[str], Any]:
    from cluster_tasks import SlurmDoing

    return lambda doing: SlurmDoing(doing=doing, path=str(tmp_path / "out"))


def run(folder: JobFolder) -> int:
    with (folder.path / "job.out").open("wb") as out, (folder.path / "job.err").open("wb") as err:
        return subprocess.run(["sh", "job.sh"], cwd=folder.path, stdout=out, stderr=err, check=False).returncode


@pytest.mark.parametrize("with_code", [True, False])
def test_its_script_does_the_work_and_says_how_it_ended(
    with_code: bool, folder: JobFolder, task: Callable[[str], Any], told: Callable[[Any], Any]
) -> None:
    folder.pack(task("tell"), WORKING, with_code=with_code)
    assert folder.exit_code() is None
    assert run(folder) == 0
    assert folder.exit_code() == 0
    assert told(task("tell"))["cwd"] == str(Path.cwd())


def test_modules_that_it_names_come_along(
    folder: JobFolder, task: Callable[[str], Any], told: Callable[[Any], Any]
) -> None:
    folder.pack(task("borrow"), WORKING)
    assert run(folder) == 0
    assert told(task("borrow")) == ["to", "be"]


def test_work_that_fails_leaves_its_code_and_its_traceback_last(folder: JobFolder, task: Callable[[str], Any]) -> None:
    folder.pack(task("fail"), WORKING)
    assert run(folder) == 1
    assert folder.exit_code() == 1
    assert folder.printed().startswith("it begins\n")
    assert folder.printed().endswith("ValueError: the disk is full\n")


def test_where_the_workers_directory_is_not_there_it_works_in_its_folder(
    folder: JobFolder,
    task: Callable[[str], Any],
    told: Callable[[Any], Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "there only").mkdir()
    with monkeypatch.context() as patch:
        patch.chdir(tmp_path / "there only")
        folder.pack(task("tell"), WORKING)
    (tmp_path / "there only").rmdir()
    assert run(folder) == 0
    assert told(task("tell"))["cwd"] == str(folder.path)


def test_a_task_that_was_changed_on_the_way_is_not_read(folder: JobFolder, task: Callable[[str], Any]) -> None:
    folder.pack(task("tell"), WORKING)
    with (folder.path / "job-instance.pickle").open("ab") as file:
        file.write(b"more")
    assert run(folder) == 1
    assert "is not the file that was written for this job" in folder.printed()
    assert not task("tell").complete()


def test_a_job_whose_folder_is_gone_ends_when_it_begins(folder: JobFolder, task: Callable[[str], Any]) -> None:
    folder.pack(task("tell"), WORKING)
    spooled = (folder.path / "job.sh").read_text()
    folder.remove()
    assert not folder.path.exists()
    ran = subprocess.run(["sh", "-s"], input=spooled, text=True, capture_output=True, check=False)
    assert ran.returncode != 0
    assert not task("tell").complete()


def test_of_what_it_printed_the_end_is_shown(folder: JobFolder) -> None:
    (folder.path / "job.out").write_bytes(b"first" + b"." * 65536 + b"\xfflast\n")
    assert folder.printed().startswith("[11 bytes before this are left out]\n....")
    assert folder.printed().endswith("\ufffdlast\n")


def test_a_folder_that_cannot_be_removed_is_named(
    folder: JobFolder, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.WARNING, "luigi-interface")
    monkeypatch.setattr("shutil.rmtree", lambda path, ignore_errors: None)
    folder.remove()
    assert f"{folder.path}, which a job has left, cannot be removed" in caplog.text


def test_a_job_gets_of_the_environment_what_it_has_not() -> None:
    workers = {"PATH": "/workers", "JOB_ID": "7", "TEXT": "it's\ntwo $lines", "BASH_FUNC_x%%": "() { echo; }"}
    lines = [*exported(workers), 'printf "%s|" "$PATH" "$JOB_ID" "$TEXT"']
    given = {"PATH": "/jobs", "JOB_ID": "1"}
    ran = subprocess.run(["/bin/sh", "-c", "\n".join(lines)], env=given, text=True, capture_output=True, check=True)
    assert ran.stdout == "/workers|1|it's\ntwo $lines|"


@pytest.mark.parametrize(
    ("wanted", "name"),
    [("words", "words"), ("a/b c[1-9]:é", "a_b_c_1-9___"), ("-q", "_-q"), ("1st", "_1st"), ("", "_")],
)
def test_names_mean_nothing_else(wanted: str, name: str) -> None:
    assert plain(wanted) == name
