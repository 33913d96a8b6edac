"""`kernel orphans`: files that no task makes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import luigi
from luigi.cli.outputs.made import CannotTell
from luigi.cli.outputs.module_tasks import NothingToMake
from luigi.cli.outputs.orphans import NoFolder, main
from luigi.cli.usage import UsageError
from luigi.configuration import get_config

TOP = f"{__name__}:OrphansTop"


class OrphansDay(luigi.Task):
    day = luigi.IntParameter()

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"data/days/{self.day}.txt")


class OrphansTop(luigi.Task):
    def requires(self) -> list[OrphansDay]:
        return [OrphansDay(1), OrphansDay(2)]

    def output(self) -> list[luigi.LocalTarget]:
        return [luigi.LocalTarget("data/folder/"), luigi.LocalTarget("data/part-*.csv")]


class OrphansUntold(luigi.Task):
    day = luigi.IntParameter()

    def requires(self) -> None:
        raise RuntimeError("who knows")


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in (
        *("days/1.txt", "days/3.txt", "folder/any/thing", "folder-2/thing", "part-1.csv", "stray"),
        *("days/.luigi-fingerprints/a.json", "days/2.txt-luigi-tmp-0123456789"),
    ):
        (tmp_path / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / name).write_text("abc")
    return tmp_path / "data"


def test_files_that_no_task_makes(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "link").symlink_to(data / "folder")
    assert main(["data", TOP]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "data/link",
        "data/stray",
        "data/days/2.txt-luigi-tmp-0123456789",
        "data/days/3.txt",
        "data/folder-2/thing",
    ]
    assert "5 files" in said.err
    assert "1 of them left over" in said.err


def test_none_is_fine(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(data / "folder"), TOP]) == 0
    assert capsys.readouterr() == ("", "")


def test_where_one_stands_makes_no_difference(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data.parent / "way").symlink_to(data)
    assert main(["way/days", "--json", TOP]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told == {
        "version": 1,
        "files": [
            {"path": "way/days/2.txt-luigi-tmp-0123456789", "bytes": 3, "leftover": True},
            {"path": "way/days/3.txt", "bytes": 3, "leftover": False},
        ],
    }


def test_a_module_alone_means_what_needs_no_parameters(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data/days", "--module", __name__]) == 1
    said = capsys.readouterr()
    assert "data/days/3.txt" in said.out
    assert "data/days/1.txt" not in said.out
    assert "left out, as they need parameters: OrphansDay, OrphansUntold" in said.err


def test_configured_runs_belong_to_their_module(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = type(get_config())()
    for option, value in {"module": __name__, "task": "OrphansDay", "day": "3"}.items():
        config.set("run.third", option, value)
    monkeypatch.setattr(type(config), "_instance", config)
    assert main(["data/days", "--module", __name__]) == 1
    said = capsys.readouterr()
    assert "data/days/3.txt" not in said.out
    assert "left out, as they need parameters: OrphansUntold\n" in said.err


def test_a_task_that_does_not_say_what_it_requires_ends_it() -> None:
    with pytest.raises(CannotTell, match="who knows"):
        main(["data", f"{__name__}:OrphansUntold", "--day", "1"])


@pytest.mark.parametrize("argv", [[], ["--json"], ["--module", __name__], ["data"]])
def test_the_folder_comes_first_and_a_task_follows(argv: list[str]) -> None:
    with pytest.raises(UsageError):
        main(argv)


def test_there_must_be_a_folder() -> None:
    with pytest.raises(NoFolder, match="nothing-here"):
        main(["nothing-here", TOP])


def test_a_module_of_which_nothing_can_be_made() -> None:
    with pytest.raises(NothingToMake):
        main(["data", "--module", "luigi.format"])
