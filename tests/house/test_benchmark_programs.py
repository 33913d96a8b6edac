"""The measured programs run, and measure what the table of bars asks of them; small here, whole in `make bench`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAMS = {
    "new_instances.py": ["new", "again"],
    "noop_tasks.py": ["seconds"],
    "file_tasks.py": ["seconds"],
    "layer_tasks.py": ["seconds"],
    "complete_tasks.py": ["seconds"],
    "plain_loop.py": ["seconds"],
}


@pytest.fixture
def benchmarks(root: Path) -> Path:
    return root / "tests/benchmarks"


@pytest.mark.parametrize("program", PROGRAMS)
def test_program_prints_its_times(program: str, benchmarks: Path, tmp_path: Path) -> None:
    command = [sys.executable, str(benchmarks / "programs" / program), "20"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    blocks = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert [block["block"] for block in blocks] == PROGRAMS[program]
    assert all(0 < block["cpu"] < 60 for block in blocks)


def test_a_missed_bar_ends_with_an_error(benchmarks: Path, tmp_path: Path) -> None:
    """Measured against ourselves, no import takes half as long as itself."""
    numbers = tmp_path / "bench.json"
    command = [sys.executable, str(benchmarks / "bench.py"), "--peer", sys.executable, "--quick"]
    done = subprocess.run(
        [*command, "--only", "import luigi", "--json", str(numbers)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    assert "0 bars met, 1 missed" in done.stdout
    [bar] = json.loads(numbers.read_text())["bars"]
    assert bar["work"] == "import luigi"
    assert bar["met"] == "MISSED"
