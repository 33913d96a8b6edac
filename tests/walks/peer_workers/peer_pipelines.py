"""Pipelines for the released Luigi's workers. They use only what its manual documents, and note what they do in `runs`.

A line of `runs` is `begin NAME` or `end NAME`, appended in one write, so that processes do not mix theirs up.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import luigi


def note(line: str) -> None:
    """Append a line to `runs`."""
    handle = os.open("runs", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(handle, f"{line}\n".encode())
    os.close(handle)


def until(condition: Any) -> None:
    """Wait, a minute at most, until something holds."""
    for _ in range(6000):
        if condition():
            return
        time.sleep(0.01)
    raise TimeoutError


class Noted(luigi.Task):
    """Notes when it begins and ends, and leaves a file."""

    name = luigi.Parameter()

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"out/{self.task_family}-{self.name}")

    def run(self) -> Any:
        note(f"begin {self.name}")
        self.work()
        with self.output().open("w") as file:
            file.write(self.name)
        note(f"end {self.name}")

    def work(self) -> None:
        """What it does in between."""


# --- a diamond -------------------------------------------------------------------------------------------------------


class Corner(Noted):
    below = luigi.ListParameter(default=[], significant=False)

    def requires(self) -> list[luigi.Task]:
        return [Corner(name=name, below=["bottom"] if name != "bottom" else []) for name in self.below]


class Diamond(luigi.WrapperTask):
    def requires(self) -> luigi.Task:
        return Corner(name="top", below=["left", "right"])


# --- failures --------------------------------------------------------------------------------------------------------


class FailsTwice(Noted):
    def work(self) -> None:
        if Path("runs").read_text().count(f"begin {self.name}\n") < 3:
            raise ValueError("not yet")


class FailsWithout(Noted):
    """Fails as long as there is no file `fixed`."""

    retry_count = 2

    def work(self) -> None:
        if not Path("fixed").exists():
            raise ValueError("<b>broken</b> & 'quoted'")


# --- batches ---------------------------------------------------------------------------------------------------------


class Batched(luigi.Task):
    day = luigi.Parameter(batch_method=",".join)
    kind = luigi.Parameter(default="x")
    max_batch_size = 3

    def output(self) -> list[luigi.LocalTarget]:
        return [luigi.LocalTarget(f"out/batched-{day}") for day in self.day.split(",")]

    def complete(self) -> bool:
        return all(target.exists() for target in self.output())

    def run(self) -> None:
        note(f"begin {self.day}")
        for target in self.output():
            with target.open("w") as file:
                file.write("done")
        note(f"end {self.day}")


class AllBatched(luigi.WrapperTask):
    def requires(self) -> list[luigi.Task]:
        return [Batched(day=f"d{number}") for number in range(5)]


# --- resources and priorities ----------------------------------------------------------------------------------------


class Exclusive(Noted):
    resources = {"bench": 1}

    def work(self) -> None:
        time.sleep(0.1)


class AllExclusive(luigi.WrapperTask):
    def requires(self) -> list[luigi.Task]:
        return [Exclusive(name=f"e{number}") for number in range(4)]


class Frees(Noted):
    """Gives its resource back before it ends; ends when the other has begun."""

    resources = {"bench": 1}

    def work(self) -> None:
        self.decrease_running_resources({"bench": 1})
        until(lambda: "begin later" in Path("runs").read_text())


class Later(Noted):
    resources = {"bench": 1}
    priority = -1


class FreesEarly(luigi.WrapperTask):
    def requires(self) -> list[luigi.Task]:
        return [Frees(name="first"), Later(name="later")]


class Ranked(Noted):
    rank = luigi.IntParameter()

    @property
    def priority(self) -> int:
        return self.rank


class AllRanked(luigi.WrapperTask):
    def requires(self) -> list[luigi.Task]:
        return [Ranked(name=f"p{rank}", rank=rank) for rank in (3, 9, 1, 7, 5)]


# --- dynamic requirements --------------------------------------------------------------------------------------------


class Dynamic(Noted):
    def run(self) -> Iterator[Any]:
        note(f"begin {self.name}")
        first = yield Corner(name="found-first")
        with first.open() as file:
            said = file.read()
        others = yield [Corner(name=f"found-{number}-{said}") for number in range(2)]
        with self.output().open("w") as file:
            file.write(",".join(sorted(target.path for target in others)))
        note(f"end {self.name}")


# --- several workers -------------------------------------------------------------------------------------------------


class Slow(Noted):
    def work(self) -> None:
        time.sleep(0.15)


class Overlap(luigi.WrapperTask):
    """What one worker wants of 0 … 8, and another of 4 … 12."""

    first = luigi.IntParameter()

    def requires(self) -> list[luigi.Task]:
        return [Slow(name=f"s{number}") for number in range(self.first, self.first + 8)]


class Waits(Noted):
    """Ends when there is a file `go`."""

    def work(self) -> None:
        self.set_tracking_url("http://127.0.0.1/track?a=1&b=<2>")
        self.set_status_message("waiting <b>&</b> hoping")
        self.set_progress_percentage(40)
        until(lambda: Path("go").exists())


# --- data from elsewhere ---------------------------------------------------------------------------------------------


class Elsewhere(luigi.ExternalTask):
    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget("delivered")


class NeedsElsewhere(Noted):
    def requires(self) -> luigi.Task:
        return Elsewhere()


# --- messages --------------------------------------------------------------------------------------------------------


class Listens(Noted):
    accepts_messages = True

    def work(self) -> None:
        message = self.scheduler_messages.get(timeout=60)
        note(f"heard {message.content}")
        message.respond(f"you said {message.content}")
        until(lambda: Path("go").exists())
