"""A real server, its state in SQLite or PostgreSQL, and a fleet of simulated workers: what it takes, and what it bears.

`python fleet.py WORKERS TASKS [--store postgresql] [--pools] [--seconds N]`: each worker has a run of its own with its
part of the tasks; with `--pools` each run is a submission, and any worker takes any task. First all is declared. Then
the fleet works at growing loads, for so many seconds each; once while a process shortens the journal; and as fast as it
can, until nothing is left or ten times as long. In the end the server is killed, started, stopped and started. Two
processes do what a thousand machines would, on the server's own machine.

Prints a table, and blocks: `call` (p50, p99), at the load of 100 tasks a second; `kept` and `journal`, bytes of all
tasks; `compaction`; `start`, after a kill; `stop`, with its `snapshot`; `start-stopped`, after that.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from fleet_graphs import RESOURCES
from fleet_processes import Fleet, Found, fleet
from fleet_stores import Store, store
from meter import show
from served import Server, server

BAR = 0.1
"""Seconds that 99 of 100 calls may take."""

SLOTS = 4
PROCESSES = 2
SHARES = (0.1, 0.25, 0.5, 1.0)
LOADS = (50, 100, 200, 400, 800, 1200, 1600)
"""Tasks a second that begin and end, of the whole fleet."""

USUAL = 100
"""The load by which the server is judged: a thousand workers with tasks of ten seconds."""

CONFIG = "[scheduler]\nworker_disconnect_delay = 600\n"
COMPACTION = Path(__file__).with_name("fleet_compaction.py")
COLUMNS = (
    "what",
    "calls/s",
    "tasks/s",
    "p50 ms",
    "p99 ms",
    "longest ms",
    "server CPU",
    "fleet CPU",
    "RSS MiB",
    "store MiB",
)
MEGABYTE = 1024**2


class Measuring:
    """One server, its store, and its fleet."""

    def __init__(self, running: Server, kept: Store, crowd: Fleet, asked: argparse.Namespace) -> None:
        self.server, self.store, self.fleet = running, kept, crowd
        self.workers, self.tasks, self.seconds, self.kind = asked.workers, asked.tasks, asked.seconds, asked.store

    def all(self) -> None:
        """Everything, in order."""
        tell(*COLUMNS)
        tell(*["---"] * len(COLUMNS))
        self.declare()
        self.bear()
        self.shorten()
        self.work("flat out", 0, 10 * self.seconds)
        self.restart()

    def declare(self) -> None:
        """The tasks become known."""
        empty, began = self.server.resident, self.store.size
        self.step("introduce", "introduce")
        for share in SHARES:
            self.step(f"declare {round(share * self.tasks)}", "declare", share=share)
        show("kept", bytes=self.server.resident - empty)
        show("journal", bytes=self.store.size - began)

    def bear(self) -> None:
        """Growing loads, until the calls take too long, but the usual one in any case."""
        self.work("all begin", LOADS[0], self.seconds / 2)
        for load in LOADS:
            found = self.work(f"{load} tasks/s", load, self.seconds)
            p99 = found.latencies.within(0.99)
            if load == USUAL:
                show("call", p50=found.latencies.within(0.5), p99=p99)
            if load >= USUAL and (p99 > BAR or not found.left):
                break

    def shorten(self) -> None:
        """The usual load, while the journal is shortened."""
        command = [sys.executable, str(COMPACTION), str(self.server.config), self.kind]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            self.work(f"{USUAL} tasks/s, journal shortened", USUAL, max(self.seconds, self.tasks / 10_000))
            said, _ = process.communicate()
        print(said, end="", flush=True)
        assert process.returncode == 0, "the journal could not be shortened"

    def work(self, what: str, load: float, seconds: float) -> Found:
        """The fleet is at work: so many tasks a second begin and end; 0 for as many as can."""
        mean = self.workers * SLOTS / load if load else 0.0
        found = self.step(what, "work", mean=mean, signs=1.0, seconds=seconds)
        for verb in found.latencies.verbs:
            tell(f"– {verb}", *amounts(found, verb), *[""] * 4)
        return found

    def restart(self) -> None:
        """The server is killed, and stopped."""
        self.server.kill()
        show("start", wall=self.server.start())
        show("stop", wall=self.server.stop())
        show("snapshot", bytes=self.store.size)
        show("start-stopped", wall=self.server.start())

    def step(self, what: str, order: str, **options: float) -> Found:
        """Have the fleet carry out an order, and tell what came of it."""
        before = self.server.cpu
        found = self.fleet.told(order, **options)
        tell(*self.row(what, found, self.server.cpu - before))
        return found

    def row(self, what: str, found: Found, used: float) -> Iterator[str]:
        """One line of the table."""
        yield what
        yield from amounts(found)
        yield f"{used / found.seconds:.0%}"
        yield f"{found.busy:.0%}"
        yield f"{self.server.resident / MEGABYTE:.0f}"
        yield f"{self.store.size / MEGABYTE:.0f}"


def amounts(found: Found, verb: str = "") -> Iterator[str]:
    """Calls and tasks a second, and how long the calls took, in milliseconds."""
    calls = found.latencies
    yield f"{calls.calls(verb) / found.seconds:.0f}"
    yield "" if verb else f"{found.done / found.seconds:.0f}"
    for seconds in (calls.within(0.5, verb), calls.within(0.99, verb), calls.longest(verb)):
        yield f"{seconds * 1000:.1f}"


def tell(*cells: str) -> None:
    """Print a line of the table."""
    print("|", " | ".join(cells), "|", flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workers", type=int)
    parser.add_argument("tasks", type=int)
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--pools", action="store_true", help="runs are submissions, workers are pools'")
    parser.add_argument("--seconds", type=float, default=20, help="for each load")
    return parser.parse_args()


asked = arguments()
limits = "".join(f"{name} = {amount}\n" for name, amount in RESOURCES.items())
more = ["pool"] if asked.pools else []
print(f"load of the machine before: {os.getloadavg()[0]:.2f}", flush=True)
config = f"{CONFIG}[resources]\n{limits}"
with (
    store(asked.store) as kept,
    server(config + kept.config) as running,
    fleet(running.port, asked.workers, asked.tasks, *more, slots=SLOTS, processes=PROCESSES) as crowd,
):
    Measuring(running, kept, crowd, asked).all()
print(f"load of the machine after: {os.getloadavg()[0]:.2f}", flush=True)
