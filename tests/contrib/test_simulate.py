"""RunAnywayTarget: done for a program and all its processes, and for no other one."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

import luigi
from luigi.clock import SYSTEM
from luigi.contrib.simulate import RunAnywayTarget
from luigi.testing import run_task

PROGRAM = """
import os, sys, luigi
from luigi.contrib.simulate import RunAnywayTarget

class EachTime(luigi.Task):
    name = luigi.Parameter()

    def output(self):
        return RunAnywayTarget(self)

    def run(self):
        with open("ran", "a") as file:
            file.write(self.name)
        self.output().done()

class Both(luigi.WrapperTask):
    def requires(self):
        return EachTime("a"), EachTime("b")

if __name__ == "__main__":
    assert luigi.build([Both()], workers=2, local_scheduler=True, log_level="ERROR")
    assert Both().complete()
    for again in sys.argv[1:]:
        os.execv(sys.executable, [sys.executable, __file__])
"""


@pytest.fixture(autouse=True)
def marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the marks."""
    monkeypatch.setattr(RunAnywayTarget, "temp_dir", str(tmp_path / "marks"))
    return tmp_path / "marks"


class RunsAnyway(luigi.Task):
    """Counts its runs."""

    name = luigi.Parameter(default="a")
    runs: list[str] = []

    def output(self) -> RunAnywayTarget:
        return RunAnywayTarget(self)

    def run(self) -> None:
        self.runs.append(self.name)
        self.output().done()


def test_it_exists_once_it_is_done(marks: Path) -> None:
    target = RunAnywayTarget(RunsAnyway())
    assert not target.exists()
    assert not marks.exists()
    target.done()
    target.done()
    assert target.exists()
    assert RunAnywayTarget(RunsAnyway()).exists()
    assert not RunAnywayTarget(RunsAnyway(name="b")).exists()
    assert str(target) == RunsAnyway().task_id
    assert Path(target.get_path()).parent.parent == marks


def test_a_failed_task_is_not_done() -> None:
    class FailsAnyway(RunsAnyway):
        def run(self) -> None:
            raise ValueError("of the test")

    with pytest.raises(ValueError, match="of the test"):
        run_task(FailsAnyway())
    assert not FailsAnyway().complete()


def test_nobody_else_reads_the_marks_and_everybody_can_make_some(marks: Path) -> None:
    RunAnywayTarget(RunsAnyway()).done()
    (own,) = marks.iterdir()
    assert (own.stat().st_mode & 0o777, marks.stat().st_mode & 0o7777) == (0o700, 0o1777)


def test_marks_of_long_ago_are_removed(marks: Path) -> None:
    for name, age in (("old", 25 * 3600), ("fresh", 3600)):
        (marks / name).mkdir(parents=True)
        (marks / name / "mark").touch()
        then = SYSTEM.now() - age
        os.utime(marks / name, (then, then))
    (marks / "file").touch()
    os.utime(marks / "file", (1, 1))
    RunAnywayTarget(RunsAnyway()).done()
    assert {path.name for path in marks.iterdir()} == {"fresh", "file", RunAnywayTarget(RunsAnyway()).unique}


def test_several_may_remove_old_marks_at_once(marks: Path) -> None:
    for number in range(500):
        (marks / str(number)).mkdir(parents=True)
        os.utime(marks / str(number), (1, 1))
    together = Barrier(4)

    def begin(_: int) -> None:
        together.wait(30)
        RunAnywayTarget(RunsAnyway()).done()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(begin, range(4)))
    assert [path.name for path in marks.iterdir()] == [RunAnywayTarget(RunsAnyway()).unique]


@pytest.mark.parametrize("method", ["", "spawn", "forkserver"])
def test_a_program_runs_it_once_and_the_next_one_again(tmp_path: Path, method: str) -> None:
    """The second is begun by the first in its place: with its variables, and the same id of a process."""
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "luigi.cfg").write_text(f"[processes]\nstart_method = {method}\n" if method else "")
    surroundings = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [sys.executable, str(tmp_path / "program.py"), "again"]
    subprocess.run(command, cwd=tmp_path, check=True, env=surroundings, timeout=50)
    ran = (tmp_path / "ran").read_text()
    assert sorted(ran) == ["a", "a", "b", "b"]
    assert len(list((tmp_path / "luigi-simulate").iterdir())) == 2
