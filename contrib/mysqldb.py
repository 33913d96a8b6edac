"""MySQL and MariaDB: a task that loads a table, and the target that notes it.

`pip install "luigi-kernel[mysql]"` brings Connector/Python. Options are in the section `[mysql]`.
"""

from __future__ import annotations

from luigi.contrib._sql.mysql_target import MySqlTarget
from luigi.contrib._sql.mysql_tasks import CopyToTable

__all__ = ["CopyToTable", "MySqlTarget"]
