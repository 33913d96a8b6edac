"""The example's counting of words by Hadoop: in this process, and by streaming."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from luigi.contrib.hdfs import HdfsTarget
from luigi.testing import run_task

if TYPE_CHECKING:
    from conftest import Cluster

ROOT = Path(__file__).parents[3]


def test_words_are_counted_in_this_process(counts_as_here: Callable[..., None]) -> None:
    counts_as_here("OnHadoop")


def test_words_are_counted_by_streaming(
    cluster: Cluster, words_everywhere: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    license = ROOT / "LICENSE"
    cluster.write("/license/text", license.read_text())
    monkeypatch.setattr(words_everywhere.Text, "output", lambda self: HdfsTarget(self.path))
    monkeypatch.setattr(words_everywhere.Counting, "output", lambda self: HdfsTarget(self.counts))
    run_task(words_everywhere.OnHadoop(text="/license", counts="/counted"))
    monkeypatch.undo()
    here = words_everywhere.Here(text=str(license), counts=str(tmp_path / "here"))
    run_task(here)
    assert cluster.lines("/counted") == (tmp_path / "here").read_text().splitlines()
