"""Any database that SQLAlchemy knows: a task that loads a table, and the target that notes it.

`pip install "luigi-kernel[sql]"` brings SQLAlchemy; the database's driver comes beside it. Options are in the section
`[sqlalchemy]`.
"""

from __future__ import annotations

from luigi.contrib._sql.sqla_target import SQLAlchemyTarget
from luigi.contrib._sql.sqla_task import CopyToTable

__all__ = ["CopyToTable", "SQLAlchemyTarget"]
