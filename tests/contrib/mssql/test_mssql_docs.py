"""The task on the page docs/contrib/mssql.md does what the page says."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

from luigi.testing import run_task

PAGE = Path(__file__).parents[3] / "docs" / "contrib" / "mssql.md"


def test_the_task_of_the_page(sql_server: Any) -> None:
    sql_server.ask("CREATE TABLE orders (day TEXT)")
    sql_server.ask("INSERT INTO orders VALUES ('2012-05-31'), ('2012-06-01')")
    block = re.search(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert block
    program = block[1].replace("db.example.org", f"127.0.0.1:{sql_server.port}")
    names: dict[str, Any] = {"__name__": "orders"}
    exec(program.replace('"luigi", "abc123"', '"loader", "secret-password"'), names)
    task = names["OldOrders"](day=datetime.date(2012, 6, 1))
    task.output().create_marker_table()  # before: unlike SQL Server, SQLite lets one connection write at a time
    assert run_task(task).complete()
    assert sql_server.ask("SELECT * FROM orders") == [("2012-06-01",)]
    assert sql_server.ask("SELECT update_id, target_table FROM table_updates") == [(task.task_id, "dbo.orders")]
