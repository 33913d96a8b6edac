"""Tasks in a folder of their own, which say when they ran, and what finds what of them is to be done again."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.configuration import get_config
from luigi.plugin_manager import PluginManager
from luigi.redo.forcing import Forcing
from luigi.redo.of_run import of_run
from luigi.redo.redo import Redo
from luigi.task_register import Register


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The working directory. Instances of tasks of other tests are forgotten."""
    monkeypatch.chdir(tmp_path)
    Register.clear_instance_cache()
    yield tmp_path
    config = get_config()
    if config.has_section("freshness"):
        config.remove_section("freshness")


@pytest.fixture
def node() -> Any:
    """A task class: `needs` has what each requires, by name, `ran` the names of those that ran, in order."""

    class Node(luigi.Task):
        name = luigi.Parameter()
        workers = luigi.IntParameter(default=1, significant=False)
        needs: dict[str, tuple[Any, ...]] = {}
        ran: list[str] = []

        def requires(self) -> Any:
            return self.needs.get(self.name, ())

        def output(self) -> Any:
            return luigi.LocalTarget(f"{self.name}.txt")

        def run(self) -> Any:
            self.ran.append(self.name)
            with self.output().open("w") as file:
                file.write(self.name)

    return Node


@pytest.fixture
def find() -> Callable[..., Redo]:
    """What a run of these roots does again."""

    def find(*roots: Any, **forced: Sequence[str]) -> Redo:
        return of_run(roots, Forcing(**forced), PluginManager.with_installed()).redo

    return find


@pytest.fixture
def written() -> Callable[..., None]:
    """Makes files, each a second younger than the last."""

    def written(*names: str, since: float = 1_000_000_000) -> None:
        for age, name in enumerate(names):
            Path(f"{name}.txt").write_text(name)
            os.utime(f"{name}.txt", (since + age, since + age))

    return written
