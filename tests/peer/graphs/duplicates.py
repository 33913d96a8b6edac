"""The same task asked for many times: by equal instances, under several parents, as several roots."""

import luigi


class Written(luigi.Task):
    n = luigi.IntParameter()
    note = luigi.Parameter(default="", significant=False)

    def output(self):
        return luigi.LocalTarget(f"written-{self.n}.txt")

    def run(self):
        with self.output().open("w") as out:
            out.write(f"{self.n}\n")


class Parent(luigi.Task):
    n = luigi.IntParameter()

    def requires(self):
        return [Written(0), Written(0), {"again": Written(0)}, Written(self.n), Written(self.n, note="other")]

    def output(self):
        return luigi.LocalTarget(f"parent-{self.n}.txt")

    def run(self):
        with self.output().open("w") as out:
            out.write(f"{len(luigi.task.flatten(self.input()))} inputs\n")


BUILDS = [
    lambda: [Written(0), Written(0), Written(0, note="x")],
    lambda: [Parent(1), Parent(2), Parent(1), Written(2)],
]


def differs(told):
    """Luigi looks at a task again for each root; ours does so once a run."""
    present = told["events"][Written(0).task_id]
    del present[present.index("DEPENDENCY_PRESENT") + 1 :]
    discovered = told["events"][Parent(1).task_id]
    del discovered[: discovered.count(discovered[0]) // 2 + 2]
    return told
