"""One worker: a task that may be killed runs in a process of its own, all others in this one."""

import os
import time

import luigi

SETTINGS = {"workers": 1}
HOME = os.getpid()


class Where(luigi.Task):
    """Writes whether it ran in the program's own process."""

    name = luigi.Parameter()
    seconds = luigi.IntParameter(default=-1)

    @property
    def worker_timeout(self):
        return None if self.seconds < 0 else self.seconds

    def output(self):
        return luigi.LocalTarget(f"{self.name}.txt")

    def run(self):
        with self.output().open("w") as out:
            out.write("here" if os.getpid() == HOME else "elsewhere")


class Slow(Where):
    def run(self):
        time.sleep(60)


BUILDS = [lambda: [Where("unbound"), Where("bound", 30), Where("endless", 0), Slow("slow", 1)]]
