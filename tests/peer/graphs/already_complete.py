"""Complete tasks are not looked behind: what they require is never met."""

import luigi


class Never(luigi.Task):
    def complete(self):
        raise AssertionError("nobody may ask")


class Done(luigi.Task):
    n = luigi.IntParameter()

    def requires(self):
        return Never()

    def complete(self):
        return True


class Half(luigi.Task):
    def requires(self):
        return [Done(n) for n in range(3)]

    def output(self):
        return [luigi.LocalTarget("half/1"), luigi.LocalTarget("half/2")]

    def run(self):
        for target in self.output():
            with target.open("w") as out:
                out.write("whole")


def with_one_half():
    with Half().output()[0].open("w") as out:
        out.write("old")
    return [Half()]


BUILDS = [
    lambda: [Done(1)],
    lambda: [Done(1), Done(2), Done(3)],
    with_one_half,
    lambda: [Half()],
    list,
]
