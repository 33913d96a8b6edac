"""Several servers, each with its share of a fleet, as if namespaces were divided among them: what they take together.

`python fleet_shards.py SERVERS WORKERS TASKS [SECONDS]`: every server has an SQLite file of its own, and no task of one
server requires one of another. All is declared, then the fleet works as fast as it can. Blocks: `declared` and `done`,
tasks a second of all servers together.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

from fleet_graphs import RESOURCES
from fleet_processes import Fleet, Found, fleet
from fleet_stores import store
from meter import show
from served import server

SLOTS = 4
LIMITS = "".join(f"{name} = {amount}\n" for name, amount in RESOURCES.items())
CONFIG = f"[scheduler]\nworker_disconnect_delay = 600\n[resources]\n{LIMITS}"

servers, workers, tasks, *more = map(int, sys.argv[1:])
seconds = more[0] if more else 20


def shard(ends: ExitStack) -> Fleet:
    """A server, and those who work for it."""
    kept = ends.enter_context(store("sqlite"))
    running = ends.enter_context(server(CONFIG + kept.config))
    crowd = fleet(running.port, workers // servers, tasks // servers, slots=SLOTS, processes=1)
    return ends.enter_context(crowd)


def all_told(order: str, **options: Any) -> list[Found]:
    """Have the workers of all servers carry out an order, at the same time."""
    with ThreadPoolExecutor(servers) as pool:
        return list(pool.map(lambda one: one.told(order, **options), shards))


with ExitStack() as ends:
    shards = [shard(ends) for _ in range(servers)]
    all_told("introduce")
    declared = all_told("declare", share=1.0)
    show("declared", count=tasks / max(found.seconds for found in declared))
    worked = all_told("work", mean=0.0, signs=1.0, seconds=seconds)
    show("done", count=sum(found.done / found.seconds for found in worked))
