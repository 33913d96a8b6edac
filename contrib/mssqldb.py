"""SQL Server: the target that notes work done in it.

Tables are loaded by `luigi.contrib.sqla`, or by tasks of one's own.

`pip install "luigi-kernel[mssql]"` brings pymssql. Options are in the section `[mssql]`.
"""

from __future__ import annotations

from luigi.contrib._sql.mssql_target import MSSqlTarget

__all__ = ["MSSqlTarget"]
