"""Tasks whose complete() or requires() raises: they are not scheduled, the rest is."""

import luigi


class Fine(luigi.Task):
    n = luigi.IntParameter(default=0)

    def output(self):
        return luigi.LocalTarget(f"fine-{self.n}.txt")

    def run(self):
        self.output().open("w").close()


class BrokenCheck(luigi.Task):
    n = luigi.IntParameter(default=0)

    def complete(self):
        raise ValueError("cannot say")


class BrokenRequires(luigi.Task):
    n = luigi.IntParameter(default=0)

    def requires(self):
        raise LookupError("no idea")


class BrokenGenerator(luigi.Task):
    def requires(self):
        yield Fine(3)
        raise LookupError("half way")


class Above(luigi.Task):
    def requires(self):
        return [BrokenCheck(), BrokenRequires(), Fine(1)]


class Top(luigi.Task):
    def requires(self):
        return [Above(), Fine(2), BrokenCheck(1), BrokenGenerator()]


class FarAbove(luigi.Task):
    """Behind what is behind a broken check: Luigi says that it was not granted permission."""

    def requires(self):
        return Above()


BUILDS = [
    lambda: [Top()],
    lambda: [FarAbove()],
    lambda: [BrokenCheck()],
    lambda: [BrokenRequires(), Fine(5)],
    lambda: [Fine(1), Fine(2)],
]
