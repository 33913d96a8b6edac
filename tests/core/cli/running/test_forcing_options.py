"""`kernel run --force`: whose an option is, what it does to a run, and that a program's own comes first."""

from __future__ import annotations

from typing import Any

import pytest

FORCED = """
import luigi


class Stable(luigi.Task):
    def output(self):
        return luigi.LocalTarget("stable.txt")

    def run(self):
        print("ran Stable")
        self.output().open("w").close()


class Above(luigi.Task):
    force = luigi.Parameter(default="none")
    dry_run = luigi.BoolParameter()

    def requires(self):
        return Stable()

    def output(self):
        return luigi.LocalTarget("above.txt")

    def run(self):
        print("ran Above", self.force, self.dry_run)
        self.output().open("w").close()
"""
NIGHTLY = "[core]\nno_lock = true\n\n[run.nightly]\nmodule = forced\ntask = Above\nforce = configured\n"


@pytest.fixture
def forced(shell: Any) -> Any:
    shell.write("forced.py", FORCED)
    shell.write("luigi.cfg", NIGHTLY)
    return shell


@pytest.mark.parametrize(
    ("args", "printed"),
    [
        (["forced:Above"], []),
        (["--force", "Stable", "forced:Above"], ["ran Stable"]),
        (["--force=Stab*", "--force", "Above", "forced:Above"], ["ran Stable", "ran Above none False"]),
        (["--force-upstream", "Above", "forced:Above"], ["ran Stable", "ran Above none False"]),
        (["forced:Above", "--force-downstream", "Stable"], ["ran Stable", "ran Above none False"]),
        (["--force", "Above", "forced:Above", "--force", "mine", "--dry-run"], ["ran Above mine True"]),
        (["forced:Above", "--force", "mine"], []),
        (["forced:Stable", "--force", "Stable"], ["ran Stable"]),
        (["--force", "Above", "nightly"], ["ran Above configured False"]),
        (["--module", "forced", "--force", "Stable", "Above"], ["ran Stable"]),
        (["--dry-run", "--force", "Above", "forced:Above"], None),
        (["--force", "Above", "--workers", "2", "forced:Above"], ["ran Above none False"]),
    ],
)
def test_what_runs_again(forced: Any, args: list[str], printed: list[str] | None) -> None:
    assert forced.kernel("run", "forced:Above").code == 0
    ended = forced.kernel("run", *args)
    if printed is None:
        assert (ended.code, "forced by --force Above" in ended.out) == (1, True)
    else:
        assert (ended.out.splitlines(), ended.code) == (printed, 0)


def test_the_help_has_them(forced: Any) -> None:
    for args in ((), ("forced:Above",)):
        out = forced.kernel("run", *args, "--help").out
        for option in ("--force PATTERN", "--force-upstream PATTERN", "--force-downstream PATTERN", "--dry-run"):
            assert option in out


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["--force", "Stabel", "forced:Above"], "no task is meant by 'Stabel'\nhint: did you mean Stable?"),
        (["--force", "Load(3)", "forced:Above"], "'Load(3)' is no pattern of tasks"),
        (["forced:Stable", "--force"], "argument --force: expected one argument"),
    ],
)
def test_mistakes(forced: Any, args: list[str], sentence: str) -> None:
    ended = forced.kernel("run", *args)
    assert ended.code != 0
    assert ended.err.startswith(f"error: {sentence}")


def test_luigi_itself_has_none_of_them(forced: Any) -> None:
    ended = forced.luigi("--module", "forced", "Stable", "--local-scheduler", "--force", "Stable")
    assert (ended.code, "unknown flag --force" in ended.err) == (2, True)
