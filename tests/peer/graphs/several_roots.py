"""Several roots in one run, each with its own fate."""

import luigi


class Fine(luigi.Task):
    n = luigi.IntParameter()

    def output(self):
        return luigi.LocalTarget(f"{self.task_id}.txt")

    def run(self):
        self.output().open("w").close()


class Bad(Fine):
    def run(self):
        raise RuntimeError("bad")


class Delivered(luigi.ExternalTask):
    n = luigi.IntParameter()

    def output(self):
        return luigi.LocalTarget("never")


class Broken(Fine):
    def complete(self):
        raise RuntimeError("cannot say")


class Needs(Fine):
    def requires(self):
        return {1: Fine, 2: Bad, 3: Delivered, 4: Broken}[self.n % 10](self.n)


BUILDS = [
    lambda: [Fine(1), Fine(2)],
    lambda: [Needs(11), Needs(12), Needs(13), Needs(14)],
    lambda: [Needs(23), Needs(22)],
    lambda: [Needs(34), Fine(31)],
    lambda: [Needs(n) for n in (41, 42)],
]
SETTINGS = {"workers": 1, "no_lock": True}
