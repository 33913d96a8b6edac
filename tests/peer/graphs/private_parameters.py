"""A private parameter stays inside its task: not in the id, not in what the scheduler is told."""

import luigi
from luigi.parameter import ParameterVisibility


class Login(luigi.Task):
    user = luigi.Parameter()
    password = luigi.Parameter(visibility=ParameterVisibility.PRIVATE)

    def output(self):
        return luigi.LocalTarget(f"{self.task_id}.txt")

    def run(self):
        with self.output().open("w") as out:
            out.write(f"{self.user} {len(self.password)}\n")


BUILDS = [lambda: [Login("ann", "secret"), Login("bob", "geheim")]]


def differs(told):
    """Luigi shows private values in `repr` and in the summary; ours never shows one (FEATURES.md B8)."""
    for task in told["tasks"].values():
        task["repr"] = task["repr"].replace("secret", "***").replace("geheim", "***")
    for run in told["runs"]:
        run["summary"] = [line.replace("secret", "***").replace("geheim", "***") for line in run["summary"]]
    return told
