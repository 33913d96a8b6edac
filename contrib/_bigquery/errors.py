"""What can go wrong with BigQuery beyond what can with any of Google's services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from luigi.errors import KernelError
from luigi.target import FileSystemException

Said = Mapping[str, Any] | str
"""An error as the service has it, with `reason`, `message` and perhaps `location`; or a text."""

FURTHER = 5
"""Of a million broken lines a few tell enough."""


class BigQueryExecutionError(KernelError):
    """A job failed. `error_message` is what the service says of it, `further` what it says beyond that."""

    def __init__(self, job_id: str, error_message: Said, further: Iterable[Said] = ()) -> None:
        more = [sentence(said) for said in further if said != error_message][:FURTHER]
        super().__init__("\n".join([f"BigQuery job {job_id} failed: {sentence(error_message)}", *more]))
        self.job_id = job_id
        self.error_message = error_message


def sentence(said: Said) -> str:
    """What the service says, for a reader."""
    if isinstance(said, str):
        return said
    where = f" (at {said['location']})" if said.get("location") else ""
    return f"{said.get('reason', 'error')}: {said.get('message', '')}{where}"


class WrongLocation(FileSystemException, ValueError):
    """A dataset is elsewhere than a table says."""

    def __init__(self, dataset: object, found: str, wanted: str) -> None:
        super().__init__(
            f"the dataset {dataset} is in {found}, not in {wanted}",
            hint="a dataset stays where it was made: give its location, or another dataset",
        )


class NoName(KernelError, ValueError):
    """A text cannot be the name of a project, a dataset, a table or a job."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is no name that anything in BigQuery can have")


class NoTable(KernelError, TypeError, AssertionError):
    """What a task puts out, or takes in, is no table. (Luigi says so by an AssertionError.)"""

    def __init__(self, task: object, found: object, what: str) -> None:
        super().__init__(f"{task}: its {what} is {found!r}, and has to be one BigQueryTarget")
        self.hint = "such as BigQueryTarget('project', 'dataset', 'table')"
