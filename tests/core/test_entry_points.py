"""Entry points as they are found in metadata folders, compared with what importlib.metadata finds."""

from __future__ import annotations

import zipfile
from importlib.metadata import distributions, entry_points
from pathlib import Path

import pytest

from luigi.entry_points import EntryPoint, installed

TEXT = """\
[console_scripts]
acme = acme.main:run

[luigi]
notifiers.acme = acme.hooks
  spaced = acme.other : plugin [extra]
# a comment = nothing

[pytest11]
acme = acme.testing
"""


def package(folder: Path, name: str, text: str = TEXT) -> None:
    (folder / name).mkdir(parents=True)
    (folder / name / "entry_points.txt").write_text(text)


def test_those_of_the_group_are_found_by_name(tmp_path: Path) -> None:
    package(tmp_path, "acme-1.0.dist-info")
    package(tmp_path, "other-2.0.egg-info", "[luigi]\nbefore=other.hooks\n")
    package(tmp_path, "strange-3.0.dist-info", "[console_scripts]\nstrange = strange:main\n")
    assert installed([str(tmp_path)]) == [
        EntryPoint("before", "other.hooks", "other-2.0"),
        EntryPoint("notifiers.acme", "acme.hooks", "acme-1.0"),
        EntryPoint("spaced", "acme.other:plugin", "acme-1.0"),
    ]


def test_the_first_of_a_package_on_the_path_counts(tmp_path: Path) -> None:
    package(tmp_path / "one", "Acme_Kernel-2.0.dist-info", "[luigi]\nnew = acme.new\n")
    package(tmp_path / "two", "acme-kernel-1.0.dist-info", "[luigi]\nold = acme.old\n")
    assert [one.name for one in installed([str(tmp_path / "one"), str(tmp_path / "two")])] == ["new"]


def test_folders_that_are_not_there_and_packages_without_any_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "bare-1.0.dist-info").mkdir()
    assert installed([str(tmp_path), str(tmp_path / "missing")]) == []


def test_the_same_as_the_standard_library_finds_here() -> None:
    found = {(one.name, one.value) for one in installed()}
    assert found == {(one.name, one.value) for one in entry_points(group="luigi")}
    assert found, "the bundled plugins are there"
    names = {one.name.replace("-", "_") for one in distributions()}
    assert {one.package.partition("-")[0] for one in installed()} <= names


def test_an_archive_on_the_path_is_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = tmp_path / "zipped.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("zipped-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: zipped\nVersion: 1.0\n")
        file.writestr("zipped-1.0.dist-info/entry_points.txt", "[luigi]\ninside = zipped.hooks\n")
    monkeypatch.syspath_prepend(str(archive))
    assert EntryPoint("inside", "zipped.hooks", "zipped-1.0") in installed()


def test_a_module_or_an_object_in_it_is_loaded() -> None:
    import luigi.defaults

    assert EntryPoint("a", "luigi.defaults", "p").load() is luigi.defaults
    assert EntryPoint("a", "luigi.defaults:MemoryStore.load", "p").load() is luigi.defaults.MemoryStore.load
    with pytest.raises(ModuleNotFoundError):
        EntryPoint("a", "luigi.nowhere", "p").load()
