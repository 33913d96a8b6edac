"""Which task comes first: the higher priority, then the one that was met first; requirements before all."""

import luigi


class Ranked(luigi.Task):
    rank = luigi.FloatParameter()

    @property
    def priority(self):
        return self.rank

    def output(self):
        return luigi.LocalTarget(f"{self.task_id}.txt")

    def run(self):
        self.output().open("w").close()


class Late(Ranked):
    """Ranks high and waits for one that ranks low, which is thereby lifted."""

    def requires(self):
        return Ranked(-5.0)


class Root(luigi.WrapperTask):
    def requires(self):
        return [Ranked(rank) for rank in (3.0, 10.0, -1.0, 4.5, 100.0, 0.5)] + [Late(50.0)]


class Fixed(Ranked):
    priority = 7


class Last(luigi.WrapperTask):
    """Under a wrapper, nothing ranks below the wrapper's own 0."""

    def requires(self):
        return [Fixed(1.0), Ranked(8.0), Ranked(6.0), Ranked(0.25)]


ORDERED = True
BUILDS = [lambda: [Root()], lambda: [Last()], lambda: [Ranked(-2.0), Ranked(2.5), Ranked(-1.5)]]
