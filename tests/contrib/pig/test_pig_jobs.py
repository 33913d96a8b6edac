"""Scripts of Pig as tasks, run by what stands in for Pig (programs/pig.py)."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.configuration import LuigiConfigParser
from luigi.contrib._jobs.program import ProgramMissing
from luigi.contrib._pig.errors import UnfitParameter
from luigi.contrib.pig import PigJobError, PigJobTask, PigRunContext
from luigi.task import Task
from luigi.testing.contracts import RemoteJobContract

PROGRAM = Path(__file__).with_name("programs") / "pig.py"
STRANGE = {
    "PLAIN": "2013-01-25",
    "PATH_": "/in/put file",
    "WORDS": 'it\'s "two" words',
    "COMMAND": "`touch /tmp/no`",
    "OTHER": "$PLAIN ${PLAIN} \\$PLAIN",
    "LINES": "a\nEXTRA=b",
    "BACK": "C:\\users \\' x",
    "UNICODE": "é 🐷",
    "EMPTY": "",
    "NUMBER": -7,
}


@pytest.fixture(autouse=True)
def pig_jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of what runs. Pig is installed, and configured."""
    for place in ("pig/bin/pig", "hadoop/mapred"):
        program = tmp_path / place
        program.parent.mkdir(parents=True)
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -S {PROGRAM} "$0" "$@"\n')
        program.chmod(0o755)
    jobs = tmp_path / "jobs"
    jobs.mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "hadoop"), prepend=os.pathsep)
    monkeypatch.setenv("PIG_JOBS", str(jobs))
    config = LuigiConfigParser.instance()
    config.set("pig", "home", str(tmp_path / "pig"))
    yield jobs
    config.remove_section("pig")


class PigScript(PigJobTask):
    """Runs what it is given."""

    folder = luigi.Parameter()
    script = luigi.Parameter(default="A = LOAD '$INPUT'; STORE A INTO '$OUTPUT'")
    parameters = luigi.DictParameter(default={})
    properties = luigi.DictParameter(default={})

    def pig_script_path(self) -> str:
        path = Path(self.folder) / "script.pig"
        path.write_text(self.script)
        return str(path)

    def pig_parameters(self) -> dict[str, Any]:
        return {**self.parameters, "INPUT": self.script_input(), "OUTPUT": self.output().path}

    def script_input(self) -> str:
        path = Path(self.folder) / "the input"
        path.write_text("fish\n")
        return str(path)

    def pig_properties(self) -> dict[str, Any]:
        return dict(self.properties)

    def pig_options(self) -> Sequence[str]:
        return ["-x", "local"]

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(str(Path(self.folder) / "out"))


class TestPigJobs(RemoteJobContract):
    last_words = "Input path does not exist"
    says_where = True

    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path, pig_jobs: Path) -> None:
        self._folder, self._jobs = tmp_path, pig_jobs

    def script(self, text: str) -> Task:
        return PigScript(folder=str(self._folder), script=text)

    def succeeding(self) -> Task:
        return self.script("job true; A = LOAD '$INPUT'; STORE A INTO '$OUTPUT'")

    def failing(self) -> Task:
        return self.script("A = LOAD 'nowhere'; STORE A INTO '$OUTPUT'")

    def endless(self) -> Task:
        return self.script("job sleep 600")

    def is_running(self, task: Task) -> bool:
        return any(Path(f"/proc/{job.read_text()}").exists() for job in self._jobs.iterdir() if job.read_text())


def test_the_output_is_what_the_script_makes(tmp_path: Path) -> None:
    task = PigScript(folder=str(tmp_path))
    assert not task.complete()
    task.run()
    assert (tmp_path / "out" / "part-m-00000").read_text() == "fish\n"


def test_parameters_reach_the_script_as_they_are(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "luigi-interface")
    PigScript(folder=str(tmp_path), parameters=STRANGE).run()
    said, _, home = next(line for line in caplog.messages if line.startswith("{")).rpartition(" ")
    values = ast.literal_eval(said)
    assert {name: values[name] for name in STRANGE} == {name: str(value) for name, value in STRANGE.items()}
    assert home == str(tmp_path / "pig")


def test_properties_reach_pig_as_they_are(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    given = {"a.b": "c=d", "key: 1": " two  ", "path": "C:\\new", "lines": "a\nb=c", "é": "🐷", "n": 3}
    caplog.set_level("INFO", "luigi-interface")
    PigScript(folder=str(tmp_path), properties=given).run()
    said = next(line for line in caplog.messages if line.startswith("{"))
    assert ast.literal_eval(said) == {name: str(value) for name, value in given.items()}


@pytest.mark.parametrize("wrong", [{"two words": "1"}, {"A=1\nB": "1"}, {"1": "1"}, {"A": "a b\\"}])
def test_what_pig_cannot_have_as_a_parameter_is_refused(wrong: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(UnfitParameter, match="Pig cannot have the parameter"):
        PigScript(folder=str(tmp_path), parameters=wrong).run()


def test_files_of_parameters_are_read_by_this_user_only_and_removed(tmp_path: Path) -> None:
    seen: list[Path] = []

    class Looking(PigScript):
        def track_and_progress(self, cmd: Sequence[str]) -> None:
            seen.append(Path(cmd[cmd.index("-param_file") + 1]))
            assert seen[0].parent.stat().st_mode & 0o777 == 0o700

    Looking(folder=str(tmp_path)).run()
    assert not seen[0].exists()


def test_progress_and_place_are_reported_while_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Any] = []
    for name in ("set_tracking_url", "set_progress_percentage", "set_status_message"):
        monkeypatch.setattr(PigScript, name, lambda task, what: said.append(what))
    PigScript(folder=str(tmp_path), script="job true; job true").run()
    numbers = [what for what in said if isinstance(what, int)]
    assert numbers == [0, 50, 100]
    assert said[1] == "Pig: 0% complete"
    assert said[2].startswith("http://127.0.0.1:50030/jobdetails.jsp?jobid=job_1700000000000_")
    assert said[4].endswith(": 50% complete")
    assert said[4].startswith("job_1700000000000_")


def test_the_error_has_what_pig_printed(tmp_path: Path) -> None:
    with pytest.raises(PigJobError) as error:
        PigScript(folder=str(tmp_path), script="job false").run()
    assert str(error.value).startswith("Pig script (job job_1700000000000_")
    assert error.value.message.endswith("failed with return value: 1")
    assert "ERROR 6017" in (error.value.err or "")
    assert "INPUT" in (error.value.out or "")


def test_an_error_made_by_hand_says_what_it_was_given() -> None:
    assert str(PigJobError("failed", "out", "err")) == "failed\nSTDOUT: out\nSTDERR: err"
    assert str(PigJobError("failed")) == "failed"


def test_environment_variables_are_pigs(tmp_path: Path) -> None:
    class Printing(PigScript):
        def pig_env_vars(self) -> dict[str, str]:
            return {"PIG_CLASSPATH": "/a b"}

    task = Printing(folder=str(tmp_path))
    task.track_and_progress(["sh", "-c", f'echo "$PIG_CLASSPATH $PIG_HOME" > {tmp_path}/said'])
    assert (tmp_path / "said").read_text() == f"/a b {tmp_path}/pig\n"


def test_where_there_is_no_pig(tmp_path: Path) -> None:
    LuigiConfigParser.instance().set("pig", "home", str(tmp_path / "nowhere"))
    with pytest.raises(ProgramMissing, match="nowhere/bin/pig") as error:
        PigScript(folder=str(tmp_path)).run()
    assert "[pig] home" in error.value.hint


def test_by_default_pig_is_where_its_packages_put_it() -> None:
    LuigiConfigParser.instance().remove_section("pig")
    task = PigJobTask()
    assert task.pig_command_path() == "/usr/share/pig/bin/pig"
    assert [task.pig_env_vars(), task.pig_parameters(), task.pig_properties(), task.pig_options()] == [{}, {}, {}, []]
    with pytest.raises(NotImplementedError, match=r"pig_script_path\(\)"):
        task.pig_script_path()
    with pytest.raises(NotImplementedError, match=r"output\(\)"):
        task.output()


def test_a_context_that_has_heard_of_no_job_kills_none() -> None:
    with PigRunContext() as context:
        context.kill_job()
    assert context.job_id is None
