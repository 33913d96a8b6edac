"""Tasks that fail, and what waits for them."""

import luigi


class Fine(luigi.Task):
    n = luigi.IntParameter()

    def output(self):
        return luigi.LocalTarget(f"fine-{self.n}.txt")

    def run(self):
        with self.output().open("w") as out:
            out.write("fine")


class Bad(Fine):
    def output(self):
        return luigi.LocalTarget(f"bad-{self.n}.txt")

    def run(self):
        with self.output().open("w") as out:
            out.write("half of it")
            raise ValueError(f"bad {self.n}")


class Exits(Fine):
    def output(self):
        return luigi.LocalTarget("exits.txt")

    def run(self):
        raise SystemExit(3)


class After(luigi.Task):
    """Half-written after a failure in what it requires."""

    n = luigi.IntParameter()

    def requires(self):
        return [Fine(self.n), Bad(self.n)]

    def output(self):
        return luigi.LocalTarget(f"after-{self.n}.txt")


class Root(luigi.Task):
    def requires(self):
        return [After(1), After(2), Fine(7)]


class ExitRoot(luigi.Task):
    def requires(self):
        return [Exits(1), Fine(8)]


class Again(Bad):
    """Fails the first time, and its file is not there then."""

    def run(self):
        if self.n not in seen:
            seen.append(self.n)
            raise RuntimeError(f"not yet {self.output().exists()}")
        Fine.run(self)


seen = []
BUILDS = [lambda: [Root()], lambda: [Root()], lambda: [ExitRoot()], lambda: [Again(99)], lambda: [Again(99)]]
