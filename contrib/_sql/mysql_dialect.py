"""How MySQL and MariaDB say what is there and what went wrong, through Connector/Python: by their own numbers."""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

from luigi.contrib._sql.errors import SqlError, refused, state_of
from luigi.contrib._sql.names import MYSQL
from luigi.extras import need

TABLE_EXISTS: Final = 1050
NO_SUCH_TABLE: Final = 1146
DUPLICATE_ENTRY: Final = 1062

_BEING_CHANGED: Final = 1684
"""A table is just being made, or altered: it cannot be described, but whoever uses it waits until that is over."""

_FIRST_OF_CLIENT: Final = 2000
"""Numbers from here on are of errors that the client saw, such as that nobody answers."""

_FULL: Final = 1040


def connector() -> ModuleType:
    """The driver. Raises MissingExtra."""
    return need("mysql.connector", "mysql", "luigi.contrib.mysqldb")


class MySqlDialect:
    """What a load has to know."""

    @property
    def errors(self) -> type[BaseException]:
        """What the driver raises."""
        return connector().Error  # type: ignore[no-any-return]

    def is_duplicate(self, error: BaseException) -> bool:
        """Whether a table is there already."""
        return getattr(error, "errno", None) == TABLE_EXISTS

    def is_undefined(self, error: BaseException) -> bool:
        """Whether a table is missing."""
        return getattr(error, "errno", None) == NO_SUCH_TABLE

    def has_table(self, connection: Any, table: str) -> bool:
        """Whether there is that table; who may do anything with it may ask so."""
        cursor = connection.cursor()
        try:
            cursor.execute(f"SHOW COLUMNS FROM {MYSQL.table(table)}")
        except self.errors as error:
            if getattr(error, "errno", None) == _BEING_CHANGED:
                return True
            if not self.is_undefined(error):
                raise
            return False
        cursor.fetchall()
        return True

    def in_our_words(self, place: object, table: str, error: BaseException) -> SqlError:
        """What the user is to see."""
        return refused(place, table, state_of(error), error)


def is_answer(error: BaseException) -> bool:
    """Whether the server has refused a connection, for a reason that time does not mend."""
    number = getattr(error, "errno", None) or _FIRST_OF_CLIENT
    return number < _FIRST_OF_CLIENT and number != _FULL
