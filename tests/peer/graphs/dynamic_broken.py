"""A running task that raises after, or because of, what it yielded."""

import luigi


class Fine(luigi.Task):
    n = luigi.IntParameter()

    def output(self):
        return luigi.LocalTarget(f"fine-{self.n}")

    def run(self):
        self.output().open("w").close()


class BrokenCheck(luigi.Task):
    def complete(self):
        raise ValueError("cannot say")


class RaisesAfter(luigi.Task):
    def run(self):
        yield Fine(1)
        raise LookupError("after all")


class YieldsBroken(luigi.Task):
    def run(self):
        yield BrokenCheck()


class Root(luigi.Task):
    def requires(self):
        return [RaisesAfter(), YieldsBroken(), Fine(9)]


BUILDS = [lambda: [RaisesAfter()], lambda: [YieldsBroken()], lambda: [Root()]]


def differs(told):
    """Luigi calls `run()` from the top after each yield; ours resumes it, so it starts once (FEATURES.md B21)."""
    told["events"][RaisesAfter().task_id].remove("START")
    return told
