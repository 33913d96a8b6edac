"""The executor `ray` as a plugin, and with a cluster of its own: `kernel run --executor ray`, and nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from luigi.clock import SYSTEM
from luigi.plugins.executors import ray
from luigi.testing.contracts import PluginContract
from luigi.testing.processes import is_gone

KERNEL = Path(sys.executable).with_name("kernel")
TASKS = """
import os, pathlib, sys, time
import luigi

class RunsByItself(luigi.Task):
    name = luigi.Parameter()

    def output(self):
        return luigi.LocalTarget(f"out/{self.name}")

    def run(self):
        print("printed there", flush=True)
        with self.output().open("w") as out:
            out.write(f"{os.getpid()} {os.getppid()}")
        while self.name.startswith("long"):
            time.sleep(0.1)

class RunsSeveral(luigi.WrapperTask):
    def requires(self):
        return [RunsByItself(name) for name in "abc"]
"""


class TestRayPlugin(PluginContract):
    plugin = ray


def begin(folder: Path, *command: str) -> subprocess.Popen[str]:
    if find_spec("ray") is None:
        pytest.skip("there is no Ray: pip install ray")
    (folder / "tasks_for_ray.py").write_text(TASKS)
    (folder / "luigi.cfg").write_text("[worker]\nexecutor = ray\n[core]\nlocal_scheduler = true\n")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("RAY_", "LUIGI_"))}
    return subprocess.Popen(
        [KERNEL, "run", *command, "--workers", "2"],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(folder), "HOME": str(folder), "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def heads_in(folder: Path) -> list[int]:
    """Processes of Ray that belong to a cluster started by programs in this folder."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            home = b"HOME=" + os.fsencode(folder) in (place / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if home and b"ray" in (place / "cmdline").read_bytes():
            found.append(int(place.name))
    return found


def test_without_an_address_a_cluster_is_started_for_the_run_and_ends_with_it(tmp_path: Path) -> None:
    run = begin(tmp_path, "tasks_for_ray:RunsSeveral")
    said, _ = run.communicate(timeout=120)
    assert run.returncode == 0, said
    assert "* 4 ran successfully" in said
    hosts = {file.read_text().split()[1] for file in (tmp_path / "out").iterdir()}
    assert str(run.pid) not in hosts
    assert all(is_gone(process, 20) for process in heads_in(tmp_path))
    assert not (tmp_path / ".ray").exists(), "the token is kept nowhere"


def test_a_killed_run_leaves_nothing_behind(tmp_path: Path) -> None:
    run = begin(tmp_path, "tasks_for_ray:RunsByItself", "--name", "long")
    file = tmp_path / "out"
    for _ in range(1200):
        begun = [int(pid) for one in file.glob("long*") for pid in one.read_text().split()] if file.exists() else []
        if begun or run.poll() is not None:
            break
        SYSTEM.sleep(0.05)
    own = heads_in(tmp_path)
    run.send_signal(signal.SIGKILL)
    run.communicate(timeout=30)
    assert len(own) > 3
    assert all(is_gone(process, 20) for process in [*own, *begun])
