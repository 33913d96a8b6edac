"""What ours does with each graph is what the released Luigi did, byte for byte, as recorded/ has it.

A graph that ours treats differently on purpose says so, and why, in its `differs`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
GRAPHS = sorted(path.stem for path in (HERE / "graphs").glob("*.py"))

DIFFERS = """
import importlib, json, sys
told = json.load(sys.stdin)
graph = importlib.import_module(sys.argv[1])
print(json.dumps(graph.differs(told) if hasattr(graph, "differs") else told))
"""


def test_every_graph_is_recorded() -> None:
    assert sorted(path.stem for path in (HERE / "recorded").glob("*.json")) == GRAPHS


@pytest.mark.parametrize("graph", GRAPHS)
def test_graph_as_recorded(graph: str) -> None:
    told = json.loads(output_of([str(HERE / "drive.py"), graph]))
    assert told == expected(graph)


def expected(graph: str) -> dict[str, Any]:
    recorded = (HERE / "recorded" / f"{graph}.json").read_text(encoding="utf-8")
    told: dict[str, Any] = json.loads(output_of(["-c", DIFFERS, graph], recorded))
    return told


def output_of(arguments: list[str], text: str = "") -> str:
    env = os.environ | {"PYTHONPATH": str(HERE / "graphs"), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *arguments], input=text, env=env, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
