"""Exit codes of the `luigi` command, with a code for everything."""

import luigi


class Fine(luigi.Task):
    n = luigi.IntParameter(default=0)

    def output(self):
        return luigi.LocalTarget(f"{self.task_id}.txt")

    def run(self):
        self.output().open("w").close()


class Needs(Fine):
    must = luigi.IntParameter()


class Delivered(luigi.ExternalTask):
    def output(self):
        return luigi.LocalTarget("never")


class Bad(Fine):
    def run(self):
        raise RuntimeError("bad")


class Exits(Fine):
    def run(self):
        raise SystemExit(7)


class Flaky(Fine):
    retry_count = 5
    tries = 0

    def run(self):
        self.tries += 1
        if self.tries < 2:
            raise RuntimeError("not yet")
        super().run()


class BrokenCheck(Fine):
    def complete(self):
        raise ValueError("cannot say")


class BrokenRequires(Fine):
    def requires(self):
        raise ValueError("cannot say")


class Greedy(Fine):
    resources = {"memory": 5}


class Disabled(Fine):
    disabled = True


class Wasteful(luigi.Task):
    """Makes nothing, which is a success until somebody needs it."""


class AboveWasteful(Fine):
    def requires(self):
        return Wasteful()


class AboveBadAndDelivered(Fine):
    def requires(self):
        return [Bad(), Delivered()]


class AboveBadAndBroken(Fine):
    def requires(self):
        return [Bad(), BrokenCheck()]


class AboveDisabled(Fine):
    def requires(self):
        return Disabled()


class AboveDelivered(Fine):
    def requires(self):
        return Delivered()


class AboveGreedy(Fine):
    def requires(self):
        return Greedy()


class YieldsDelivered(Fine):
    def run(self):
        yield Delivered()


class YieldsBad(Fine):
    def run(self):
        yield Bad()


class BrokenInit(luigi.Task):
    def __init__(self):
        raise ValueError("no")


TWICE = [type("Twice", (Fine,), {}), type("Twice", (Fine,), {})]

CONFIG = """
[retcode]
already_running=10
missing_data=20
not_run=25
task_failed=30
scheduling_error=35
unhandled_exception=40
[scheduler]
retry_delay=0
[worker]
wait_interval=0.01
wait_jitter=0
"""
COMMANDS = [
    "--module exit_codes Fine --local-scheduler",
    "--module exit_codes Delivered --local-scheduler",
    "--module exit_codes Bad --local-scheduler --scheduler-retry-delay 900",
    "--module exit_codes Exits --local-scheduler --scheduler-retry-delay 900",
    "--module exit_codes Flaky --local-scheduler --worker-keep-alive",
    "--module exit_codes BrokenCheck --local-scheduler",
    "--module exit_codes BrokenRequires --local-scheduler",
    "--module exit_codes Greedy --local-scheduler",
    "--module exit_codes Disabled --local-scheduler",
    "--module exit_codes Wasteful --local-scheduler",
    "--module exit_codes AboveWasteful --local-scheduler --scheduler-retry-delay 900",
    "--module exit_codes AboveBadAndDelivered --local-scheduler --scheduler-retry-delay 900",
    "--module exit_codes AboveBadAndBroken --local-scheduler --scheduler-retry-delay 900",
    "--module exit_codes AboveDisabled --local-scheduler",
    "--module exit_codes AboveDelivered --local-scheduler",
    "--module exit_codes AboveGreedy --local-scheduler",
    "--module exit_codes YieldsDelivered --local-scheduler",
    "--module exit_codes YieldsBad --local-scheduler --scheduler-retry-delay 900",
    "--module exit_codes BrokenInit --local-scheduler",
    "--module exit_codes Needs --local-scheduler",
    "--module exit_codes Needs --local-scheduler --retcode-unhandled-exception 9",
    "--module exit_codes Needs --must 3 --local-scheduler",
    "--module exit_codes Fine --n x --local-scheduler",
    "--module exit_codes Fine --nothing 3 --local-scheduler",
    "--module exit_codes Unknown --local-scheduler",
    "--module exit_codes Twice --local-scheduler",
    "--module no_such_module Fine --local-scheduler",
    "--module exit_codes Bad --local-scheduler --scheduler-retry-delay 900 --retcode-task-failed 77",
    "--module exit_codes Bad --local-scheduler --scheduler-retry-delay 900 --retcode-task-failed 0 --retcode-not-run 3",
]
