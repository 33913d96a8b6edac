"""Parameters handed down by luigi.util's decorators, and tasks made from tasks."""

import datetime

import luigi
from luigi.util import common_params, copies, delegates, inherits, previous, requires


class Base(luigi.Task):
    day = luigi.DateParameter(default=datetime.date(2013, 7, 4))
    country = luigi.Parameter(default="nz")

    def output(self):
        return luigi.LocalTarget(f"{self.task_id}.txt")

    def run(self):
        with self.output().open("w") as out:
            out.write(f"{self}\n")


class Second(luigi.Task):
    size = luigi.IntParameter(default=2)

    def complete(self):
        return True


@inherits(Base, Second)
class Inheriting(luigi.Task):
    own = luigi.Parameter(default="own")

    def requires(self):
        return self.clone_parents()

    def output(self):
        return luigi.LocalTarget(f"{self.task_id}.txt")

    def run(self):
        with self.output().open("w") as out:
            out.write(f"{self} {[repr(task) for task in self.deps()]}\n")


@requires(Base)
class Requiring(luigi.Task):
    country = luigi.Parameter(default="fj")

    def output(self):
        return luigi.LocalTarget(f"{self.task_id}.txt")

    def run(self):
        with self.input().open() as source, self.output().open("w") as out:
            out.write(f"{self} from {source.read()}")


@copies(Base)
class Copying(luigi.Task):
    def output(self):
        return luigi.LocalTarget(f"copy-{self.requires().task_id}.txt")


class Helper(luigi.Task):
    n = luigi.IntParameter()

    def complete(self):
        return True

    def double(self):
        return 2 * self.n


@delegates
class Delegating(luigi.Task):
    n = luigi.IntParameter()

    def subtasks(self):
        return Helper(self.n)

    def output(self):
        return luigi.LocalTarget(f"delegating-{self.n}.txt")

    def run(self):
        with self.output().open("w") as out:
            out.write(f"{self.subtasks().double()}\n")


BUILDS = [lambda: [Inheriting(country="au", size=3)], lambda: [Requiring()], lambda: [Delegating(4)]]


def facts():
    return {
        "params": {cls.__name__: [name for name, _ in cls.get_params()] for cls in (Inheriting, Requiring, Copying)},
        "previous": repr(previous(Base())),
        "common": sorted(common_params(Inheriting(country="ca"), Base)),
        "clone": [repr(Inheriting(country="ca").clone(Base)), repr(Requiring().clone(country="de"))],
        "deps": [repr(task) for task in Delegating(4).deps()],
    }
