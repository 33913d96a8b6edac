"""The manual's command lines, run as a user runs them: flags (8.4.5, 8.4.6, 8.5.1) and ranges (8.8.3 to 8.8.6)."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PROGRAM = '''
import datetime

import luigi


class Multiplied(luigi.Task):
    """Prints a product."""

    a = luigi.IntParameter()
    b = luigi.IntParameter(default=45)
    long_name = luigi.IntParameter(default=1)

    def run(self):
        print("product", self.a * self.b * self.long_name)


class Below(luigi.Task):
    x = luigi.Parameter(default="default")

    def output(self):
        return luigi.LocalTarget(f"below-{self.x}.txt")

    def run(self):
        with self.output().open("w") as out:
            out.write(self.x)


class Above(luigi.Task):
    y = luigi.Parameter()
    with_own = luigi.BoolParameter()

    def requires(self):
        return [Below(x="own"), Below()] if self.with_own else Below()

    def output(self):
        return luigi.LocalTarget("above.txt")

    def run(self):
        with self.output().open("w") as out:
            out.write(self.y)


class Report(luigi.Task):
    """Written in the middle of the path, as range tools want it."""

    day = luigi.DateParameter()
    kind = luigi.Parameter(default="plain")
    size = luigi.IntParameter(default=1)

    def output(self):
        return luigi.LocalTarget(self.day.strftime(f"reports/%Y-%m-%d/{self.kind}-{self.size}.txt"))

    def run(self):
        self.output().open("w").close()


class AllReports(luigi.WrapperTask):
    """A dummy at the end of several chains."""

    day = luigi.DateParameter()

    def requires(self):
        yield Report(self.day, kind="short")
        yield Report(self.day, kind="long")


class Listed(luigi.Task):
    """Says itself, all at once, which days are done."""

    day = luigi.DateParameter()

    @classmethod
    def bulk_complete(cls, days):
        print("asked for", len(list(days)), "days")
        return [day for day in days if day.day % 2]

    def run(self):
        print("ran", self.day)
'''

Luigi = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def luigi(tmp_path: Path) -> Luigi:
    (tmp_path / "jobs.py").write_text(PROGRAM)

    def run(*arguments: str, module: str = "jobs") -> subprocess.CompletedProcess[str]:
        script = Path(sys.executable).with_name("luigi")
        command = [str(script), "--module", module, *arguments, "--local-scheduler", "--no-lock"]
        env = os.environ | {"PYTHONPATH": str(tmp_path)}
        return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)

    return run


def files(place: Path) -> list[str]:
    return sorted(path.relative_to(place).as_posix() for path in place.rglob("*.txt"))


# --- 8.5.1 the command line ------------------------------------------------------------------------------------


def test_flags_set_parameters(luigi: Luigi) -> None:
    assert "product 56088" in luigi("Multiplied", "--a", "123", "--b", "456").stdout
    assert "product 4500" in luigi("Multiplied", "--a", "100").stdout


def test_an_underscore_becomes_a_dash(luigi: Luigi) -> None:
    assert "product 90" in luigi("Multiplied", "--a", "1", "--long-name", "2").stdout


def test_the_module_can_be_run(tmp_path: Path, luigi: Luigi) -> None:
    command = [sys.executable, "-m", "luigi", "--module", "jobs", "Multiplied", "--a", "100", "--local-scheduler"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert "product 4500" in done.stdout


# --- 8.4.5 and 8.4.6 values for other classes, and which one counts --------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "configuration", "expected"),
    [
        ([], "", ["default"]),
        ([], "[Below]\nx: 45\n", ["45"]),
        (["--Below-x", "43"], "[Below]\nx: 45\n", ["43"]),
        (["--Below-x", "43", "--with-own"], "[Below]\nx: 45\n", ["43", "own"]),
        (["--Above-with-own"], "[Below]\nx: 45\n", ["45", "own"]),
        (["--with-own"], "[Above]\nwith_own: false\n", ["default", "own"]),
    ],
)
def test_constructor_then_class_level_flag_then_configuration_then_default(
    tmp_path: Path, luigi: Luigi, arguments: list[str], configuration: str, expected: list[str]
) -> None:
    (tmp_path / "luigi.cfg").write_text(configuration)
    assert luigi("Above", "--y", "42", *arguments).returncode == 0
    assert files(tmp_path) == ["above.txt", *(f"below-{x}.txt" for x in expected)]


# --- 8.8.3 to 8.8.6 ranges -------------------------------------------------------------------------------------

FAR_BACK = ["--days-back", "100000"]


def reports(kind: str, first: int, last: int) -> list[str]:
    return [f"reports/2014-10-{day:02}/{kind}.txt" for day in range(first, last + 1)]


def test_the_simple_range_asks_every_day(tmp_path: Path, luigi: Luigi) -> None:
    arguments = ["RangeDailyBase", "--of", "AllReports", "--start", "2014-10-28", "--stop", "2014-10-31", *FAR_BACK]
    assert "- 6 Report(day=2014-10-28, kind=long, size=1) ..." in luigi(*arguments).stderr
    assert files(tmp_path) == sorted(reports("long-1", 28, 30) + reports("short-1", 28, 30))
    assert "Did not run any tasks" in luigi(*arguments).stderr


def test_the_swift_range_finds_the_gaps_in_the_file_system(tmp_path: Path, luigi: Luigi) -> None:
    for day in (24, 26, 30):
        place = tmp_path / f"reports/2014-10-{day}"
        place.mkdir(parents=True)
        (place / "plain-1.txt").touch()
    done = luigi("RangeDaily", "--of", "Report", "--start", "2014-10-24", "--stop", "2014-10-31", *FAR_BACK)
    assert "- 4 Report(day=2014-10-25, kind=plain, size=1) ..." in done.stderr
    assert files(tmp_path) == reports("plain-1", 24, 30)


def test_the_swift_range_asks_a_class_that_can_tell_all_at_once(luigi: Luigi) -> None:
    done = luigi("RangeDaily", "--of", "Listed", "--start", "2014-10-25", "--stop", "2014-10-29", *FAR_BACK)
    assert "asked for 4 days" in done.stdout
    assert "- 2 Listed(day=2014-10-26,2014-10-28)" in done.stderr


def test_a_range_without_stop_ends_with_today(tmp_path: Path, luigi: Luigi) -> None:
    noon = datetime.datetime(2014, 10, 28, 12, tzinfo=datetime.UTC)
    luigi("RangeDaily", "--of", "Report", "--start", "2014-10-24", "--now", str(int(noon.timestamp())))
    assert files(tmp_path) == reports("plain-1", 24, 28)


def test_parameters_are_handed_on_through_the_range(tmp_path: Path, luigi: Luigi) -> None:
    arguments = ["RangeDaily", "--of", "Report", "--start", "2014-10-30", "--stop", "2014-11-01", *FAR_BACK]
    assert luigi(*arguments, "--of-params", '{"kind": "long", "size": 123}').returncode == 0
    assert files(tmp_path) == reports("long-123", 30, 31)


def test_parameters_can_be_set_for_the_class(tmp_path: Path, luigi: Luigi) -> None:
    arguments = ["RangeDaily", "--of", "Report", "--start", "2014-10-30", "--stop", "2014-11-01", *FAR_BACK]
    assert luigi(*arguments, "--Report-kind", "class").returncode == 0
    assert files(tmp_path) == reports("class-1", 30, 31)
