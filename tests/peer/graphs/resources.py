"""Resources: as many as the configuration says, one where it says nothing, and a task that takes them all."""

import luigi


class Takes(luigi.Task):
    n = luigi.IntParameter()
    amount = luigi.IntParameter(default=1)

    @property
    def resources(self):
        return {"seats": self.amount}

    def output(self):
        return luigi.LocalTarget(f"{self.task_id}.txt")

    def run(self):
        self.output().open("w").close()


class TakesDefault(Takes):
    resources = {"unlisted": 1}


class TakesTooMany(Takes):
    resources = {"unlisted": 2}


class FromRun(Takes):
    def process_resources(self):
        return {"seats": 2, "unlisted": 1}


class Frees(Takes):
    resources = {"seats": 3}

    def run(self):
        self.decrease_running_resources({"seats": 2})
        self.output().open("w").close()


class Root(luigi.WrapperTask):
    def requires(self):
        yield from [Takes(n) for n in range(3)]
        yield Takes(3, amount=3)
        yield Takes(4, amount=4)
        yield TakesDefault(5)
        yield TakesTooMany(6)
        yield FromRun(7)
        yield Frees(8)


CONFIG = "[resources]\nseats=3\n"
BUILDS = [lambda: [Root()]]
