"""History in a relational database: Luigi's tables, and beside them runs and attempts.

`tables` says what is kept, `schema` brings a database into that shape, `engine` reaches it, `writing` writes facts,
`retention` forgets, `luigi_names` and `luigi_history` have Luigi's classes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from luigi.errors import MissingExtra
from luigi.hookspecs import Provider, hookimpl
from luigi.plugin_settings import setting

if TYPE_CHECKING:
    from luigi.plugins.histories.sql.history import SqlHistory

SECTION: Final = "task_history"


@dataclass(frozen=True)
class Settings:
    """The section `[task_history]`."""

    db_connection: str = setting(help="the database, as SQLAlchemy writes it: sqlite:////var/lib/luigi.db", secret=True)
    keep_days: float = setting(0.0, help="days until a task nothing happened to, or a run, is forgotten; 0 for never")
    keep_rows: int = setting(0, help="how many tasks, and runs, are kept at most; 0 for all")
    kind: str = setting("sql", help="which history is kept: sql, or one that another plugin offers")
    local_runs: bool = setting(False, help="whether runs with --local-scheduler are kept too")


@hookimpl
def luigi_task_histories() -> Iterator[Provider]:
    """The name that is used when `[task_history] kind` says nothing."""
    yield Provider(
        "sql",
        sql_history,
        "a relational database, in Luigi's tables",
        settings=Settings,
        section=SECTION,
        extra="sql",
        needs=("sqlalchemy",),
        check=reach,
    )


def sql_history(settings: Settings) -> SqlHistory:
    """The history, its tables made where they are missing. Raises HistoryError when the database cannot be used."""
    from luigi.plugins.histories.sql.history import SqlHistory

    return SqlHistory(settings.db_connection, keep_days=settings.keep_days, keep_rows=settings.keep_rows)


def reach(settings: Settings) -> str:
    """Connect, and look what is there; nothing is written, and no file made."""
    from luigi.plugins.histories.sql.schema import described

    return described(settings.db_connection)


def __getattr__(name: str) -> Any:
    """The names of `luigi.db_task_history`. SQLAlchemy is loaded by who asks for one."""
    if name == "DbTaskHistory":
        from luigi.plugins.histories.sql.luigi_history import DbTaskHistory

        return DbTaskHistory
    if name in ("Base", "TaskEvent", "TaskParameter", "TaskRecord"):
        from luigi.plugins.histories.sql import luigi_names

        try:
            base = luigi_names.mapped()
        except MissingExtra as missing:
            base = luigi_names.unmapped(missing)
        return base if name == "Base" else getattr(luigi_names, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
