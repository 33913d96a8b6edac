"""`kernel outputs`: what is there and what is missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import luigi
from luigi.cli.outputs.made import CannotTell
from luigi.cli.outputs.outputs import main
from luigi.cli.usage import UsageError
from luigi.errors import BadOutput

TOP = f"{__name__}:OutputsTop"


class OutputsLeaf(luigi.ExternalTask):
    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget("leaf")


class OutputsTop(luigi.Task):
    missing = luigi.BoolParameter(default=False)

    def requires(self) -> OutputsLeaf:
        return OutputsLeaf()

    def output(self) -> dict[str, luigi.LocalTarget]:
        return {"one": luigi.LocalTarget("top-one"), "other": luigi.LocalTarget("a-longer-name")}


class OutputsBroken(luigi.Task):
    method = luigi.Parameter()

    def requires(self) -> OutputsTop:
        return OutputsTop()

    def output(self) -> object:
        if self.method == "output":
            raise KeyError("nothing here")
        return "a text" if self.method == "bad" else Away()


class OutputsUnsure(luigi.Task):
    def requires(self) -> OutputsTop:
        raise OSError("no list of days")

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(__file__)


class Away(luigi.Target):
    def exists(self) -> bool:
        raise ConnectionError("gone fishing")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_each_output_in_a_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "top-one").touch()
    assert main([TOP]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "there    top-one        OutputsTop(missing=False)",
        "missing  a-longer-name  OutputsTop(missing=False)",
    ]


def test_all_there_ends_well(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("top-one", "a-longer-name"):
        (folder / name).touch()
    assert main([TOP]) == 0
    assert main(["--missing", TOP]) == 0
    assert main(["--recursive", TOP]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "missing  leaf           OutputsLeaf()"


def test_only_what_is_missing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "top-one").touch()
    assert main(["--missing", "--recursive", "--json", TOP]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [(one["output"], one["exists"]) for one in told["outputs"]] == [("a-longer-name", False), ("leaf", False)]
    assert told["outputs"][1] == {
        "task_id": OutputsLeaf().task_id,
        "task": "OutputsLeaf()",
        "output": "leaf",
        "kind": "LocalTarget",
        "exists": False,
    }


def test_behind_the_task_an_option_of_its_own_wins(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([TOP, "--missing"]) == 1
    assert capsys.readouterr().out.count("OutputsTop(missing=True)") == 2


@pytest.mark.parametrize(
    ("method", "kind", "sentence"),
    [
        ("output", CannotTell, r"output\(\) raised KeyError: 'nothing here'"),
        ("exists", CannotTell, r"exists\(\) raised ConnectionError: gone fishing"),
        ("bad", BadOutput, "a text"),
    ],
)
def test_what_cannot_be_told_is_a_sentence(method: str, kind: type[Exception], sentence: str) -> None:
    with pytest.raises(kind, match=sentence):
        main([f"{__name__}:OutputsBroken", "--method", method])


def test_behind_what_cannot_tell_what_it_requires_may_be_more(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([f"{__name__}:OutputsUnsure", "--recursive"]) == 1
    told = capsys.readouterr()
    assert "requires() raised OSError: no list of days; what it requires is not looked at" in told.err
    assert told.out.startswith("there ")


def test_no_task_is_a_mistake_in_the_command_line() -> None:
    with pytest.raises(UsageError):
        main([])
