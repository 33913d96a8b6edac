"""Google's Dataproc: tasks that make clusters, run Spark's jobs on them, and remove them.

`pip install "luigi-kernel[dataproc]"` brings what it needs. Credentials, endpoint and the like are in the section
`[dataproc]`.
"""

from __future__ import annotations

from typing import Any

from luigi.contrib import gcp
from luigi.contrib._dataproc.client import CLIENT
from luigi.contrib._dataproc.cluster_tasks import CreateDataprocClusterTask, DeleteDataprocClusterTask
from luigi.contrib._dataproc.settings import SECTION, Settings
from luigi.contrib._dataproc.tasks import (
    DataprocBaseTask,
    DataprocPysparkTask,
    DataprocSparkTask,
    NothingSubmitted,
    _DataprocBaseTask,
)
from luigi.errors import MissingExtra

__all__ = [
    "SECTION",
    "CreateDataprocClusterTask",
    "DataprocBaseTask",
    "DataprocPysparkTask",
    "DataprocSparkTask",
    "DeleteDataprocClusterTask",
    "NothingSubmitted",
    "Settings",
    "_DataprocBaseTask",
    "get_dataproc_client",
    "set_dataproc_client",
]


def get_dataproc_client() -> Any:
    """The service `dataproc` of Google's client that all tasks of this process ask by. Raises MissingExtra."""
    return CLIENT.client


def set_dataproc_client(client: Any) -> None:
    """Have all of them ask by that one from now on; with None, by what the section `[dataproc]` says again."""
    CLIENT.use(client)


def __getattr__(name: str) -> Any:
    if name == "authenticate_kwargs":
        try:
            return gcp.get_authenticate_kwargs()
        except MissingExtra:  # without Google's client there is nothing that could be given them
            return {}
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
