"""What ran, on the command line, read from the history itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from luigi.configuration import get_config

LOADING = """
import luigi


class Loads(luigi.Task):
    day = luigi.Parameter()
    key = luigi.Parameter(default="swordfish", visibility=luigi.parameter.ParameterVisibility.PRIVATE)

    def complete(self):
        return False

    def run(self):
        if self.day == "monday":
            raise OSError("no Mondays")
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a history of three runs."""
    pytest.importorskip("sqlalchemy")
    folder = tmp_path_factory.mktemp("loads")
    (folder / "loading.py").write_text(LOADING)
    (folder / "luigi.cfg").write_text("[task_history]\ndb_connection = sqlite:///history.db\nlocal_runs = true\n")
    for day in ("monday", "tuesday", "monday"):
        run = [str(Path(sys.executable).with_name("kernel")), "run", "loading:Loads", "--day", day]
        subprocess.run(run, cwd=folder, capture_output=True, timeout=60, check=False)
    return folder


@pytest.fixture
def past(place: Path, kernel: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs `kernel history` with this history."""
    get_config().set("task_history", "db_connection", f"sqlite:///{place / 'history.db'}")
    yield lambda *args: kernel("history", *args)
    get_config().remove_section("task_history")


def test_tasks_are_told_the_last_first(past: Any) -> None:
    said = past()
    assert said.code == 0
    head, *rows = said.out.splitlines()
    assert head.split() == ["WHEN", "STATUS", "TASK", "TOOK", "LAST", "ERROR"]
    assert [row.split()[2] for row in rows] == ["FAILED", "DONE", "FAILED"]
    assert rows[0].endswith("OSError: no Mondays")
    assert "swordfish" not in said.out


def test_a_document_has_what_there_is(past: Any) -> None:
    tasks = past("--json").json["tasks"]
    assert [(task["family"], task["params"]["day"], task["status"]) for task in tasks] == [
        ("Loads", "monday", "FAILED"),
        ("Loads", "tuesday", "DONE"),
        ("Loads", "monday", "FAILED"),
    ]
    assert "swordfish" not in str(tasks)


def test_they_are_narrowed(past: Any) -> None:
    def days(*flags: str) -> list[str]:
        return [task["params"]["day"] for task in past("--json", *flags).json["tasks"]]

    assert days("--status", "done") == ["tuesday"]
    assert days("--family", "Loads", "--limit", "1") == ["monday"]
    assert days("--family", "Other") == []
    assert days("--since", "1h") == ["monday", "tuesday", "monday"]
    assert days("--since", "2999-01-01") == []
    assert past("--since", "2999-01-01").out == "nothing\n"


def test_a_time_that_is_none_is_a_command_line_that_cannot_be_read(past: Any) -> None:
    said = past("--since", "soon")
    assert (said.code, said.err.splitlines()[0]) == (2, "error: --since soon: it is no time")


def test_of_one_task_every_attempt_is_told(past: Any) -> None:
    attempts = past("Loads_monday", "--json").json["attempts"]
    assert [attempt["status"] for attempt in attempts] == ["FAILED", "FAILED"]
    assert past(attempts[0]["task_id"]).out.splitlines()[1].endswith("OSError: no Mondays")
    several = past("Loads")
    assert (several.code, several.err.splitlines()[0]) == (1, "error: the ids of 2 tasks begin with 'Loads'")


def test_runs_are_told_and_one_with_its_attempts(past: Any) -> None:
    runs = past("--runs", "--json").json["runs"]
    assert [run["status"] for run in runs] == ["FAILED", "SUCCESS", "FAILED"]
    assert past("--runs", "--status", "success", "--json").json["runs"] == [runs[1]]
    run = past("--run", str(runs[0]["run"]), "--json").json["run"]
    assert (run["counts"], [one["status"] for one in run["attempts"]]) == ({"FAILED": 1}, ["FAILED"])
    assert past("--run", str(runs[0]["run"])).out.splitlines()[2] == "1 FAILED"
    assert past("--runs", "Loads_monday").code == 2
    none = past("--run", "99")
    assert (none.code, none.err.splitlines()[0]) == (1, "error: the history has no run 99")


def test_the_nearest_family_is_named(past: Any) -> None:
    said = past("Lods_monday")
    assert (said.code, said.err) == (1, "error: the history has no task 'Lods_monday'\nhint: did you mean Loads?\n")


def test_without_a_history_it_is_said_how_to_keep_one(kernel: Any) -> None:
    said = kernel("history")
    assert said.code == 1
    assert said.err.startswith("error: no history is kept here\nhint: [task_history] ")
