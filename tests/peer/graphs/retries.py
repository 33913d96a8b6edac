"""Tasks that are tried again: some succeed in the end, some use their tries up."""

import luigi

tries = {}


class Flaky(luigi.Task):
    """Succeeds at its `needed`-th try."""

    name = luigi.Parameter()
    needed = luigi.IntParameter(default=2)
    retry_count = 3

    def output(self):
        return luigi.LocalTarget(f"{self.name}.txt")

    def run(self):
        tries[self.name] = tries.get(self.name, 0) + 1
        if tries[self.name] < self.needed:
            raise RuntimeError(f"try {tries[self.name]} of {self.name}")
        with self.output().open("w") as out:
            out.write(f"{tries[self.name]} tries\n")


class Patient(Flaky):
    retry_count = 5


class After(luigi.Task):
    name = luigi.Parameter()

    def requires(self):
        return Flaky(self.name, needed=3)

    def output(self):
        return luigi.LocalTarget(f"after-{self.name}.txt")

    def run(self):
        self.output().open("w").close()


CONFIG = """
[scheduler]
retry_delay=0
[worker]
keep_alive=true
wait_interval=0.01
wait_jitter=0
"""
BUILDS = [
    lambda: [Flaky("a")],
    lambda: [After("b")],
    lambda: [Flaky("c", needed=9)],
    lambda: [Patient("d", needed=5), Flaky("e", needed=4)],
]


def facts():
    return {"tries": tries}
