"""Removing old rows from a table before new ones are loaded."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from luigi.contrib._redshift.errors import HalfPruned
from luigi.contrib._sql.names import POSTGRES

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}([ T][\d:.+-]+)?")


def is_wanted(task: Any) -> bool:
    """Whether rows are to be removed. Raises HalfPruned."""
    said = [bool(value) for value in (task.prune_table, task.prune_column, task.prune_date)]
    if any(said) and not all(said):
        raise HalfPruned(task)
    return all(said)


def deletion(task: Any) -> str:
    """The statement that removes rows from a date on."""
    table, column = POSTGRES.table(task.prune_table), POSTGRES.column(task.prune_column)
    return f"DELETE FROM {table} WHERE {column} >= {_moment(task.prune_date)}"


def _moment(given: Any) -> str:
    """A date as SQL: other text is an expression, such as `getdate() - 7`; `2012-06-01` would be a difference."""
    text = str(given)
    return f"'{text}'" if isinstance(given, date) or _DATE.fullmatch(text) else text
