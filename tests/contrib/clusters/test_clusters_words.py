"""The example's counting of words as a job of Slurm."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.mark.service("slurm")
def test_words_are_counted(counts_as_here: Callable[..., None], tmp_path: Path) -> None:
    counts_as_here("OnSlurm", shared_tmp_dir=str(tmp_path / "shared"), poll_time=0.2)
