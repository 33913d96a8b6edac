"""Tasks that succeed and leave nothing: a success, until somebody needs what they did not make."""

import luigi


class Nothing(luigi.Task):
    n = luigi.IntParameter(default=0)

    def output(self):
        return luigi.LocalTarget(f"nothing-{self.n}.txt")


class NeedsNothing(luigi.Task):
    def requires(self):
        return Nothing()

    def run(self):
        raise AssertionError("its requirement is not there")


BUILDS = [lambda: [Nothing(1)], lambda: [NeedsNothing()]]
COMMANDS = [
    "--module unfulfilled Nothing --local-scheduler --retcode-task-failed 30",
    "--module unfulfilled Nothing --local-scheduler --retcode-task-failed 30 --worker-check-complete-on-run",
    "--module unfulfilled NeedsNothing --local-scheduler --retcode-task-failed 30",
]


def differs(told):
    """Ours makes the requirement once more, as the manual says of `max_reschedules`; in Luigi that never happens."""
    told["events"][Nothing(0).task_id] *= 2
    return told
