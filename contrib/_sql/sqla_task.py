"""CopyToTable for any database that SQLAlchemy knows: loads rows by INSERT, many at a time."""

from __future__ import annotations

import logging
from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import luigi
from luigi.contrib._sql import rows
from luigi.contrib._sql.errors import NothingToReflect, TableNotDescribed, WrongColumns
from luigi.contrib._sql.sqla_bulk import Insertion, insertion, named
from luigi.contrib._sql.sqla_engines import connection_of, explained, make, sqlalchemy
from luigi.contrib._sql.sqla_target import SQLAlchemyTarget

logger = logging.getLogger("luigi-interface")


class CopyToTable(luigi.Task):
    """Loads the rows that `rows()` gives, or that stand in the input's file, into a table, once for each `update_id`.

    `columns` has, for each column, the arguments of `sqlalchemy.Column` by position and by name:
    `columns = [(["name", String(64)], {"primary_key": True}), (["number", Integer()], {})]`.
    """

    columns: Sequence[Any] = []

    column_separator: str = "\t"
    """What divides values in a file that is loaded."""

    chunk_size: int = 5000
    """How many rows are sent at a time."""

    reflect: bool = False
    """Whether the columns are those of the table, which is there, and not those of `columns`."""

    schema: str = ""
    """Where the table is, if not where the database looks for it."""

    echo: bool = False
    """Whether SQLAlchemy logs every statement."""

    connect_args: ClassVar[Mapping[str, Any]] = {}
    """Options of the driver."""

    @property
    @abstractmethod
    def connection_string(self) -> str:
        """The database, as SQLAlchemy writes it: `sqlite:///file.db`."""

    @property
    @abstractmethod
    def table(self) -> str:
        """The table's name, whatever characters it has."""

    def update_id(self) -> str:
        """What identifies this load: it is done once for each, and each table."""
        return str(self.task_id)

    def output(self) -> SQLAlchemyTarget:
        """The note that the rows were loaded."""
        facts = self.connection_string, self.table, self.update_id()
        return SQLAlchemyTarget(*facts, echo=self.echo, connect_args=dict(self.connect_args))

    def rows(self) -> Iterable[Any]:
        """The rows: lists or tuples of values. Unless overridden, each line of the input is one."""
        with self.input().open("r") as file:
            yield from rows.of_lines(file, self.column_separator)

    def create_table(self, engine: Any) -> None:
        """Make the table where it is missing, and keep it as `table_bound`. Override for more than `columns` can say.

        Raises TableNotDescribed, NothingToReflect and WrongColumns.
        """
        library = sqlalchemy()
        metadata = library.MetaData(schema=self.schema or None)
        if self.reflect:
            try:
                self.table_bound = library.Table(self.table, metadata, autoload_with=engine)
            except library.exc.NoSuchTableError as error:
                raise NothingToReflect(self.table) from error
            return
        if not self.columns:
            raise TableNotDescribed(self.table)
        self.table_bound = library.Table(self.table, metadata, *map(_column, self.columns))
        make(engine, self.table_bound)

    def copy(self, conn: Any, ins_rows: Sequence[Mapping[str, Any]], table_bound: Any) -> None:
        """Load some rows. Override for another statement.

        `ins_rows` are dicts, in which the values are by the names of the columns with `_` in front.
        """
        conn.execute(insertion(table_bound), ins_rows)

    def run(self) -> None:
        """Load the rows and note it, in one transaction."""
        target = self.output()
        with explained(target.engine, self.table), connection_of(target.engine) as connection:
            if target.exists():
                logger.info("%s was loaded already", self)
                return
            self.create_table(target.engine)
            target.create_marker_table()
            self._load(connection)
            if target.touch(connection) is False:
                logger.info("%s was done by another meanwhile", self)
                connection.rollback()
            else:
                connection.commit()

    def _load(self, connection: Any) -> None:
        table = self.table_bound
        keys = [f"_{column.key}" for column in table.columns]
        usual = type(self).copy is CopyToTable.copy
        insert = Insertion(table, connection.dialect) if usual else None
        for some in rows.in_chunks(self.table, self.rows(), len(keys), self.chunk_size):
            if insert is not None:
                insert.write(connection, some)
            else:
                self.copy(connection, named(keys, some), table)


def _column(described: Any) -> Any:
    try:
        by_position, by_name = described
        return sqlalchemy().Column(*by_position, **by_name)
    except (TypeError, ValueError) as error:
        raise WrongColumns(described, "arguments of sqlalchemy.Column: (['name', String(64)], {})") from error
