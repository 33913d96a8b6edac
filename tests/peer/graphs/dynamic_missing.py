"""Requirements that turn up while a task runs, and are not to be had."""

import luigi


class Delivered(luigi.ExternalTask):
    n = luigi.IntParameter()

    def output(self):
        return luigi.LocalTarget(f"delivered-{self.n}")


class Bad(luigi.Task):
    n = luigi.IntParameter()

    def run(self):
        raise ValueError(f"bad {self.n}")


class Fine(luigi.Task):
    n = luigi.IntParameter()

    def output(self):
        return luigi.LocalTarget(f"fine-{self.n}")

    def run(self):
        self.output().open("w").close()


class NeedsDelivered(luigi.Task):
    def run(self):
        yield [Fine(1), Delivered(1)]


class NeedsBad(luigi.Task):
    def run(self):
        yield Bad(1)


class NeedsBoth(luigi.Task):
    def run(self):
        yield Fine(2)
        yield [Bad(2), Delivered(2)]


class Above(luigi.Task):
    def requires(self):
        return [NeedsDelivered(), NeedsBad()]


BUILDS = [lambda: [NeedsDelivered()], lambda: [NeedsBad()], lambda: [NeedsBoth()], lambda: [Above()]]


def differs(told):
    """Luigi calls `run()` from the top after each yield; ours resumes it, so it starts once (FEATURES.md B21)."""
    told["events"][NeedsBoth().task_id].remove("START")
    return told
