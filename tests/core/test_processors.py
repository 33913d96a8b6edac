"""How many processors there are: what control groups grant, on any machine, from files laid out as Linux has them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from luigi.core_section import core
from luigi.processors import available


def lay(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
    return root


@pytest.fixture(autouse=True)
def _eight_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)


TWO = "sys/fs/cgroup"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, 8),
        ({"proc/self/cgroup": "0::/"}, 8),
        ({"proc/self/cgroup": "0::/", f"{TWO}/cpu.max": "max 100000"}, 8),
        ({"proc/self/cgroup": "0::/", f"{TWO}/cpu.max": "300000 100000"}, 3),
        ({"proc/self/cgroup": "0::/a/b", f"{TWO}/a/cpu.max": "150000 100000", f"{TWO}/a/b/cpu.max": "max 100000"}, 2),
        ({"proc/self/cgroup": "0::/not/seen/here", f"{TWO}/cpu.max": "400000 100000"}, 4),
        ({"proc/self/cgroup": "0::/", f"{TWO}/cpu.max": "1000 100000"}, 1),
        ({"proc/self/cgroup": "0::/", f"{TWO}/cpu.max": "9900000 100000"}, 8),
        ({"proc/self/cgroup": "0::/", f"{TWO}/cpu.max": "rubbish"}, 8),
        (
            {
                "proc/self/cgroup": "4:memory:/m\n3:cpu,cpuacct:/c",
                f"{TWO}/cpu,cpuacct/c/cpu.cfs_quota_us": "200000",
                f"{TWO}/cpu,cpuacct/c/cpu.cfs_period_us": "100000",
            },
            2,
        ),
        (
            {
                "proc/self/cgroup": "3:cpu:/c",
                f"{TWO}/cpu/c/cpu.cfs_quota_us": "-1",
                f"{TWO}/cpu/c/cpu.cfs_period_us": "100000",
            },
            8,
        ),
    ],
)
def test_what_is_granted(files: dict[str, str], expected: int, tmp_path: Path) -> None:
    assert available(lay(tmp_path, files)) == expected


def test_auto_is_a_number_of_workers() -> None:
    assert core(workers="auto").workers == available() >= 1
    assert core(workers=3).workers == 3
