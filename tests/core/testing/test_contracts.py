"""Each contract suite passes what is sound, and finds out each implementation that does one thing wrong.

The modules in `sabotage/` hold one suite each: `TestSound`, and classes that say by `caught_by` which tests must fail.
"""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from luigi.testing.contracts.contract import Contract, only_where

SABOTAGE = Path(__file__).with_name("sabotage")


@pytest.fixture
def module(path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = spec_from_file_location(path.stem, path)
    module = module_from_spec(spec)
    monkeypatch.setitem(sys.modules, path.stem, module)  # dataclass looks it up
    spec.loader.exec_module(module)
    return module


def outcomes(path: Path, folder: Path) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Which tests of which class passed, and which failed, in a process of their own."""
    report = folder / "report.xml"
    options = ["--import-mode=importlib", "-p", "no:cacheprovider", "-q", "--tb=no", f"--junitxml={report}"]
    subprocess.run([sys.executable, "-m", "pytest", *options, path], capture_output=True, cwd=folder, check=False)
    passed, failed = defaultdict(set), defaultdict(set)
    for case in ElementTree.parse(report).iter("testcase"):
        of = failed if {"failure", "error"} & {child.tag for child in case} else passed
        of[case.get("classname").rpartition(".")[2]].add(case.get("name").partition("[")[0])
    return passed, failed


@pytest.mark.parametrize("path", sorted(SABOTAGE.glob("*.py")), ids=lambda path: path.stem)
def test_a_suite_finds_out_what_is_wrong(path: Path, module: ModuleType, tmp_path: Path) -> None:
    passed, failed = outcomes(path, tmp_path)
    classes = {name: cls for name, cls in vars(module).items() if name.startswith("Test")}
    assert passed["TestSound"]
    assert failed["TestSound"] == set()
    overlooked = {name: cls.caught_by - failed[name] for name, cls in classes.items()}
    assert {name: tests for name, tests in overlooked.items() if tests} == {}
    tests = {name for name in dir(module.SUITE) if name.startswith("test_")}
    assert tests - set().union(*failed.values()) == set(), "these have never failed"


class Suite(Contract):
    flies = True

    @only_where(flies=True)
    def test_lands(self) -> None:
        """Of birds."""

    @only_where(flies=False)
    def test_walks(self) -> None:
        """Of others."""


class Walker(Suite):
    flies = False


def words(cls: type) -> list[str]:
    return [test.__doc__ for test in (cls.test_lands, cls.test_walks) if test is not None]


def test_what_does_not_apply_is_not_there() -> None:
    class Flyer(Walker):
        flies = True

    class Own(Walker):
        def test_lands(self) -> None:
            """Of its own."""

    assert words(Suite) == words(Flyer) == ["Of birds."]
    assert words(Walker) == ["Of others."]
    assert words(Own) == ["Of its own.", "Of others."]
