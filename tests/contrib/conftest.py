"""What metrics are sent to, and one counting of words for all systems that compute."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from luigi.testing import run_task
from luigi.testing.udp_sink import UdpSink


@pytest.fixture
def datagrams() -> Iterator[UdpSink]:
    """A listener for what StatsD would get."""
    with UdpSink() as sink:
        yield sink


ROOT = Path(__file__).parents[2]


@pytest.fixture
def words_everywhere(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The example, as a module that travels."""
    monkeypatch.syspath_prepend(ROOT / "examples")
    return importlib.import_module("words_everywhere")


@pytest.fixture
def counts_as_here(words_everywhere: ModuleType, tmp_path: Path) -> Callable[..., None]:
    """Counts the words of a real text by a task of the example, and compares with what this process counts."""
    text, here = tmp_path / "text", tmp_path / "here.tsv"
    text.write_text((ROOT / "LICENSE").read_text())

    def compare(family: str, **values: Any) -> None:
        there = tmp_path / f"{family}.tsv"
        run_task(words_everywhere.Here(text=str(text), counts=str(here)))
        run_task(getattr(words_everywhere, family)(text=str(text), counts=str(there), **values))
        counted = here.read_text().splitlines()
        assert len(counted) > 400
        assert sorted(there.read_text().splitlines()) == counted

    return compare
