"""Statements that have credentials in them: how their texts are quoted, and how they are kept out of errors."""

from __future__ import annotations

import re
from typing import Any, Final

from luigi.contrib._redshift.dialect import DIALECT
from luigi.contrib._sql.errors import SqlError

_CREDENTIAL: Final = re.compile(r"\b(aws_access_key_id|aws_secret_access_key|token)=[^;'\s]*")
_CITATION: Final = re.compile(r"\s*\bLINE \d+:.*", re.DOTALL)
"""Where the server points at a part of the statement, which may begin or end amid a credential."""


def inner(text: str) -> str:
    """A text as it stands between quotes. In Redshift a backslash means something there."""
    return text.replace("\\", "\\\\").replace("'", "''")


def execute(cursor: Any, statement: str, target: Any, table: str) -> None:
    """Carry out a statement that has credentials in it. Raises the driver's errors, and SqlError where they cite it."""
    try:
        cursor.execute(statement)
        return
    except DIALECT.errors as error:
        if redacted(str(error)) == str(error):
            raise
        said = DIALECT.in_our_words(target.place, table, error)
    raise SqlError(redacted(str(said)), hint=said.hint)  # here the driver's error is neither its cause nor its context


def redacted(said: str) -> str:
    """What was said, without any credential."""
    return _CREDENTIAL.sub(r"\1=…", _CITATION.sub("", said))
