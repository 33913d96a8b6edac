"""Parameters that take no part in the id, and parameters that others do not see."""

import luigi
from luigi.parameter import ParameterVisibility


class Counted(luigi.Task):
    kind = luigi.Parameter()
    verbose = luigi.BoolParameter(significant=False)
    depth = luigi.IntParameter(significant=False, default=3)

    def output(self):
        return luigi.LocalTarget(f"{self.task_id}.txt")

    def run(self):
        with self.output().open("w") as out:
            out.write(f"{self} depth={self.depth}\n")


class Shy(Counted):
    hidden = luigi.Parameter(default="h", visibility=ParameterVisibility.HIDDEN)


class Root(luigi.Task):
    def requires(self):
        yield Counted("a", depth=1)
        yield Counted("a", depth=2)
        yield Counted("b", verbose=True)
        yield from [Counted(kind) for kind in "cdef"]
        yield from [Shy("a", hidden=hidden) for hidden in ("first", "second")]
        yield from [Shy("b", depth=n) for n in range(4)]


BUILDS = [lambda: [Root()]]


def facts():
    one, other = Counted("a", depth=1), Counted("a", depth=2)
    return {
        "same object": one is other,
        "equal": one == other,
        "same hash": hash(one) == hash(other),
        "same id": one.task_id == other.task_id,
        "names": [Shy.get_param_names(), Shy.get_param_names(include_significant=True)],
        "clone": repr(other.clone(kind="z")),
        "clone to": repr(other.clone(Shy, hidden="x")),
    }
