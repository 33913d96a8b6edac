"""BigQueryClient: datasets, tables, views and jobs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from luigi.contrib._bigquery.errors import WrongLocation
from luigi.contrib._bigquery.jobs import BigQueryJob
from luigi.contrib._bigquery.settings import BIGQUERY, Settings, current
from luigi.contrib._bigquery.tables import BQDataset, BQTable, name
from luigi.contrib._bigquery.words import CreateDisposition, WriteDisposition
from luigi.contrib._cloud.errors import FileNotFoundException
from luigi.contrib._google.client import GoogleClient
from luigi.contrib._google.connection import Connection
from luigi.contrib._jobs import remote
from luigi.target import FileAlreadyExists

AT_ONCE = 1000
"""Names that the service tells in one answer."""


class BigQueryClient(GoogleClient[Connection, Settings]):
    """Google's BigQuery. It can be pickled if what it was made of can.

    Who asks is `oauth_credentials`, of google-auth, or a connection `http_`; else the section `[bigquery]`; else the
    application default credentials of the machine. `descriptor` is the text of a discovery document.
    Methods raise MissingExtra where Google's client is not installed, and FileSystemException where the service refuses
    or does not answer.
    """

    def __init__(self, oauth_credentials: Any = None, descriptor: str = "", http_: Any = None) -> None:
        super().__init__(oauth_credentials, http_, descriptor)

    def _settings(self) -> Settings:
        return current()

    def _connected(self, settings: Settings) -> Connection:
        return Connection(BIGQUERY, settings, *self._made_of)

    # --- datasets --------------------------------------------------------------------------------------------------

    def dataset_exists(self, dataset: BQDataset) -> bool:
        """Whether there is that dataset. Raises WrongLocation where it is elsewhere than it says."""
        return self._dataset(dataset) is not None

    def make_dataset(self, dataset: BQDataset, raise_if_exists: bool = False, body: Any = None) -> None:
        """Make it, with what else `body` says of it. Raises FileAlreadyExists if it is there and that is asked for."""
        where = {} if dataset.location is None else {"location": dataset.location}
        full = {**(body or {}), "datasetReference": dataset.reference, **where}
        try:
            self.ask(f"dataset {dataset}", self._datasets.insert(projectId=name(dataset.project_id), body=full))
        except FileAlreadyExists:
            if raise_if_exists:
                raise

    def delete_dataset(self, dataset: BQDataset, delete_nonempty: bool = True) -> None:
        """Remove it if it is there, with what is in it or only without. Raises WrongLocation as `dataset_exists`."""
        if self.dataset_exists(dataset):
            request = self._datasets.delete(**dataset.reference, deleteContents=delete_nonempty)
            self._found(f"dataset {dataset}", request)

    def list_datasets(self, project_id: str) -> Iterator[str]:
        """The names of the datasets of a project."""
        for one in self._listed(f"project {project_id}", self._datasets, "datasets", projectId=name(project_id)):
            yield one["datasetReference"]["datasetId"]

    def list_tables(self, dataset: BQDataset) -> Iterator[str]:
        """The names of the tables and views in a dataset."""
        for one in self._listed(f"dataset {dataset}", self._tables, "tables", **dataset.reference):
            yield one["tableReference"]["tableId"]

    # --- tables and views ------------------------------------------------------------------------------------------

    def table_exists(self, table: BQTable) -> bool:
        """Whether there is that table or view. Raises WrongLocation where its dataset is elsewhere than it says."""
        if table.location is not None and not self.dataset_exists(table.dataset):
            return False
        return self._table(table, "id") is not None

    def delete_table(self, table: BQTable) -> None:
        """Remove it if it is there. Raises WrongLocation as `table_exists`."""
        if self.table_exists(table):
            self._found(f"table {table}", self._tables.delete(**table.reference))

    def get_view(self, table: BQTable) -> str | None:
        """The query that a view is; None where there is none, or a table."""
        found = self._table(table, "view")
        return None if found is None else found.get("view", {}).get("query")

    def update_view(self, table: BQTable, view: str, use_legacy_sql: bool = True) -> None:
        """Make a view of that query, or have the one that is there be that query from now on."""
        body = {"view": {"query": view, "useLegacySql": use_legacy_sql}}
        if self.table_exists(table):
            request = self._tables.patch(**table.reference, body=body)  # which leaves its description as it is
        else:
            request = self._tables.insert(**table.dataset.reference, body={"tableReference": table.reference, **body})
        self.ask(f"view {table}", request)

    def copy(
        self,
        source_table: BQTable,
        dest_table: BQTable,
        create_disposition: str = CreateDisposition.CREATE_IF_NEEDED,
        write_disposition: str = WriteDisposition.WRITE_TRUNCATE,
    ) -> None:
        """Copy a table. Raises as `run_job`."""
        how = {"createDisposition": create_disposition, "writeDisposition": write_disposition}
        tables = {"sourceTable": source_table.reference, "destinationTable": dest_table.reference}
        body = {"configuration": {"copy": {**tables, **how}}}
        self.run_job(dest_table.project_id, body, dataset=dest_table.dataset)

    # --- jobs ------------------------------------------------------------------------------------------------------

    def run_job(self, project_id: str, body: Mapping[str, Any], dataset: BQDataset | None = None) -> str:
        """Run a job to its end, and give its id; `dataset` is made before unless it is there.

        State, progress and address are reported as those of the task that runs here; when that is given up,
        so is the job.
        Raises BigQueryExecutionError.
        """
        location = None if dataset is None else self._made(dataset)
        job = BigQueryJob(self._connection, project_id, body, location)
        return remote.run(job, None, self._settings().poll_interval)

    def _made(self, dataset: BQDataset) -> str | None:
        """Have a dataset be there; gives where it is: a job elsewhere than in the US is found only by whoever says."""
        found = self._dataset(dataset)
        if found is None:
            self.make_dataset(dataset)
        return (found or {}).get("location") or dataset.location

    # --- what is asked ---------------------------------------------------------------------------------------------

    def ask(self, what: str, request: Any) -> Any:
        """The answer to a request of Google's client, after trying again; `what` is for the error."""
        return self._connection.ask(what, request)

    @property
    def _datasets(self) -> Any:
        return self.client.datasets()

    @property
    def _tables(self) -> Any:
        return self.client.tables()

    def _dataset(self, dataset: BQDataset) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = self._found(f"dataset {dataset}", self._datasets.get(**dataset.reference))
        if found is not None and dataset.location is not None:
            where = found.get("location") or "a place that it does not say"
            if where.casefold() != dataset.location.casefold():
                raise WrongLocation(dataset, where, dataset.location)
        return found

    def _table(self, table: BQTable, fields: str) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = self._found(
            f"table {table}", self._tables.get(**table.reference, fields=fields)
        )
        return found

    def _listed(self, what: str, kind: Any, of: str, **where: str) -> Iterator[Any]:
        token = None
        while True:
            answer = self.ask(what, kind.list(**where, maxResults=AT_ONCE, pageToken=token))
            yield from answer.get(of, ())
            token = answer.get("nextPageToken")
            if not token:
                return

    def _found(self, what: str, request: Any) -> Any:
        """The answer, or None for what is not there."""
        try:
            return self.ask(what, request)
        except FileNotFoundException:
            return None
