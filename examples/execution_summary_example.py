"""What the summary at the end of a run tells: one task of each fate.

python execution_summary_example.py Everything --local-scheduler

The exit code tells too, once you set [retcode]; see docs/errors.md.
"""

import luigi


class Done(luigi.Task):
    """Complete before the run starts."""

    def complete(self) -> bool:
        return True


class Works(luigi.Task):
    """Runs well. There are several, which the summary folds into one line."""

    number: int

    def run(self) -> None:
        self.ran = True

    def complete(self) -> bool:
        return getattr(self, "ran", False)


class Fails(luigi.Task):
    """Raises."""

    def run(self) -> None:
        raise RuntimeError("this one fails on purpose")


class NeverDelivered(luigi.ExternalTask):
    """Something from outside that is not there."""

    def complete(self) -> bool:
        return False


class WaitsForFailure(luigi.Task):
    """Is left pending: what it needs failed."""

    def requires(self) -> Fails:
        return Fails()


class WaitsForDelivery(luigi.Task):
    """Is left pending: what it needs never came."""

    def requires(self) -> NeverDelivered:
        return NeverDelivered()


class Everything(luigi.WrapperTask):
    """One of each."""

    def requires(self) -> list[luigi.Task]:
        return [Done(), *(Works(number) for number in range(5)), WaitsForFailure(), WaitsForDelivery()]


if __name__ == "__main__":
    luigi.run()
