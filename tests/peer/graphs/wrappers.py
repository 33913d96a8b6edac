"""Tasks that only require others, and tasks made external."""

import luigi


class Piece(luigi.Task):
    n = luigi.IntParameter()

    def output(self):
        return luigi.LocalTarget(f"piece-{self.n}.txt")

    def run(self):
        self.output().open("w").close()


class Pair(luigi.WrapperTask):
    n = luigi.IntParameter()

    def requires(self):
        yield Piece(self.n)
        yield Piece(self.n + 1)


class All(luigi.WrapperTask):
    def requires(self):
        return {"pairs": [Pair(n) for n in range(3)], "alone": Piece(9)}


@luigi.task.externalize
class Outside(Piece):
    pass


class NeedsOutside(luigi.Task):
    def requires(self):
        return [Outside(5), luigi.task.externalize(Piece(6)), Piece(7)]


class EmptyWrapper(luigi.WrapperTask):
    pass


BUILDS = [lambda: [Pair(0)], lambda: [All()], lambda: [All()], lambda: [NeedsOutside()], lambda: [EmptyWrapper()]]


def facts():
    return {"inputs": [target.path for target in luigi.task.flatten(Pair(0).input())], "complete": All().complete()}
