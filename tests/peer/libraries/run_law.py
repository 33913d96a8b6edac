"""A workflow of branches, as physicists write them: its own targets, parameters, metaclass and registry."""

import os

import law

import luigi


class Number(law.Task):
    n = luigi.IntParameter(default=1)
    factors = law.CSVParameter(default=(1, 2), cls=luigi.IntParameter)

    def output(self):
        return law.LocalFileTarget(os.path.abspath(f"number_{self.n}.json"))

    @law.decorator.safe_output
    def run(self):
        self.output().dump({"n": self.n, "factors": list(self.factors)}, formatter="json")
        self.publish_message(f"wrote {self.n}")


class Branches(law.LocalWorkflow):
    def create_branch_map(self):
        return {branch: branch * 10 for branch in range(4)}

    def workflow_requires(self):
        return {"number": Number(n=99)}

    def requires(self):
        return Number(n=self.branch)

    def output(self):
        return law.LocalFileTarget(os.path.abspath(f"branch_{self.branch}.txt"))

    def run(self):
        self.output().dump(str(self.branch_data), formatter="text")


class Collected(law.Task):
    def requires(self):
        return Branches.req(self)

    def output(self):
        return law.LocalFileTarget(os.path.abspath("collected.txt"))

    def run(self):
        self.output().dump(str(len(self.input()["collection"])), formatter="text")


class Everything(law.WrapperTask):
    def requires(self):
        return [Collected(), Number(n=5)]


if __name__ == "__main__":
    print(luigi.build([Everything()], local_scheduler=True, workers=2, log_level="WARNING"))
    luigi.run(["Number", "--n", "12", "--local-scheduler", "--log-level", "WARNING"])
