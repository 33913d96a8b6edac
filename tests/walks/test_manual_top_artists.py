"""The manual's first chapter (8.1) as a user walks it: streams of plays, counted by singer, and the ten most played.

Left out: the variant on Spark and the load into Postgres (outside systems), the central planner (a server).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = '''
"""Who was played most."""

from collections import Counter
from heapq import nlargest

import luigi


class Plays(luigi.ExternalTask):
    """A log that somebody delivers every day: time, singer, song."""

    day = luigi.DateParameter()

    def output(self):
        return luigi.LocalTarget(self.day.strftime("data/plays_%Y_%m_%d.tsv"))


class PlaysBySinger(luigi.Task):
    """How often each singer was played."""

    interval = luigi.DateIntervalParameter()

    def requires(self):
        return [Plays(day) for day in self.interval]

    def output(self):
        return luigi.LocalTarget(f"data/by_singer_{self.interval}.tsv")

    def run(self):
        counts = Counter()
        for target in self.input():
            with target.open("r") as log:
                for line in log:
                    time, singer, song = line.split()
                    counts[singer] += 1
        with self.output().open("w") as out:
            for singer, count in sorted(counts.items()):
                print(singer, count, file=out)


class TopSingers(luigi.Task):
    """The most played singers."""

    interval = luigi.DateIntervalParameter()
    short = luigi.BoolParameter()

    def requires(self):
        return PlaysBySinger(self.interval)

    def output(self):
        return luigi.LocalTarget(f"data/top_{self.interval}.tsv")

    def run(self):
        with self.output().open("w") as out:
            for count, singer in nlargest(2 if self.short else 10, self._counts()):
                print(self.interval.date_a, self.interval.date_b, singer, count, file=out)

    def _counts(self):
        with self.input().open("r") as counted:
            for line in counted:
                singer, count = line.split()
                yield int(count), singer


if __name__ == "__main__":
    luigi.run()
'''


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The program and a week of logs: on day n of the week, the first n singers are played n times each."""
    (tmp_path / "charts.py").write_text(PROGRAM)
    (tmp_path / "data").mkdir()
    for day in range(1, 8):
        lines = [f"12:00 singer{singer} song{play}" for singer in range(day) for play in range(day)]
        (tmp_path / "data" / f"plays_2012_06_0{day}.tsv").write_text("\n".join(lines) + "\n")
    return tmp_path


def run(place: Path, *command: str, **environment: str) -> str:
    """Output and errors of a command that succeeds."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=place, env=env | environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def luigi(place: Path, task: str, *arguments: str) -> str:
    script = str(Path(sys.executable).with_name("luigi"))
    return run(place, script, "--module", "charts", task, "--local-scheduler", *arguments, PYTHONPATH=".")


def test_counting_a_week(place: Path) -> None:
    said = luigi(place, "PlaysBySinger", "--interval", "2012-06-01-2012-06-08")
    assert "* 7 complete ones were encountered:\n    - 7 Plays(day=2012-06-01...2012-06-07)" in said
    assert "* 1 ran successfully:\n    - 1 PlaysBySinger(interval=2012-06-01-2012-06-08)" in said
    counted = (place / "data" / "by_singer_2012-06-01-2012-06-08.tsv").read_text().splitlines()
    assert counted == [f"singer{n} {sum(range(n + 1, 8))}" for n in range(7)]


def test_a_second_run_does_nothing_until_the_output_is_gone(place: Path) -> None:
    arguments = ["PlaysBySinger", "--interval", "2012-06-01-2012-06-08"]
    output = place / "data" / "by_singer_2012-06-01-2012-06-08.tsv"
    luigi(place, *arguments)
    output.write_text("as it was\n")
    assert "Did not run any tasks" in luigi(place, *arguments)
    assert output.read_text() == "as it was\n"
    output.unlink()
    assert "Did not run any tasks" not in luigi(place, *arguments)
    assert output.read_text().startswith("singer0 28\n")


def test_a_month_lacks_the_days_that_were_not_delivered(place: Path) -> None:
    said = luigi(place, "PlaysBySinger", "--interval", "2012-06")
    assert "* 23 were missing external dependencies:\n        - 23 Plays(day=2012-06-08...2012-06-30)" in said
    assert "This progress looks :| because there were missing external dependencies" in said
    assert not (place / "data" / "by_singer_2012-06.tsv").exists()


def test_the_last_step_runs_both(place: Path) -> None:
    said = luigi(place, "TopSingers", "--interval", "2012-06-01-2012-06-08")
    assert "* 2 ran successfully:" in said
    top = (place / "data" / "top_2012-06-01-2012-06-08.tsv").read_text().splitlines()
    assert top[:2] == ["2012-06-01 2012-06-08 singer0 28", "2012-06-01 2012-06-08 singer1 27"]
    assert len(top) == 7


def test_a_flag_without_value_is_true(place: Path) -> None:
    luigi(place, "TopSingers", "--interval", "2012-06-01-2012-06-08", "--short")
    assert len((place / "data" / "top_2012-06-01-2012-06-08.tsv").read_text().splitlines()) == 2


def test_a_module_that_is_not_on_the_path_is_told_with_the_way_out(place: Path) -> None:
    script = str(Path(sys.executable).with_name("luigi"))
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [script, "--module", "charts", "TopSingers", "--interval", "2012-06", "--local-scheduler"]
    done = subprocess.run(command, cwd=place, env=env, text=True, capture_output=True)
    assert done.returncode == 1
    assert "error: there is no module 'charts'" in done.stderr
    assert "PYTHONPATH" in done.stderr


def test_a_module_in_a_package(place: Path) -> None:
    (place / "music").mkdir()
    (place / "charts.py").rename(place / "music" / "charts.py")
    arguments = ["--module", "music.charts", "TopSingers", "--local-scheduler", "--interval", "2012-06-01-2012-06-08"]
    run(place, sys.executable, "-m", "luigi", *arguments, PYTHONPATH=".")
    assert (place / "data" / "top_2012-06-01-2012-06-08.tsv").exists()


def test_help_shows_the_flags(place: Path) -> None:
    script = str(Path(sys.executable).with_name("luigi"))
    everything = run(place, script, "--module", "charts", "TopSingers", "--help", PYTHONPATH=".")
    assert {"--interval", "--short", "--local-scheduler", "--module"} <= set(everything.replace(",", " ").split())


def test_the_file_is_a_program_of_its_own(place: Path) -> None:
    arguments = ["TopSingers", "--local-scheduler", "--interval", "2012-06-01-2012-06-08"]
    run(place, sys.executable, "charts.py", *arguments)
    assert (place / "data" / "top_2012-06-01-2012-06-08.tsv").exists()
