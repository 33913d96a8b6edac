"""What can go wrong with jobs of clusters besides the work itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luigi.errors import KernelError

if TYPE_CHECKING:
    from luigi.contrib._jobs.program import Ran
    from luigi.task import Task


class NoSharedFolder(KernelError, OSError):
    """There is no place for what a job needs."""

    def __init__(self, place: str, reason: object) -> None:
        super().__init__(f"no folder can be made in {place!r} for a job's task and code: {reason}")
        self.hint = "have shared_tmp_dir name a folder that this machine and the cluster's share"

    def __str__(self) -> str:
        return str(self.args[0])


class JobRefused(KernelError):
    """A cluster did not take a job."""

    def __init__(self, ran: Ran) -> None:
        super().__init__(f"{ran.args[0]} did not take the job: {_said(ran)}")


class ClusterAway(KernelError, ConnectionError):
    """A cluster does not answer."""

    def __init__(self, ran: Ran) -> None:
        super().__init__(f"{ran.args[0]} ended with {ran.code}: {_said(ran)}")

    def __str__(self) -> str:
        return str(self.args[0])


class OptionForAnother(KernelError, ValueError):
    """A value would be taken for an option."""

    def __init__(self, option: str, value: str) -> None:
        super().__init__(f"the value {value!r} for {option} begins as an option does, and would be taken for one")

    def __str__(self) -> str:
        return str(self.args[0])


class NoSuchValue(KernelError, KeyError):
    """A pattern for names of jobs asks for what the task does not have."""

    def __init__(self, pattern: str, task: Task) -> None:
        known = ", ".join(["task_family", *task.param_kwargs])
        super().__init__(f"{pattern!r} cannot be made a name for the job of {task}", hint=f"there are {known}")

    def __str__(self) -> str:
        return str(self.args[0])


def _said(ran: Ran) -> str:
    return " ".join(f"{ran.stderr} {ran.stdout}".split())
