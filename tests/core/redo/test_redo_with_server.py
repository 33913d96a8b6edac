"""What is done again is handed out by a server, too, and remembered by the worker that ran it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.redo.beside_outputs import FOLDER
from luigi.redo.forcing import Forcing


@pytest.fixture
def top() -> Any:
    """A task class that requires another. Local: what has a policy changes how all runs of a process are planned."""

    class RedoneLeaf(luigi.Task):
        freshness = "parameters"
        size = luigi.IntParameter(default=1, significant=False)

        def output(self) -> Any:
            return luigi.LocalTarget("leaf.txt")

        def run(self) -> None:
            with open("ran", "a") as ran:
                ran.write(f"{self.task_family} ")
            self.output().open("w").close()

    class RedoneTop(RedoneLeaf):
        freshness = "inputs"

        def requires(self) -> Any:
            return RedoneLeaf(size=self.size)

        def output(self) -> Any:
            return luigi.LocalTarget("top.txt")

    return RedoneTop


def test_forced_and_stale_behind_a_server(start_server: Any, folder: Path, top: Any) -> None:
    server = start_server(config="[scheduler]\nstable_done_cooldown_secs = 0\n")
    url = f"http://127.0.0.1:{server.port}/"

    def build(task: Any, **keywords: Any) -> str:
        (folder / "ran").write_text("")
        luigi.task_register.Register.clear_instance_cache()
        assert luigi.build([task], scheduler_url=url, log_level="WARNING", **keywords)
        return (folder / "ran").read_text().strip()

    assert build(top()) == "RedoneLeaf RedoneTop"
    assert build(top()) == ""
    assert build(top(), forcing=Forcing(these=["RedoneLeaf"]), workers=2) == "RedoneLeaf RedoneTop"
    assert build(top(size=2)) == "RedoneLeaf RedoneTop"
    assert build(top(size=2)) == ""
    assert len(list((folder / FOLDER).iterdir())) == 1
