"""One worker that is told to use processes, with a timeout for all tasks that set none."""

import os

import luigi

HOME = os.getpid()
CONFIG = """
[worker]
force_multiprocessing = true
timeout = 30
"""


class Where(luigi.Task):
    """Writes whether it ran in the program's own process."""

    name = luigi.Parameter()

    def output(self):
        return luigi.LocalTarget(f"{self.name}.txt")

    def run(self):
        with self.output().open("w") as out:
            out.write("here" if os.getpid() == HOME else "elsewhere")


BUILDS = [lambda: [Where("first"), Where("second")]]
