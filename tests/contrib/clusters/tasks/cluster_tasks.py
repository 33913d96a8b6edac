"""Tasks that tests hand over to clusters: their code has to travel, as a user's does."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sys
from collections import Counter
from typing import Any

import luigi
from luigi.clock import SYSTEM
from luigi.contrib.lsf import LSFJobTask
from luigi.contrib.sge import SGEJobTask
from luigi.contrib.slurm import SlurmJobTask


class Doing(luigi.Task):
    """Does what it is told to, and knows where it did."""

    doing = luigi.Parameter()
    path = luigi.Parameter()

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(self.path)

    def extra_modules(self) -> list[str]:
        return ["cluster_words"] if self.doing == "borrow" else []

    def work(self) -> None:
        getattr(self, self.doing)()

    def tell(self) -> None:
        """Write where it is."""
        places = {name: getattr(sys.modules[name], "__file__", None) for name in ("luigi", __name__)}
        told: dict[str, Any] = {"cwd": os.getcwd(), "environment": dict(os.environ), "files": places, "argv": sys.argv}
        with self.output().open("w") as file:
            json.dump(told, file)

    def count_words(self) -> None:
        with open(f"{self.path}.text") as text, self.output().open("w") as file:
            json.dump(Counter(text.read().split()), file)

    def fail(self) -> None:
        print("it begins", flush=True)
        raise ValueError("the disk is full")

    def borrow(self) -> None:
        """Write what a module says that only the work imports."""
        from cluster_words import WORDS

        with self.output().open("w") as file:
            json.dump(WORDS, file)

    def die(self) -> None:
        print("it begins", flush=True)
        os.kill(os.getppid(), signal.SIGKILL)  # the job's script, which then cannot say how it ended
        os.kill(os.getpid(), signal.SIGKILL)

    def go_on(self) -> None:
        with open(f"{self.path}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            SYSTEM.sleep(600)


class SlurmDoing(Doing, SlurmJobTask):
    pass


class SgeDoing(Doing, SGEJobTask):
    pass


class LsfDoing(Doing, LSFJobTask):
    pass
