"""Two tasks at a time, in processes: files, failures, yields, missing data, a task that takes longer than it may."""

import time

import luigi

SETTINGS = {"workers": 2}


class Written(luigi.Task):
    n = luigi.IntParameter(default=0)

    def output(self):
        return luigi.LocalTarget(f"{type(self).__name__}/{self.n}.txt")

    def run(self):
        with self.output().open("w") as out:
            out.write(f"{self}\n")


class Left(Written):
    def requires(self):
        return [Written(n) for n in range(5)]


class Right(Written):
    def requires(self):
        return [Written(n) for n in range(3, 8)]


class Diamond(Written):
    def requires(self):
        return {"left": Left(), "right": Right()}

    def run(self):
        with self.output().open("w") as out:
            for side in ("left", "right"):
                with self.input()[side].open() as source:
                    out.write(source.read())


class Failing(Written):
    def requires(self):
        return Written(20)

    def run(self):
        raise ValueError("not today")


class AboveFailing(Written):
    def requires(self):
        return [Failing(), Written(21)]


class Missing(luigi.ExternalTask):
    def output(self):
        return luigi.LocalTarget("nowhere")


class AboveMissing(Written):
    def requires(self):
        return [Missing(), Written(22)]


class Yielding(Written):
    def run(self):
        one = yield Written(30 + self.n)
        two, three = yield [Written(40 + self.n), Written(50 + self.n)]
        with self.output().open("w") as out:
            out.write(" ".join([one.path, two.path, three.path]))


class YieldsFailing(Written):
    def run(self):
        yield Failing(1)


class Slow(Written):
    worker_timeout = 1

    def run(self):
        time.sleep(60)


class Narrow(Written):
    resources = {"narrow": 1}


BUILDS = [
    lambda: [Diamond()],
    lambda: [Diamond()],
    lambda: [AboveFailing(), AboveMissing()],
    lambda: [Yielding(1), Yielding(2)],
    lambda: [YieldsFailing()],
    lambda: [Slow(), Written(60)],
    lambda: [Narrow(n) for n in range(4)],
]
