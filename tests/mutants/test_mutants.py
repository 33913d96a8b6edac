"""The lists of mutants cannot rot: each still finds its place in the code."""

from __future__ import annotations

import tomllib
from pathlib import Path

HERE = Path(__file__).parent
ROOMS = HERE.parents[1] / "core" / "scheduler"
LISTED = [one for path in HERE.glob("*.toml") for one in tomllib.loads(path.read_text())["mutant"]]


def test_each_mutant_finds_its_place_once() -> None:
    found = {one["what"]: (ROOMS / one["file"]).read_text().count(one["old"]) for one in LISTED}
    assert {what: times for what, times in found.items() if times != 1} == {}
    assert all(one["old"] != one["new"] for one in LISTED)


def test_there_are_enough_and_the_docs_list_each() -> None:
    assert len({one["what"] for one in LISTED}) == len(LISTED) >= 100
    listed = (HERE.parents[1] / "docs" / "explanation" / "mutants.md").read_text()
    assert [one["what"] for one in LISTED if f"| {one['what']} |" not in listed] == []
