"""`kernel clean`: all or nothing, only what was asked for, and only with --yes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import luigi
from luigi.cli.outputs.clean import CannotRemove, main
from luigi.cli.outputs.removal import StoppedHalfway
from luigi.task_patterns import UnmatchedPattern

LAST = f"{__name__}:CleanedLast"


class CleanedSource(luigi.ExternalTask):
    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget("in/source.csv")


class CleanedFirst(luigi.Task):
    n = luigi.IntParameter()

    def requires(self) -> CleanedSource:
        return CleanedSource()

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"out/first-{self.n}")


class CleanedLast(luigi.Task):
    def requires(self) -> list[CleanedFirst]:
        return [CleanedFirst(n) for n in range(3)]

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget("out/last")


class CleanedFolder(luigi.Task):
    """Makes a folder that another's output lies in."""

    def requires(self) -> CleanedFirst:
        return CleanedFirst(0)

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget("out")


class Flag(luigi.Target):
    """Cannot be removed."""

    def exists(self) -> bool:
        return True


class Stubborn(luigi.LocalTarget):
    """Looks as if it could be removed."""

    def remove(self) -> None:
        raise OSError("not today")


class CleanedFlag(luigi.Task):
    def requires(self) -> CleanedLast:
        return CleanedLast()

    def output(self) -> list[luigi.Target]:
        return [luigi.LocalTarget("out/flagged"), Flag()]


class CleanedStubborn(luigi.Task):
    def output(self) -> list[luigi.Target]:
        return [luigi.LocalTarget("out/first-0"), Stubborn("out/stubborn"), luigi.LocalTarget("out/first-2")]


class Bell(luigi.Target):
    """Nothing but its kind can be told of it."""

    def __init__(self, n: int) -> None:
        self.n = n

    def exists(self) -> bool:
        return self.n in rung

    def remove(self) -> None:
        rung.remove(self.n)


rung: set[int] = set()


class CleanedBells(luigi.Task):
    def output(self) -> list[luigi.Target]:
        return [Bell(1), Bell(2), Bell(3)]


class CleanedUntold(luigi.Task):
    secret = luigi.Parameter(default="marker-4711", visibility=luigi.parameter.ParameterVisibility.PRIVATE)

    def requires(self) -> None:
        raise LookupError(self.secret)

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"out/{self.secret}")


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("in/source.csv", "out/last", "out/first-0", "out/first-1", "out/first-2", "out/flagged"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("content")
    return tmp_path


def left(files: Path) -> set[str]:
    return {path.name for path in files.rglob("*") if path.is_file()}


ALL = {"source.csv", "last", "first-0", "first-1", "first-2", "flagged"}


def test_without_yes_nothing_goes(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([LAST, "--recursive"]) == 0
    assert left(files) == ALL
    assert capsys.readouterr().out.splitlines() == [
        "would remove  out/last     CleanedLast()",
        "would remove  out/first-0  CleanedFirst(n=0)",
        "would remove  out/first-1  CleanedFirst(n=1)",
        "would remove  out/first-2  CleanedFirst(n=2)",
        "4 to remove; --yes removes",
    ]


def test_the_task_itself_is_meant(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([LAST, "--yes"]) == 0
    assert left(files) == ALL - {"last"}
    assert capsys.readouterr().out == "removed  out/last  CleanedLast()\n"
    assert main([LAST, "--yes"]) == 0
    assert capsys.readouterr().out == "nothing to remove\n"


@pytest.mark.parametrize(
    ("argv", "gone"),
    [
        (["--recursive"], {"last", "first-0", "first-1", "first-2"}),
        (["--only", "CleanedFirst(n=1)"], {"first-1"}),
        (["--only", "CleanedFirst(n=1)", "--only", "CleanedL*"], {"first-1", "last"}),
        (["--downstream", "CleanedFirst(n=2)"], {"first-2", "last"}),
        (["--upstream", "CleanedFirst(n=2)"], {"first-2"}),
        (["--upstream", "CleanedLast"], {"last", "first-0", "first-1", "first-2"}),
    ],
)
def test_patterns_choose(files: Path, argv: list[str], gone: set[str]) -> None:
    assert main([LAST, *argv, "--yes"]) == 0
    assert left(files) == ALL - gone


def test_a_pattern_that_means_nothing_is_a_mistake(files: Path) -> None:
    with pytest.raises(UnmatchedPattern) as caught:
        main([LAST, "--only", "CleanedFrist", "--yes"])
    assert "CleanedFirst" in caught.value.hint
    assert left(files) == ALL


@pytest.mark.parametrize(
    ("argv", "why"),
    [
        ([f"{__name__}:CleanedFlag", "--recursive"], "Flag has no remove"),
        ([LAST, "--only", "CleanedSource", "--only", "CleanedLast"], "external"),
        ([f"{__name__}:CleanedFolder"], "holds, out/first-0 of CleanedFirst"),
    ],
)
def test_what_cannot_be_removed_keeps_the_rest(files: Path, argv: list[str], why: str) -> None:
    with pytest.raises(CannotRemove, match=why):
        main([*argv, "--yes"])
    assert left(files) == ALL


def test_a_refusal_as_json(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([f"{__name__}:CleanedFlag", "--yes", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["version"], told["removed"]) == (1, False)
    assert [one["output"] for one in told["outputs"]] == ["out/flagged", "Flag()"]
    assert [one["output"] for one in told["refused"]] == ["Flag()"]
    assert left(files) == ALL


def test_what_fails_after_all_is_told(files: Path) -> None:
    (files / "out/stubborn").touch()
    with pytest.raises(StoppedHalfway, match="out/stubborn: cannot be removed: OSError: not today") as caught:
        main([f"{__name__}:CleanedStubborn", "--yes"])
    assert caught.value.hint.startswith("1 of 3")
    assert left(files) == (ALL | {"stubborn"}) - {"first-0"}


def test_a_folder_goes_with_all_in_it(files: Path) -> None:
    assert main([f"{__name__}:CleanedFolder", "--recursive", "--yes"]) == 0
    assert left(files) == {"source.csv"}


def test_what_has_no_name_goes_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    rung.update({1, 3})
    assert main([f"{__name__}:CleanedBells", "--yes"]) == 0
    assert rung == set()
    assert capsys.readouterr().out.splitlines() == ["removed  Bell()  CleanedBells()"] * 2


def test_the_folder_one_is_in_stays(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(files / "out")
    (files / "out/out").symlink_to(files / "out")
    (files / "out/inner/deep").mkdir(parents=True)
    assert main([f"{__name__}:CleanedFolder", "--yes", "--recursive"]) == 0  # a link to where one is goes alone
    assert left(files) == ALL
    monkeypatch.chdir(files / "out/inner/deep")
    reason = luigi.LocalTarget.fs.why_not_remove(str(files / "out/inner"))
    assert reason == "the current folder is in it"
    assert luigi.LocalTarget.fs.why_not_remove(str(files / "out/inner-2")) is None


def test_private_values_are_not_told(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "out/marker-4711").touch()
    assert main([f"{__name__}:CleanedUntold", "--yes"]) == 0
    said = capsys.readouterr()
    assert said.out == "removed  out/***  CleanedUntold(secret=***)\n"
    assert "LookupError: ***; what it requires is not looked at" in said.err
    assert not (files / "out/marker-4711").exists()
