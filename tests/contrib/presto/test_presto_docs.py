"""The task on the page docs/contrib/presto.md does what the page says."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

from luigi.testing import run_task

PAGE = Path(__file__).parents[3] / "docs" / "contrib" / "presto.md"


def test_the_task_of_the_page(presto_server: Any, luigi_config: Any) -> None:
    place = {"host": "127.0.0.1", "port": presto_server.port, "protocol": "http"}
    luigi_config("presto", **place, poll_interval=0.001)
    presto_server.ask("ATTACH ':memory:' AS web")
    presto_server.ask("CREATE TABLE web.visits (page TEXT, day TEXT)")
    presto_server.ask("CREATE TABLE web.daily_visits (page TEXT, number INT, day TEXT)")
    for page, day in (("home", "2012-06-01"), ("home", "2012-06-01"), ("help", "2012-06-01"), ("home", "2012-06-02")):
        presto_server.ask(f"INSERT INTO web.visits VALUES ('{page}', '{day}')")
    names: dict[str, Any] = {"__name__": "visits"}
    block = re.search(r"```python file=visits.py\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert block
    exec(block[1], names)
    task = names["DailyVisits"](day=datetime.date(2012, 6, 1))
    assert not task.complete()
    assert run_task(task).complete()
    assert not names["DailyVisits"](day=datetime.date(2012, 6, 2)).complete()
    rows = presto_server.ask("SELECT * FROM web.daily_visits ORDER BY page")
    assert rows == [("help", 1, "2012-06-01"), ("home", 2, "2012-06-01")]
