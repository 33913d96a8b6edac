"""doit: the same three graphs as file_tasks, layer_tasks and complete_tasks, in doit's own terms.

Its fastest settings were looked for, and are what we are measured against: the JSON store, no reporter, `task_dep` for
requirements (`file_dep` would hash every file), and `uptodate: [True]`, with which a task is skipped when its target
is there. `python doit_tasks.py files N 2` has two processes; two threads are cheaper, but no more so than none.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

from doit.cmd_base import ModuleTaskLoader
from doit.doit_cmd import DoitMain

from meter import measured

LAYERS = 10
NEEDS = 3
kind, number, processes = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 0
width = number // LAYERS


def write(path: str, text: str) -> None:
    with open(path + ".part", "w") as file:
        file.write(text)
    os.rename(path + ".part", path)


def one_file(name: str, needs: list[str]) -> dict[str, Any]:
    path = f"out/{name}.txt"
    return {
        "name": name,
        "actions": [(write, [path, f"task {name}\n"])],
        "targets": [path],
        "task_dep": [f"file:{need}" for need in needs],
        "uptodate": [True],
    }


def task_file() -> Iterator[dict[str, Any]]:
    if kind != "layers":
        for i in range(number):
            yield one_file(str(i), [])
        return
    for layer in range(LAYERS):
        for place in range(width):
            below = [f"{layer - 1}-{(place + step) % width}" for step in range(NEEDS)] if layer else []
            yield one_file(f"{layer}-{place}", below)


def run() -> None:
    loader = ModuleTaskLoader({"task_file": task_file})
    settings = {"verbosity": 0, "reporter": "zero", "backend": "json", "num_process": processes}
    assert DoitMain(loader, extra_config={"GLOBAL": settings}).run(["run"]) == 0


os.mkdir("out")
if kind == "complete":
    run()
with measured():
    run()
assert len(os.listdir("out")) == number
