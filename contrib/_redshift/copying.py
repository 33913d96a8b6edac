"""S3CopyToTable: has Redshift load what is in S3."""

from __future__ import annotations

import abc
import logging
from collections.abc import Sequence
from typing import Any

from luigi.contrib import rdbms
from luigi.contrib._redshift import load_errors, pruning, statements, tables
from luigi.contrib._redshift.credentials import CredentialsMixin
from luigi.contrib._redshift.dialect import DIALECT, RedshiftDialect, schema_of
from luigi.contrib._redshift.errors import TableNotNamed
from luigi.contrib._redshift.target import RedshiftTarget
from luigi.contrib._sql.loading import make_table, note, prepare, transaction
from luigi.contrib._sql.names import POSTGRES
from luigi.contrib._sql.postgres_tasks import facts_of

logger = logging.getLogger("luigi-interface")


class S3CopyToTable(rdbms.CopyToTable, CredentialsMixin):
    """Has Redshift load what is in S3 into a table, which is made where it is missing.

    `columns` are names, `(name, type)`, or `(name, type, encoding)`; without any, all of the table's are loaded.
    """

    _quoting = POSTGRES

    @abc.abstractmethod
    def s3_load_path(self) -> str:
        """What is loaded: how the objects' addresses begin, `s3://bucket/folder/`, or where their manifest is."""

    @property
    @abc.abstractmethod
    def copy_options(self) -> str:
        """What else COPY is told, such as `GZIP DELIMITER ','`, in SQL."""

    @property
    def prune_table(self) -> str | None:
        """The table that rows are removed from before the load."""
        return None

    @property
    def prune_column(self) -> str | None:
        """The column that says how old they are."""
        return None

    @property
    def prune_date(self) -> Any:
        """From when on they are removed: a date, or an expression in SQL."""
        return None

    @property
    def table_attributes(self) -> str:
        """What stands behind the columns when the table is made, such as `DISTSTYLE ALL`, in SQL."""
        return ""

    @property
    def table_constraints(self) -> str:
        """What stands beside the columns then, such as `PRIMARY KEY (id)`, in SQL."""
        return ""

    @property
    def do_truncate_table(self) -> bool:
        """Whether the table is emptied before the load."""
        return False

    @property
    def table_type(self) -> str:
        """Such as `TEMP`."""
        return ""

    @property
    def queries(self) -> Sequence[str]:
        """Statements that are carried out after the load, in its transaction."""
        return []

    def do_prune(self) -> bool:
        """Whether old rows are removed. Raises HalfPruned where only some of what that needs is said."""
        return pruning.is_wanted(self)

    def output(self) -> RedshiftTarget:
        """The note that the rows were loaded."""
        return RedshiftTarget(*facts_of(self))

    def run(self) -> None:
        """Load and note it, in one transaction. Raises SqlError."""
        if not self.table:
            raise TableNotNamed(self)
        target = self.output()
        target.create_marker_table()  # before the transaction begins, which would not see it
        if target.exists():
            logger.info("%s was loaded already", self)
            return
        path = self.s3_load_path()
        with transaction(self, DIALECT) as connection:
            prepare(self, _DialectOfTask(self), connection)
            self._load(connection, path)
            note(self, connection)

    def _load(self, connection: Any, path: str) -> None:
        cursor = connection.cursor()
        logger.info("Redshift loads %s into %s", path, self.table)
        with load_errors.explained(self, connection):
            self.copy(cursor, path)
        self.post_copy(cursor)
        if self.enable_metadata_columns:
            self.post_copy_metacolums(cursor)

    # --- steps, each in the load's transaction -----------------------------------------------------------------------

    def init_copy(self, connection: Any) -> None:
        """Make what is missing, and remove old rows."""
        if not self.does_schema_exist(connection):
            self.create_schema(connection)
        if not self.does_table_exist(connection):
            make_table(self, DIALECT, connection)
        if self.enable_metadata_columns:
            self._add_metadata_columns(connection)
        if self.do_truncate_table:
            self.truncate_table(connection)
        if self.do_prune():
            self.prune(connection)

    def does_schema_exist(self, connection: Any) -> bool:
        """Whether the schema in the table's name is there; without one in it, yes."""
        schema = schema_of(self.table)
        return schema is None or DIALECT.has_schema(connection.cursor(), schema)

    def does_table_exist(self, connection: Any) -> bool:
        """Whether the table is there."""
        return DIALECT.has_table(connection, self.table)

    def create_schema(self, connection: Any) -> None:
        """Make the schema, if the table's name has one."""
        schema = schema_of(self.table)
        if schema is not None:
            connection.cursor().execute(f"CREATE SCHEMA IF NOT EXISTS {POSTGRES.column(schema)}")

    def create_table(self, connection: Any) -> None:
        """Make the table. Raises TableNotDescribed where columns have no types, and WrongColumns."""
        connection.cursor().execute(tables.creation(self))

    def truncate_table(self, connection: Any) -> None:
        """Empty the table.

        In Redshift this ends the transaction. Override it by a DELETE where nobody may see the table empty.
        """
        connection.cursor().execute(f"TRUNCATE {POSTGRES.table(self.table)}")
        connection.commit()  # for the driver to know, or what follows would not be one transaction

    def prune(self, connection: Any) -> None:
        """Remove old rows."""
        connection.cursor().execute(pruning.deletion(self))

    def copy(self, cursor: Any, f: Any) -> None:
        """Load what is at `f`. Override for another statement."""
        self._copy(cursor, f, tables.listed(self.columns), self.copy_options)

    def _copy(self, cursor: Any, path: str, columns: str, options: str) -> None:
        statement = (
            f"COPY {POSTGRES.table(self.table)} {columns} FROM '{statements.inner(path)}'\n"
            f"CREDENTIALS '{statements.inner(self._credentials())}'\n"
            f"{options}"
        )
        statements.execute(cursor, statement, self.output(), self.table)

    def post_copy(self, cursor: Any) -> None:
        """Carry out `queries`."""
        for query in self.queries:
            cursor.execute(query)

    def post_copy_metacolums(self, cursor: Any) -> None:
        """Have the metadata columns filled."""
        self.post_copy_metacolumns(cursor)

    def _column_exists(self, cursor: Any, column_name: str) -> bool:
        return DIALECT.has_column(cursor, self.table, column_name)


class _DialectOfTask(RedshiftDialect):
    """Lets the task say whether its table is there: it may know of one that the catalogue does not show."""

    def __init__(self, task: S3CopyToTable) -> None:
        self._task = task

    def has_table(self, connection: Any, table: str) -> bool:
        return self._task.does_table_exist(connection)
