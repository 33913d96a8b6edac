"""Namespaces in every way they can be given, and a class that makes up its own family."""

import luigi


class Marked(luigi.Task):
    def output(self):
        return luigi.LocalTarget(f"{self.task_id}.txt")

    def run(self):
        self.output().open("w").close()


class Own(Marked):
    task_namespace = "mine"
    x = luigi.IntParameter(default=1)


class Below(Own):
    y = luigi.Parameter(default="y")


class Empty(Below):
    task_namespace = ""


luigi.namespace("outer.inner")


class InOuter(Marked):
    x = luigi.IntParameter(default=1)


class OwnInOuter(Marked):
    task_namespace = "own"


luigi.namespace("narrow", scope=__name__)


class Narrow(Marked):
    pass


luigi.auto_namespace(scope=__name__)


class Auto(Marked):
    pass


luigi.namespace(scope=__name__)
luigi.namespace()


class NoneAgain(Marked):
    def requires(self):
        yield from [Own(), Own(2), Below(), Empty(), InOuter(), OwnInOuter(), Narrow(), Auto()]
        yield from [MadeUp(), MadeUp(2)]


class MadeUp(Marked):
    x = luigi.IntParameter(default=1)

    @classmethod
    def get_task_family(cls):
        return "quite.Different"


BUILDS = [lambda: [NoneAgain()]]


def facts():
    classes = [Own, Below, Empty, InOuter, OwnInOuter, Narrow, Auto, NoneAgain]
    return {cls.__name__: [cls.get_task_namespace(), cls.get_task_family(), cls.task_family] for cls in classes}
