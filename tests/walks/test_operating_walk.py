"""The pipeline of docs/operating.md, operated by a program: every step by its JSON, on a server with tokens."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

KERNEL = str(Path(sys.executable).with_name("kernel"))
PAGE = Path(__file__).parents[2] / "docs" / "operating.md"
STORES = 99
MENDED = {"Load", "Clean", "Total", "Region", "Report"}
"""What one store's file is behind, a task of each."""


class Desk:
    """Somebody at a terminal, in the folder of the pipeline, with the token of a role."""

    def __init__(self, folder: Path, server: Any) -> None:
        self.folder, self.server = folder, server
        source = re.search(r"```python file=sales.py\n(.*?)```", PAGE.read_text(), re.DOTALL)
        assert source is not None
        (folder / "input").mkdir(parents=True)
        (folder / "sales.py").write_text(source[1])
        (folder / "luigi.cfg").write_text(f"[core]\nscheduler_url = {server.url}\nno_lock = true\n")
        for store in range(1, STORES + 1):
            self.hand_in(store, "pears,2")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("LUIGI", "PYTEST"))}
        self.environ = {**kept, "XDG_STATE_HOME": str(folder / "state"), "NO_COLOR": "1"}

    def hand_in(self, store: int, line: str) -> None:
        (self.folder / "input" / f"{store}.csv").write_text(f"apples,3\n{line}\n")

    def kernel(self, *words: str, role: str = "operator", code: int = 0) -> str:
        """What it printed; it must end with `code`."""
        environ = {**self.environ, "LUIGI_SCHEDULER_TOKEN": self.server.tokens[role]}
        done = subprocess.run(
            [KERNEL, *words], cwd=self.folder, env=environ, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == code, f"{words} ended with {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout + (done.stderr if code else "")

    def told(self, *words: str, **how: Any) -> Any:
        """The document it printed."""
        return json.loads(self.kernel(*words, "--json", **how))

    def run(self, *words: str, code: int = 0) -> dict[str, Any]:
        """The summary of a run of the pipeline."""
        summary = self.folder / "summary.json"
        self.kernel("run", "sales:Report", *words, "--summary", "json", str(summary), role="worker", code=code)
        return json.loads(summary.read_text())  # type: ignore[no-any-return]


@pytest.fixture
def desk(tmp_path: Path, start_server: Callable[..., Any]) -> Desk:
    server = start_server(config="[scheduler]\nstable_done_cooldown_secs = 0\n", tokens=True)
    return Desk(tmp_path / "desk", server)


def families(summary: dict[str, Any], status: str) -> set[str]:
    return {task["family"] for task in summary["tasks"] if task["status"] == status}


def test_a_day(desk: Desk) -> None:
    desk.hand_in(42, "pears,2O")

    planned = desk.told("plan", "sales:Report", code=1)
    assert (planned["counts"]["run"], planned["nothing_to_do"]) == (300, False)
    assert not (desk.folder / "data").exists()

    failed = desk.run("--workers", "2", code=30)
    assert failed["counts"]["done"] == 295
    assert families(failed, "failed") == {"Load"}

    standing = desk.told("status", role="viewer", code=1)
    assert (standing["counts"]["DONE"], standing["counts"]["FAILED"]) == (295, 1)
    (task,) = desk.told("tasks", "--status", "FAILED", role="viewer")["tasks"]
    assert "Load_42" in desk.kernel("explain", "Report", role="viewer", code=1)
    pieces = desk.told("logs", task["task_id"], role="viewer")["pieces"]
    printed = "".join(piece["text"] for piece in pieces)
    assert "reading input/42.csv" in printed
    assert "'2O'" in printed

    desk.hand_in(42, "pears,20")
    assert "operator" in desk.kernel("retry", "--failed", role="viewer", code=1)
    assert desk.told("retry", "--failed")["done"] == 1
    mended = desk.run()
    assert (mended["counts"]["done"], families(mended, "done")) == (5, MENDED)
    assert (desk.folder / "data" / "Report-2013.csv").read_text() == "sold: 513\n"
    assert desk.told("plan", "sales:Report")["nothing_to_do"]

    desk.hand_in(42, "pears,2")
    chosen = ["--downstream", "Load(number=42)"]
    assert len(desk.told("clean", "sales:Report", *chosen)["outputs"]) == 5
    assert (desk.folder / "data" / "Load-42.csv").exists(), "nothing is removed without --yes"
    assert desk.told("clean", "sales:Report", *chosen, "--yes")["removed"]
    assert len(desk.told("outputs", "sales:Report", "--missing", "--recursive", code=1)["outputs"]) == 5
    assert families(desk.run(), "done") == MENDED
    assert (desk.folder / "data" / "Report-2013.csv").read_text() == "sold: 495\n"

    forced = desk.run("--force-downstream", "Region*")
    assert (forced["counts"]["done"], families(forced, "done")) == (3, {"Region", "Report"})
    assert desk.kernel("status", role="viewer").count("300 DONE") == 1
