"""How SQL Server says what is there and what went wrong, through pymssql: by its own numbers, and names in brackets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from luigi.contrib._sql.errors import SqlError, refused
from luigi.errors import ConfigurationError
from luigi.extras import need

INVALID_OBJECT: Final = 208
TABLE_EXISTS: Final = 2714
DUPLICATE_KEYS: Final = (2601, 2627)

_SAID_BY_SERVER: Final = "DB-Lib error message 20018"
_LIBRARY: Final = re.compile(r"DB-Lib error message \d+, severity \d+:\n")

_STATES: Final[Mapping[int, str]] = {
    208: "42P01",
    229: "42501",
    230: "42501",
    262: "42501",
    2627: "23000",
    2628: "22001",
    2760: "3F000",
    8152: "22001",
}
"""What the numbers mean, in the codes of the standard."""

_PART: Final = r"\[(?:[^\]]|\]\])*\]|\"(?:[^\"]|\"\")*\"|[^.]"


def driver() -> Any:
    """The part of pymssql that Luigi's programs use, whose connections have `execute_row()`. Raises MissingExtra."""
    return need("pymssql._mssql", "mssql", "luigi.contrib.mssqldb")


def quoted(name: str) -> str:
    """A table's name, such as `shop.dbo.marks`, `shop..marks` or `[any name]`, ready for a statement."""
    parts = re.findall(rf"((?:{_PART})*)(?:\.|$)", name)[:-1] or [name]
    return ".".join(_bracketed(part) for part in parts)


def _bracketed(part: str) -> str:
    mark = {"[": "]", '"': '"'}.get(part[:1])
    if mark and len(part) > 2 and re.fullmatch(_PART, part):
        part = part[1:-1].replace(mark * 2, mark)
    return f"[{part.replace(']', ']]')}]" if part else ""


def number_of(error: BaseException) -> int:
    """The server's number of an error, or 0."""
    return int(getattr(error, "number", 0))


def said_by(error: BaseException) -> str:
    """What the server said, or else the driver, without the other's words behind it."""
    facts = error.args[0] if error.args else error
    text = facts[1] if isinstance(facts, tuple) else str(facts)
    parts = _LIBRARY.split(text.decode("utf-8", "replace") if isinstance(text, bytes) else text)
    return next(filter(None, parts), str(error))


class NotConnected(Exception):
    """No connection was made; says why, in the words that matter. `__cause__` is what pymssql raised."""


def connection(**facts: Any) -> Any:
    """A new connection. Raises NotConnected, and ConfigurationError for what pymssql does not know."""
    try:
        return driver().connect(**facts)
    except ValueError as error:
        raise ConfigurationError(f"[mssql]: {error}") from error
    except driver().MSSQLException as error:
        raise NotConnected(said_by(error)) from error


def is_answer(failed: NotConnected) -> bool:
    """Whether the server has refused a connection. Only the text says so: a number may be that of an error before."""
    error = failed.__cause__
    return error is not None and _SAID_BY_SERVER in str(error)


def in_our_words(place: object, table: str, error: BaseException) -> SqlError:
    """What the user is to see."""
    return refused(place, table, _STATES.get(number_of(error), ""), said_by(error))


def has_table(connection: Any, table: str) -> bool:
    """Whether there is that table, as far as this user may know."""
    found = connection.execute_scalar("SELECT OBJECT_ID(%(name)s, 'U')", {"name": quoted(table)})
    return found is not None
