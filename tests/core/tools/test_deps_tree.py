"""luigi-deps-tree: the tree of what a task requires. The answers are Luigi's."""

from __future__ import annotations

import textwrap

import luigi
from luigi.parameter import ParameterVisibility
from luigi.tools import deps_tree
from luigi.tools.deps_tree import print_tree

BLUE, GREEN, END = "\x1b[94m", "\x1b[92m", "\x1b[0m"


class Given(luigi.Task):
    day = luigi.DateIntervalParameter()

    def complete(self):
        return True


class Middle(luigi.Task):
    task_namespace = "some.space"
    day = luigi.DateIntervalParameter()
    n = luigi.IntParameter(default=3)
    password = luigi.Parameter(default="secret", visibility=ParameterVisibility.PRIVATE)
    quiet = luigi.IntParameter(default=1, significant=False)

    def requires(self):
        return Given(self.day)

    def complete(self):
        return False


class Top(luigi.WrapperTask):
    day = luigi.DateIntervalParameter(default=luigi.date_interval.Date(2015, 1, 2))

    def requires(self):
        yield {"a": Middle(self.day), "b": [Given(self.day), Middle(self.day, n=4)]}
        yield Given(self.day)


def test_the_tree():
    assert print_tree(Top()) == "\n" + textwrap.dedent(
        f"""\
        └─--[Top-{{'day': '2015-01-02'}} ({BLUE}PENDING{END})]
            |---[Middle-{{'day': '2015-01-02', 'n': '3'}} ({BLUE}PENDING{END})]
            |   └─--[Given-{{'day': '2015-01-02'}} ({GREEN}COMPLETE{END})]
            |---[Given-{{'day': '2015-01-02'}} ({GREEN}COMPLETE{END})]
            |---[Middle-{{'day': '2015-01-02', 'n': '4'}} ({BLUE}PENDING{END})]
            |   └─--[Given-{{'day': '2015-01-02'}} ({GREEN}COMPLETE{END})]
            └─--[Given-{{'day': '2015-01-02'}} ({GREEN}COMPLETE{END})]"""
    )


def test_within_another_tree():
    day = luigi.date_interval.Date(2015, 1, 2)
    assert print_tree(Middle(day), indent=">>", last=False) == (
        f"\n>>|---[Middle-{{'day': '2015-01-02', 'n': '3'}} ({BLUE}PENDING{END})]"
        f"\n>>|   └─--[Given-{{'day': '2015-01-02'}} ({GREEN}COMPLETE{END})]"
    )


def test_a_task_that_requires_nothing():
    class Alone(luigi.Task):
        def requires(self):
            return None

        def complete(self):
            return True

    assert print_tree(Alone()) == f"\n└─--[Alone-{{}} ({GREEN}COMPLETE{END})]"


def test_colours():
    assert (deps_tree.bcolors.OKBLUE, deps_tree.bcolors.OKGREEN, deps_tree.bcolors.ENDC) == (BLUE, GREEN, END)
