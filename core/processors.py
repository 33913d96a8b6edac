"""How many processors this process may use: less than the machine has where a container or an affinity says so."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path("/")


def available(root: Path = _ROOT) -> int:
    """As many as there are for this process, at least one. A share of a processor counts as one.

    `root`: where `proc` and `sys` are.
    """
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min([usable, *_quotas(root)]))


def _quotas(root: Path) -> Iterator[int]:
    """What each of the control groups around this process grants."""
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:  # no Linux
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        for folder in _folders(root / "sys/fs/cgroup", controllers, path):
            granted = _granted(folder)
            if granted is not None:
                yield granted


def _folders(mount: Path, controllers: str, path: str) -> Iterator[Path]:
    """A group and those it is in. In a container the path may be that of the host, which is not to be seen there."""
    if controllers and "cpu" not in controllers.split(","):
        return
    top = mount / controllers if controllers else mount
    group = top / path.lstrip("/")
    yield from (folder for folder in (group, *group.parents) if folder.is_relative_to(top))


def _granted(folder: Path) -> int | None:
    """How many processors a group may keep busy; None for any. Version 2 has one file, version 1 two."""
    try:
        quota, period = (
            _read(folder / "cpu.max").split()
            if (folder / "cpu.max").exists()
            else (
                _read(folder / "cpu.cfs_quota_us"),
                _read(folder / "cpu.cfs_period_us"),
            )
        )
        return -(-int(quota) // int(period)) if int(quota) > 0 else None
    except (OSError, ValueError, ZeroDivisionError):  # "max", or nothing said
        return None


def _read(file: Path) -> str:
    return file.read_text().strip()
