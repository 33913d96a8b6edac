"""Range tasks from the command line: nothing to import for them, and they catch up over several runs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

REPORTS = """
import luigi

class AllReports(luigi.Task):
    day = luigi.DateParameter()
    kind = luigi.Parameter(default="plain")

    def output(self):
        return luigi.LocalTarget(f"{self.kind}-{self.day}")

    def run(self):
        with self.output().open("w") as out:
            out.write(f"{self.day}\\n")
"""


@pytest.fixture
def luigi_command(tmp_path):
    """Run `luigi` with these arguments in a directory with the module all_reports: (exit code, stdout and stderr)."""
    (tmp_path / "all_reports.py").write_text(REPORTS)

    def run(*arguments, **environment):
        done = subprocess.run(
            [sys.executable, "-m", "luigi", *arguments, "--local-scheduler", "--no-lock"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
        )
        return done.returncode, done.stdout

    return run


def made(tmp_path):
    return sorted(path.name for path in tmp_path.iterdir() if "2015" in path.name)


RANGE = ("RangeDaily", "--of", "AllReports", "--start", "2015-01-01", "--stop", "2015-01-05", "--now", "1420588800")


def test_a_range_runs_what_is_missing_and_then_nothing(luigi_command, tmp_path):
    (tmp_path / "plain-2015-01-02").touch()
    code, told = luigi_command("--module", "all_reports", *RANGE, "--task-limit", "2")
    assert code == 0, told
    assert made(tmp_path) == ["plain-2015-01-01", "plain-2015-01-02", "plain-2015-01-03"]
    assert luigi_command("--module", "all_reports", *RANGE)[0] == 0
    assert made(tmp_path) == [f"plain-2015-01-0{day}" for day in (1, 2, 3, 4)]
    before = (tmp_path / "plain-2015-01-04").stat().st_mtime_ns
    assert luigi_command("--module", "all_reports", *RANGE)[0] == 0
    assert (tmp_path / "plain-2015-01-04").stat().st_mtime_ns == before


@pytest.mark.parametrize("given", [("--of-params", '{"kind": "fine"}'), ("--AllReports-kind", "fine")])
def test_parameters_are_handed_on(luigi_command, tmp_path, given):
    code, told = luigi_command("--module", "all_reports", *RANGE, *given)
    assert code == 0, told
    assert made(tmp_path) == [f"fine-2015-01-0{day}" for day in (1, 2, 3, 4)]


def test_without_autoload_it_has_to_be_named(luigi_command, tmp_path):
    (tmp_path / "luigi.cfg").write_text("[core]\nautoload_range: false\n")
    code, told = luigi_command("--module", "all_reports", *RANGE)
    assert code == 1
    assert "RangeDaily" in told
    assert luigi_command("--module", "luigi.tools.range", "RangeDaily", "--help")[0] == 0


def test_bounds_that_make_no_range_fail_the_scheduling(luigi_command, tmp_path):
    (tmp_path / "luigi.cfg").write_text("[retcode]\nscheduling_error: 35\n")
    code, told = luigi_command("--module", "all_reports", "RangeDaily", "--of", "AllReports")
    assert code == 35
    assert "RangeDaily: neither start nor stop is given" in told
    assert "1 failed scheduling" in told
