"""A load as one transaction: the table, the rows and the note that they are there, or nothing of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

logger = logging.getLogger("luigi-interface")

Step = Callable[[Any], None]
"""Something done with a connection."""


class Dialect(Protocol):
    """What a load has to know of a driver's errors."""

    @property
    def errors(self) -> type[BaseException]:
        """What the driver raises."""
        ...

    def is_duplicate(self, error: BaseException) -> bool:
        """Whether it is that a table is there already."""
        ...

    def is_undefined(self, error: BaseException) -> bool:
        """Whether it is that a table is missing."""
        ...

    def has_table(self, connection: Any, table: str) -> bool:
        """Whether there is that table."""
        ...

    def in_our_words(self, place: object, table: str, error: BaseException) -> Exception:
        """What the user is to see."""
        ...


def load(task: Any, dialect: Dialect, copy: Step) -> None:
    """Have the task's table made and filled, unless its target says that it was. `copy` loads the rows.

    Raises DatabaseAway, SqlError, and whatever the task's own methods raise.
    """
    with transaction(task, dialect) as connection:
        if task.output().exists(connection):
            logger.info("%s was loaded already", task)
            return
        prepare(task, dialect, connection)
        if task.enable_metadata_columns:
            task._add_metadata_columns(connection)
        copy(connection)
        task.post_copy(connection)
        if task.enable_metadata_columns:
            task.post_copy_metacolumns(connection.cursor())
        note(task, connection)


def note(task: Any, connection: Any) -> None:
    """Note the work, and end the transaction: what another has noted meanwhile, it has done, and this is taken back."""
    if task.output().touch(connection) is False:
        logger.info("%s was done by another meanwhile", task)
        connection.rollback()
    else:
        connection.commit()


def prepare(task: Any, dialect: Dialect, connection: Any) -> None:
    """Begin with `init_copy`, and make the table where it is missing then."""
    try:
        task.init_copy(connection)
    except dialect.errors as error:
        if not dialect.is_undefined(error):
            raise
        connection.rollback()
        if dialect.has_table(connection, task.table):  # so another is missing
            raise
    else:
        if dialect.has_table(connection, task.table):
            return
    connection.rollback()
    make_table(task, dialect, connection)
    task.init_copy(connection)


def make_table(task: Any, dialect: Dialect, connection: Any) -> None:
    """Make the table, unless another has at the same time."""
    try:
        task.create_table(connection)
    except dialect.errors as error:
        if not dialect.is_duplicate(error):
            raise
        logger.debug("%s: the table was made by another", task)
        connection.rollback()


@contextmanager
def transaction(task: Any, dialect: Dialect) -> Iterator[Any]:
    """A connection of the task's target. What is not committed is taken back; the driver's errors are put in words."""
    target = task.output()
    connection = target.connect()
    try:
        yield connection
    except dialect.errors as error:
        raise dialect.in_our_words(target.place, task.table, error) from error
    finally:
        connection.close()
