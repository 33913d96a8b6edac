"""External tasks that are not there, at several depths, beside some that are."""

import luigi


class Delivered(luigi.ExternalTask):
    n = luigi.IntParameter()

    def output(self):
        return luigi.LocalTarget(f"delivered-{self.n}.txt")


class DeliveredFrom(Delivered):
    """What another program makes, from what is no business of this one."""

    def requires(self):
        return [Free(50), Delivered(51)]

    def output(self):
        return luigi.LocalTarget(f"from-{self.n}.txt")


class Work(luigi.Task):
    n = luigi.IntParameter()

    def requires(self):
        return Delivered(self.n)

    def output(self):
        return luigi.LocalTarget(f"work-{self.n}.txt")

    def run(self):
        self.output().open("w").close()


class Level(Work):
    def requires(self):
        return [Work(self.n), Work(self.n + 10)]

    def output(self):
        return luigi.LocalTarget(f"level-{self.n}.txt")


class Free(Work):
    def requires(self):
        return []

    def output(self):
        return luigi.LocalTarget(f"free-{self.n}.txt")


class Root(luigi.WrapperTask):
    def requires(self):
        return [Level(n) for n in range(1, 4)] + [Free(1)]


def deliver():
    for n in (1, 2, 11):
        luigi.LocalTarget(f"delivered-{n}.txt").open("w").close()
    return [Root()]


def deliver_the_rest():
    for n in (3, 12, 13):
        luigi.LocalTarget(f"delivered-{n}.txt").open("w").close()
    return [Root()]


BUILDS = [
    lambda: [Root()],
    deliver,
    deliver_the_rest,
    lambda: [Delivered(77)],
    lambda: [Delivered(1)],
    lambda: [DeliveredFrom(1)],
]
