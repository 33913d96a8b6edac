"""Tasks on a Dask cluster of two workers with a thread each: `python hosted_dask.py TASKS SECONDS [bare]`.

Each task takes SECONDS of the clock. CPU is that of all processes: home, Dask's, and those the tasks run in. With
`bare`, Dask's own tasks do the same without us.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from distributed import Client

import hosted_tasks
import luigi
from meter import cpu, show

count, seconds, bare = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:] == ["bare"]
DASK = str(Path(sys.executable).with_name("dask"))
TICK = os.sysconf("SC_CLK_TCK")


def cpu_of(pids: list[int]) -> float:
    """Seconds of these processes, and of their children, also those that live."""
    families = [pid for pid in pids for pid in (pid, *children_of(pid))]
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in families]
    return sum(int(field) for stat in fields for field in stat[11:15]) / TICK


def children_of(pid: int) -> list[int]:
    threads = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for thread in threads for child in (thread / "children").read_text().split()]


def run_bare(client: Client, numbers: range) -> None:
    client.gather([client.submit(hosted_tasks.rest, number, seconds, pure=False) for number in numbers])


def run_ours(address: str, numbers: range, folder: str) -> None:
    luigi.configuration.get_config().set("dask", "address", address)
    tasks = [hosted_tasks.Rests(n=number, seconds=seconds, folder=folder) for number in numbers]
    assert luigi.build(tasks, local_scheduler=True, executor="dask", log_level="WARNING", workers=64)


with ExitStack() as stack:
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    quiet["env"] = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    port = address.rpartition(":")[2]
    processes = [
        subprocess.Popen([DASK, "scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"], **quiet)
    ]
    alone = ["--no-nanny", "--no-dashboard", "--nthreads", "1", "--host", "127.0.0.1"]
    processes += [subprocess.Popen([DASK, "worker", address, *alone], **quiet) for _ in range(2)]
    for process in processes:
        stack.callback(process.wait)
        stack.callback(process.kill)
    client = stack.enter_context(Client(address, timeout=60, set_as_default=False))
    client.wait_for_workers(2, timeout=60)
    pids = [process.pid for process in processes]

    def run(numbers: range) -> None:
        if bare:
            run_bare(client, numbers)
        else:
            run_ours(address, numbers, folder)

    run(range(20))
    before, began = cpu() + cpu_of(pids), time.perf_counter()
    run(range(20, 20 + count))
    show("seconds", cpu=cpu() + cpu_of(pids) - before, wall=time.perf_counter() - began)
