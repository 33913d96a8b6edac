"""RedshiftQuery carries out a statement, RedshiftUnloadTask has Redshift write what a statement finds to S3."""

from __future__ import annotations

from typing import Any

from luigi.contrib._redshift import statements
from luigi.contrib._redshift.credentials import CredentialsMixin
from luigi.contrib._redshift.dialect import DIALECT
from luigi.contrib._redshift.errors import NowhereToUnload
from luigi.contrib._redshift.target import RedshiftTarget
from luigi.contrib._sql.postgres_tasks import PostgresQuery, facts_of


class _Query(PostgresQuery):
    _dialect = DIALECT

    def output(self) -> RedshiftTarget:
        """The note that it was carried out."""
        return RedshiftTarget(*facts_of(self))

    def run(self) -> None:
        """Carry it out and note that, in one transaction unless `autocommit`."""
        self.output().create_marker_table()  # before the transaction begins, which would not see it
        super().run()


class RedshiftQuery(_Query):
    """Carries out `query`, once for each `update_id`."""


class RedshiftUnloadTask(_Query, CredentialsMixin):
    """Has Redshift write what `query` finds to S3, once for each `update_id`.

    `query` may be a method. As in any text of Redshift, a backslash in it is written twice; quotes are taken care of.
    """

    @property
    def s3_unload_path(self) -> str:
        """How the addresses of the objects begin: `s3://bucket/folder/beginning_`."""
        return ""

    @property
    def unload_options(self) -> str:
        """What else UNLOAD is told, in SQL."""
        return "DELIMITER '|' ADDQUOTES GZIP ALLOWOVERWRITE PARALLEL ON"

    @property
    def unload_query(self) -> str:
        """The statement, in which the names in braces become what they are called."""
        return "UNLOAD ( '{query}' ) TO '{s3_unload_path}' credentials '{credentials}' {unload_options};"

    def _execute(self, cursor: Any) -> None:
        if not self.s3_unload_path:
            raise NowhereToUnload(self)
        query = self.query
        statement = self.unload_query.format(
            query=(query() if callable(query) else query).replace("'", "''"),
            s3_unload_path=statements.inner(self.s3_unload_path),
            credentials=statements.inner(self._credentials()),
            unload_options=self.unload_options,
        )
        statements.execute(cursor, statement, self.output(), self.table)
