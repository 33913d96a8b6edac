"""Tasks that are a query: its result as a table, or the query itself as a view."""

from __future__ import annotations

from collections.abc import Sequence

from luigi.contrib._bigquery.bulk import MixinBigQueryBulkComplete
from luigi.contrib._bigquery.running import OneJob, unsaid
from luigi.contrib._bigquery.target import the_table
from luigi.contrib._bigquery.words import CreateDisposition, QueryMode, WriteDisposition
from luigi.task import Task


class BigQueryRunQueryTask(MixinBigQueryBulkComplete, OneJob, Task):
    """Have the result of `query` be the table that `output()` is. Override what is to be otherwise."""

    @property
    def query(self) -> str:
        """What is asked: SQL."""
        unsaid(self, "query")

    @property
    def use_legacy_sql(self) -> bool:
        """Whether that is BigQuery's own old dialect, as it is unless this says False."""
        return True

    @property
    def query_mode(self) -> str:
        """How soon it is begun: one of QueryMode."""
        return QueryMode.INTERACTIVE

    @property
    def create_disposition(self) -> str:
        """What becomes of a table that is not there: one of CreateDisposition."""
        return CreateDisposition.CREATE_IF_NEEDED

    @property
    def write_disposition(self) -> str:
        """What becomes of the rows that are there: one of WriteDisposition."""
        return WriteDisposition.WRITE_TRUNCATE

    @property
    def flatten_results(self) -> bool:
        """Whether the old dialect makes a column of each part of a record."""
        return True

    @property
    def udf_resource_uris(self) -> Sequence[str]:
        """gs:// addresses of functions that the query uses."""
        return []

    def run(self) -> None:
        """Ask it. Raises BigQueryExecutionError."""
        output = the_table(self, self.output(), "output")
        said = {
            "query": self.query,
            "priority": self.query_mode,
            "destinationTable": output.table.reference,
            "allowLargeResults": True,
            "createDisposition": self.create_disposition,
            "writeDisposition": self.write_disposition,
            "flattenResults": self.flatten_results,
            "userDefinedFunctionResources": [{"resourceUri": uri} for uri in self.udf_resource_uris],
            "useLegacySql": self.use_legacy_sql,
        }
        self._run_job(output, {"query": said})


class BigQueryCreateViewTask(Task):
    """Have the view that `output()` is be `view`. It is complete only while it is that query and no other."""

    @property
    def view(self) -> str:
        """The query: SQL."""
        unsaid(self, "view")

    @property
    def use_legacy_sql(self) -> bool:
        """Whether that is BigQuery's own old dialect, as it is unless this says False."""
        return True

    def complete(self) -> bool:
        """Whether the view is there, and is this query."""
        output = the_table(self, self.output(), "output")
        return output.exists() and output.client.get_view(output.table) == self.view

    def run(self) -> None:
        """Make it, or change it."""
        output = the_table(self, self.output(), "output")
        output.client.update_view(output.table, self.view, self.use_legacy_sql)
