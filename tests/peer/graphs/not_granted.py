"""Tasks the scheduler does not let run: disabled ones, and those that ask for more than there is."""

import luigi


class Fine(luigi.Task):
    n = luigi.IntParameter(default=0)

    def output(self):
        return luigi.LocalTarget(f"{self.task_id}.txt")

    def run(self):
        self.output().open("w").close()


class Disabled(Fine):
    disabled = True


class Greedy(Fine):
    resources = {"memory": 5}


class Delivered(luigi.ExternalTask):
    def output(self):
        return luigi.LocalTarget("never")


class Bad(Fine):
    def run(self):
        raise RuntimeError("bad")


class DisabledAbove(Disabled):
    """Itself taken out, its requirements are made."""

    def requires(self):
        return Fine(8), Delivered()


def above(*required):
    name = "Above" + "".join(type(task).__name__ for task in required)
    return type(name, (Fine,), {"requires": lambda self: required})()


BUILDS = [
    lambda: [Disabled()],
    lambda: [above(Disabled())],
    lambda: [above(Disabled(1), Fine(1))],
    lambda: [Greedy()],
    lambda: [above(Greedy(), Fine(2))],
    lambda: [above(Greedy(), Delivered())],
    lambda: [above(Greedy(), Bad(), Delivered())],
    lambda: [Fine(7), Disabled(7), Greedy(7)],
    lambda: [above(DisabledAbove(), Fine(9))],
    lambda: [DisabledAbove()],
]
COMMANDS = [
    "--module not_granted Disabled --local-scheduler --retcode-not-run 25",
    "--module not_granted Greedy --local-scheduler --retcode-not-run 25",
]
