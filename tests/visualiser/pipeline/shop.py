"""A pipeline whose tasks come to stand in every way a task can, and stay so as long as the page is looked at."""

from __future__ import annotations

import logging
import os
import sys
import time
from pathlib import Path

import luigi
from luigi.parameter import ParameterVisibility

GO_ON = Path("go_on")
"""When this file is there, what runs comes to its end."""

logger = logging.getLogger("shop")
logger.setLevel(logging.INFO)


class Load(luigi.Task):
    """DONE at once."""

    task_namespace = "shop"
    day: int
    password: str = luigi.Parameter(default="swordfish", visibility=ParameterVisibility.PRIVATE)
    token: str = luigi.Parameter(default="herring", visibility=ParameterVisibility.HIDDEN)

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"loaded-{self.day}")

    def run(self) -> None:
        with self.output().open("w") as file:
            file.write("loaded")


class Press(luigi.Task):
    """RUNNING: talks, says how far it is, holds the scale, answers messages."""

    task_namespace = "shop"
    accepts_messages = True
    priority = 10
    resources = {"scale": 1}

    def requires(self) -> list[Load]:
        return [Load(day) for day in range(3)]

    def complete(self) -> bool:
        return GO_ON.exists()

    def run(self) -> None:
        self.set_tracking_url("http://127.0.0.1:1/job?of=press")
        step = 0
        while not self.complete():
            step += 1
            self.say(step)
            self.set_status_message(f"step {step}\nthe second line")
            self.set_progress_percentage(min(90, step))
            if self.scheduler_messages is not None and not self.scheduler_messages.empty():
                message = self.scheduler_messages.get()
                message.respond(f"heard: {message.content}")
            time.sleep(0.1 if step < 20 else 1.5)  # the page keeps 5,000 lines: enough for the time that tests take

    def say(self, step: int) -> None:
        """Once on every way out that there is."""
        print(f"printed {step}", flush=True)
        print(f"\x1b[31mwarned\x1b[0m {step}", file=sys.stderr, flush=True)
        logger.info("logged %s", step)
        if step == 1:
            os.system("echo said by a shell")


class Bake(luigi.Task):
    """FAILED, with an error that another led to."""

    task_namespace = "shop"
    temperature: int = 240

    def requires(self) -> Load:
        return Load(0)

    def run(self) -> None:
        print("the oven is on", flush=True)
        try:
            {}["flour"]
        except KeyError as error:
            raise ValueError(f"no flour at {self.temperature}°") from error


class Ship(luigi.Task):
    """PENDING because what it needs has failed."""

    task_namespace = "shop"

    def requires(self) -> Bake:
        return Bake()


class Count(luigi.Task):
    """DISABLED by its first failure."""

    task_namespace = "shop.stock"
    retry_count = 1

    def run(self) -> None:
        raise RuntimeError("the stock is gone")


class Audit(luigi.Task):
    """PENDING because what it needs is disabled."""

    task_namespace = "shop.stock"

    def requires(self) -> Count:
        return Count()


class Sweep(luigi.Task):
    """Three of them run as one: BATCH_RUNNING."""

    task_namespace = "shop.stock"
    day: int = luigi.IntParameter(batch_method=max)

    def complete(self) -> bool:
        return GO_ON.exists()

    def run(self) -> None:
        while not self.complete():
            time.sleep(0.1)


class Weigh(luigi.Task):
    """PENDING for the scale, which somebody else holds."""

    task_namespace = "shop.stock"
    resources = {"scale": 1}

    def requires(self) -> list[Load]:
        return [Load(day) for day in range(3)]

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget("weighed")


class Guess(luigi.Task):
    """UNKNOWN: whether it is done cannot be found out."""

    task_namespace = "shop"

    def complete(self) -> bool:
        raise OSError("nobody knows")


class Everything(luigi.WrapperTask):
    """All of them."""

    task_namespace = "shop"

    def requires(self) -> list[luigi.Task]:
        sweeps: list[luigi.Task] = [Sweep(day) for day in range(3)]
        return [*sweeps, Press(), Ship(), Audit(), Weigh(), Guess()]
