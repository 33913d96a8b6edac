"""S3CopyJSONToTable: has Redshift load JSON that is in S3."""

from __future__ import annotations

import abc
from typing import Any

from luigi.contrib._redshift import statements, tables
from luigi.contrib._redshift.copying import S3CopyToTable
from luigi.contrib._redshift.credentials import CredentialsMixin


class S3CopyJSONToTable(S3CopyToTable, CredentialsMixin):
    """Has Redshift load JSON that is in S3 into a table, which is made where it is missing."""

    @property
    @abc.abstractmethod
    def jsonpath(self) -> str:
        """Where it stands which part goes into which column, `s3://bucket/key`; or `auto`, by the columns' names."""

    @property
    @abc.abstractmethod
    def copy_json_options(self) -> str:
        """What else COPY is told of JSON, such as `TRUNCATECOLUMNS`, in SQL."""

    def copy(self, cursor: Any, f: Any) -> None:
        """Load what is at `f` into all of the table's columns, but those that every table gets."""
        columns = tables.listed(self.columns) if self.enable_metadata_columns else ""
        options = f"JSON AS '{statements.inner(self.jsonpath)}' {self.copy_json_options}\n{self.copy_options}"
        self._copy(cursor, f, columns, options)
