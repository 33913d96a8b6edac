"""Why a load failed: what Redshift says of it in a table, where its error only says which table that is."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from luigi.contrib._redshift.dialect import DIALECT
from luigi.contrib._sql.errors import SqlError, one_line

logger = logging.getLogger("luigi-interface")

TABLE: Final = "stl_load_errors"

_FIRST: Final = f"""
    SELECT filename, line_number, colname, err_reason FROM {TABLE}
    WHERE query = pg_last_copy_id() ORDER BY starttime LIMIT 1
"""


@contextmanager
def explained(task: Any, connection: Any) -> Iterator[None]:
    """Where a COPY fails by what it loads, say where that is and what is wrong with it. Raises SqlError."""
    try:
        yield
    except DIALECT.errors as error:
        reason = _reason(connection) if TABLE in str(error) else ""
        if not reason:
            raise
        raise SqlError(
            f"{task.output().place}, table {task.table}: {reason}",
            hint=f"see copy_options and what is loaded; {TABLE} has the whole row",
        ) from error


def _reason(connection: Any) -> str:
    """The first thing that was wrong, or nothing where this user may not know, or nothing is said."""
    connection.rollback()
    cursor = connection.cursor()
    try:
        cursor.execute(_FIRST)
        row = cursor.fetchone()
    except DIALECT.errors as error:
        logger.info("%s cannot be asked why the load has failed: %s", TABLE, one_line(error))
        return ""
    if row is None:
        return ""
    file, line, column, reason = (one_line(value) for value in row)
    return f"{file}, line {line}, column {column}: {reason}"
