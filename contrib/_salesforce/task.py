"""QuerySalesforce: a task that writes what a query finds, by the bulk interface."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

import luigi
from luigi.contrib import remote_job
from luigi.contrib._salesforce.api import SalesforceAPI
from luigi.contrib._salesforce.bulk import FIRST_WITH_JSON
from luigi.contrib._salesforce.errors import SandboxWithoutName
from luigi.contrib._salesforce.job import BulkQuery
from luigi.contrib._salesforce.merging import merge
from luigi.contrib._salesforce.settings import salesforce


class QuerySalesforce(luigi.Task):
    """Writes the records that a query finds to `output()`, as CSV, XML or JSON.

    A query that fails fails the task with what Salesforce says of it. A task that is ended aborts its job.
    """

    poll_time: ClassVar[float] = 5
    """Seconds between two looks at the job."""

    @property
    @abstractmethod
    def object_name(self) -> str:
        """The kind of records that the query is for, such as Account."""

    @property
    @abstractmethod
    def soql(self) -> str:
        """The query; or the path of a file it is in, where `is_soql_file` says so."""

    @property
    def use_sandbox(self) -> bool:
        """Whether to ask the sandbox `sandbox_name`."""
        return False

    @property
    def sandbox_name(self) -> str | None:
        """The name of the sandbox."""
        return None

    @property
    def is_soql_file(self) -> bool:
        """Whether `soql` is a path."""
        return False

    @property
    def content_type(self) -> str:
        """What is written: CSV, XML or JSON."""
        return "CSV"

    def run(self) -> None:
        """Run the query. Raises JobFailed when it fails, SalesforceError when it is refused, and OSError."""
        api = self._api()
        soql = Path(self.soql).read_text(encoding="utf-8") if self.is_soql_file else self.soql
        job = BulkQuery(api, self.object_name, soql, self.content_type)
        job_id = remote_job.run(job, self, self.poll_time)
        try:
            with TemporaryDirectory(prefix="luigi-salesforce-") as folder:
                self._parts = job.fetch(job_id, Path(folder))
                self.merge_batch_results(list(self._parts))
        finally:
            job.close(job_id)

    def merge_batch_results(self, result_ids: Sequence[str]) -> None:
        """Write the results of those ids, which were fetched, to `output()`. Raises NotMerged, and OSError."""
        with self.output().open("w") as out:
            merge(self.content_type, [self._parts[result_id] for result_id in result_ids], out)

    def _api(self) -> SalesforceAPI:
        said = salesforce()
        if self.use_sandbox and not self.sandbox_name:
            raise SandboxWithoutName(self.get_task_family())
        kind = _WithJson if self.content_type.casefold() == "json" else SalesforceAPI
        sandbox = self.sandbox_name if self.use_sandbox else None
        return kind(said.username, said.password, said.security_token, said.sb_security_token, sandbox)


class _WithJson(SalesforceAPI):
    API_VERSION = FIRST_WITH_JSON
