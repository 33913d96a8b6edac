"""A limit on how many tasks a worker takes on."""

import luigi


class Fine(luigi.Task):
    n = luigi.IntParameter()

    def output(self):
        return luigi.LocalTarget(f"{self.n}.txt")

    def run(self):
        self.output().open("w").close()


class Root(luigi.Task):
    def requires(self):
        return [Fine(1)]


CONFIG = "[worker]\ntask_limit=1\n"
BUILDS = [lambda: [Fine(5)], lambda: [Root()], lambda: [Fine(6), Fine(7)]]
COMMANDS = ["--module task_limit Root --local-scheduler --retcode-scheduling-error 35"]
