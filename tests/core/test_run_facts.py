"""What a run says of itself as it begins."""

from __future__ import annotations

import getpass
import os
import socket
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi import code_version as versions
from luigi.run_facts import run_began
from luigi.telling import MOST_ROOTS


class Begins(luigi.Task):
    n = luigi.IntParameter(default=1)
    key = luigi.Parameter(default="hunter2", visibility=luigi.parameter.ParameterVisibility.PRIVATE)


def test_it_says_who_runs_what_where_and_when() -> None:
    run = run_began("w", [Begins(n=1), Begins(n=2)], 12.5, ["luigi", "Begins", "--n", "1"])
    assert (run.run_id, run.at, run.command) == ("w", 12.5, "luigi Begins --n 1")
    assert (run.host, run.user) == (socket.gethostname(), getpass.getuser())
    assert run.roots == (Begins(n=1).task_id, Begins(n=2).task_id)


def test_it_tells_nothing_private() -> None:
    assert "hunter2" not in repr(run_began("w", [Begins()], 0.0, ["luigi", "Begins", "--key=hunter2", "hunter2"]))


def test_the_process_s_own_command_line_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["load.py", "some day"])
    assert run_began("w", [], 0.0).command == "load.py 'some day'"


def test_the_code_s_version_is_that_of_the_first_task_s_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(versions.VARIABLE, raising=False)
    assert run_began("w", [Begins()], 0.0).code_version == versions.commit(Path(__file__).parent)


def test_an_installed_program_has_no_working_copy_around_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Even if its environment stands in one."""
    monkeypatch.delenv(versions.VARIABLE, raising=False)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/HEAD").write_text("a" * 40)
    place = tmp_path / "venv/lib/site-packages/installed_tasks.py"
    place.parent.mkdir(parents=True)
    place.write_text("import luigi\nclass Installed(luigi.Task): pass\n")
    monkeypatch.syspath_prepend(str(place.parent))
    import importlib

    installed: Any = importlib.import_module("installed_tasks")
    assert run_began("w", [installed.Installed()], 0.0).code_version == ""


def test_of_very_many_tasks_the_first_are_named() -> None:
    run = run_began("w", [Begins(n=n) for n in range(MOST_ROOTS + 10)], 0.0)
    assert len(run.roots) == MOST_ROOTS


def test_a_program_without_tasks_is_where_it_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(versions.VARIABLE, raising=False)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/HEAD").write_text("b" * 40)
    monkeypatch.chdir(tmp_path)
    assert os.getcwd() == str(tmp_path)
    assert run_began("w", [], 0.0).code_version == "b" * 40
