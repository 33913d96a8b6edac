"""SparkeyExportTask, with what stands in for the C library, which no package brings."""

from __future__ import annotations

import ctypes.util
import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.contrib.sparkey import NoLibrary, NoSeparator, SparkeyExportTask, WrongFiles
from luigi.mock import MockTarget
from luigi.testing import run_task

STAND_IN = Path(__file__).with_name("sparkey_stand_in.py")


class TextToExport(luigi.ExternalTask):
    """What is to be exported."""

    path = luigi.Parameter()

    def output(self) -> Any:
        return luigi.LocalTarget(self.path)


class ExportsText(SparkeyExportTask):
    """Exports it."""

    path = luigi.Parameter()

    def requires(self) -> Any:
        return TextToExport(self.path)

    def output(self) -> Any:
        return luigi.LocalTarget(f"{self.path}.spl")


class ExportsCommas(ExportsText):
    separator = ", "


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the stand-in be the package."""
    spec = importlib.util.spec_from_file_location("sparkey", STAND_IN)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setitem(sys.modules, "sparkey", module)


@pytest.fixture
def text(tmp_path: Path) -> Path:
    """The file to export."""
    return tmp_path / "text"


def entries(path: Path) -> list[list[str]]:
    found: list[list[str]] = json.loads(Path(f"{path}.spl").read_text())
    return found


@pytest.mark.usefixtures("package")
def test_lines_become_entries(text: Path) -> None:
    text.write_text("a\tb\nc\td\te\n\tno key\nno value\t\nü ß\t ü \n", encoding="utf-8")
    assert run_task(ExportsText(str(text))).complete()
    assert entries(text) == [["a", "b"], ["c", "d\te"], ["", "no key"], ["no value", ""], ["ü ß", " ü "]]


@pytest.mark.usefixtures("package")
def test_a_task_may_have_a_separator_of_its_own(text: Path) -> None:
    text.write_text("a, b\nc, d, e\n")
    run_task(ExportsCommas(str(text)))
    assert entries(text) == [["a", "b"], ["c", "d, e"]]


@pytest.mark.usefixtures("package")
def test_bytes_are_text_as_utf_8(text: Path) -> None:
    class ExportsBytes(ExportsText):
        def requires(self) -> Any:
            return type("BytesToExport", (TextToExport,), {"output": lambda task: made(task.path)})(self.path)

    def made(path: str) -> luigi.LocalTarget:
        return luigi.LocalTarget(path, format=luigi.format.Nop)

    text.write_bytes("ü\tß\n".encode())
    run_task(ExportsBytes(str(text)))
    assert entries(text) == [["ü", "ß"]]


@pytest.mark.usefixtures("package")
def test_a_line_without_a_separator_is_named_and_nothing_written(text: Path) -> None:
    text.write_text("a\tb\nnothing\n")
    with pytest.raises(NoSeparator, match="line 2 of the input"):
        ExportsText(str(text)).run()
    assert list(text.parent.iterdir()) == [text]


@pytest.mark.usefixtures("package")
def test_the_output_is_a_file_of_this_machine(text: Path) -> None:
    class ExportsElsewhere(ExportsText):
        def output(self) -> Any:
            return MockTarget("elsewhere")

    with pytest.raises(WrongFiles, match="must be a LocalTarget") as caught:
        ExportsElsewhere(str(text)).run()
    assert isinstance(caught.value, TypeError)


@pytest.mark.usefixtures("package")
def test_there_is_one_input(text: Path) -> None:
    class ExportsTwo(ExportsText):
        def requires(self) -> Any:
            return [TextToExport(self.path), TextToExport(f"{self.path}2")]

    with pytest.raises(WrongFiles, match="one input"):
        ExportsTwo(str(text)).run()


def test_the_package_without_its_library_is_told_apart(text: Path) -> None:
    pytest.importorskip("future", reason="is what the real package needs: pip install sparkey-python")
    if ctypes.util.find_library("sparkey"):
        pytest.skip("the library is there")
    text.write_text("a\tb\n")
    with pytest.raises(NoLibrary, match="libsparkey") as caught:
        ExportsText(str(text)).run()
    assert "ldconfig" in caught.value.hint
    assert list(text.parent.iterdir()) == [text]
