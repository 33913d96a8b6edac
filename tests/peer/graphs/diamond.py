"""A diamond: two tasks share one requirement, which runs once and first."""

import luigi


class Written(luigi.Task):
    def output(self):
        return luigi.LocalTarget(f"out/{self.task_id}.txt")

    def run(self):
        lines = [self.task_id]
        for target in luigi.task.flatten(self.input()):
            with target.open() as source:
                lines += ["  " + line for line in source.read().splitlines()]
        with self.output().open("w") as out:
            out.write("\n".join(lines) + "\n")


class Source(Written):
    pass


class Left(Written):
    def requires(self):
        return Source()


class Right(Written):
    def requires(self):
        return Source()


class Sink(Written):
    def requires(self):
        return {"left": Left(), "right": Right()}


class Tower(Written):
    """Requires in layers, with several ways to the same task."""

    height = luigi.IntParameter()

    def requires(self):
        if self.height:
            return [Tower(self.height - 1), Tower(max(self.height - 2, 0)), Source()]
        return []


BUILDS = [lambda: [Sink()], lambda: [Tower(5)], lambda: [Sink(), Tower(6)]]
