"""The example's counting of words in a container."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest


@pytest.mark.service("docker")
def test_words_are_counted(
    docker_service: str,
    words_everywhere: ModuleType,
    counts_as_here: Callable[..., None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(words_everywhere.InContainer, "docker_url", docker_service)
    monkeypatch.setattr(words_everywhere.InContainer, "image", "busybox:test")
    counts_as_here("InContainer", folder=str(tmp_path))
