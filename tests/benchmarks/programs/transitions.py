"""Our scheduler on its SQLite store: N tasks handed out and reported on by 16 threads.

`python transitions.py N [folder]`: the store is in `folder`, by default where temporary files go, on a disk. Block
`transitions`: seconds by the clock for the 2 N changes of status, every one of them acknowledged, which is when the
store has it.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from threading import Thread

from luigi.interfaces import Report, TaskSpec
from luigi.plugin_manager import here
from luigi.scheduler import Scheduler
from luigi.task_status import DONE
from meter import measured

THREADS = 16

number = int(sys.argv[1])
folder = sys.argv[2] if len(sys.argv) > 2 else None


def work(name: str) -> None:
    assigned = scheduler.exchange(name, [], 1).assignments
    while assigned:
        said = [Report(one.task_id, one.token, DONE) for one in assigned]
        assigned = scheduler.exchange(name, said, 1).assignments


with tempfile.TemporaryDirectory(dir=folder) as place:
    (Path(place) / "luigi.cfg").write_text(f"[sqlite]\npath = {place}/state.sqlite\n")
    os.environ["LUIGI_CONFIG_PATH"] = f"{place}/luigi.cfg"
    scheduler = Scheduler(resources={})
    scheduler.keep_in(here().make("state_stores", "sqlite"))
    for thread in range(THREADS):
        name, each = f"worker-{thread}", number // THREADS
        scheduler.declare(name, [TaskSpec(f"Task_{thread}_{i}", "Task", "module", {"i": str(i)}) for i in range(each)])
    threads = [Thread(target=work, args=(f"worker-{thread}",)) for thread in range(THREADS)]
    with measured("transitions"):
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert len(scheduler.machine.index.by_status[DONE]) == number // THREADS * THREADS
