"""Luigi's names for the history in a database: `DbTaskHistory`, and the classes of its rows.

They are the business of the plugin that offers the history `sql`; here stands the way to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    Base: Any
    DbTaskHistory: Any
    TaskEvent: Any
    TaskParameter: Any
    TaskRecord: Any

KIND: Final = "sql"
"""The history that Luigi's `[task_history] db_connection` is about: what is used when the configuration names none."""

NAMES: Final = ("Base", "DbTaskHistory", "TaskEvent", "TaskParameter", "TaskRecord")
"""What the plugin is asked for. It stands beside the factory that it offers."""


def __getattr__(name: str) -> Any:
    if name not in NAMES:
        raise AttributeError(f"module 'luigi.db_task_history' has no attribute {name!r}")
    import sys

    from luigi.plugin_manager import here

    factory = here().provider("task_histories", KIND).factory
    value = globals()[name] = getattr(sys.modules[factory.__module__], name)
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *NAMES])
