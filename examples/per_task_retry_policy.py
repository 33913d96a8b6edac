"""How often a failing task is tried again is the task's own business.

python per_task_retry_policy.py Everything --local-scheduler --worker-keep-alive --scheduler-retry-delay 1

`--worker-keep-alive` lets the worker wait for retries; `--scheduler-retry-delay` is the pause before one, in seconds
(900 unless told). `[scheduler] retry_count` holds for tasks that say nothing themselves.
"""

import luigi


class Flaky(luigi.Task):
    """Fails twice, then works: within its three tries, so it ends well."""

    retry_count = 3
    tries = 0

    def run(self) -> None:
        self.tries += 1
        if self.tries < 3:
            raise RuntimeError(f"try {self.tries} fails")

    def complete(self) -> bool:
        return self.tries >= 3


class Hopeless(luigi.Task):
    """Fails each time, and is disabled after the second: what needs it is never run."""

    retry_count = 2

    def run(self) -> None:
        raise RuntimeError("this one never works")


class Everything(luigi.WrapperTask):
    """Both."""

    def requires(self) -> list[luigi.Task]:
        return [Flaky(), Hopeless()]


if __name__ == "__main__":
    luigi.run()
