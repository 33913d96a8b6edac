"""The example of the page about Redshift, on the stand-in."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import psycopg
import pytest

from luigi.testing import run_task

pytestmark = [pytest.mark.service("postgres"), pytest.mark.service("s3")]

PAGE = Path(__file__).parents[3] / "docs" / "contrib" / "redshift.md"
EXAMPLE = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)


def test_the_example(
    redshift: Any, s3: Any, database: dict[str, Any], keys: dict[str, str], stand_in: Any, luigi_config: Any
) -> None:
    luigi_config("redshift", **keys)
    for day, text in ("01", "1,ann,2012-06-01\n2,bob,2012-06-01\n"), ("02", "3,ann,2012-06-02\n"):
        s3.put_object(Bucket="bucket", Key=f"orders/2012-06-{day}", Body=gzip.compress(text.encode()))
    (example,) = EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))
    names: dict[str, Any] = {"__name__": "example_of_redshift"}
    exec(example, names)
    warehouse = names["Warehouse"]
    warehouse.host, warehouse.database = f"127.0.0.1:{database['port']}", database["database"]
    warehouse.user = "postgres"
    run_task(names["UnloadCustomers"]())
    content = s3.get_object(Bucket="bucket", Key="customers/2012-06_0000_part_00.gz")["Body"].read()
    assert stand_in.rows_in(content) == [["ann", "2"], ["bob", "1"]]
    place = {"host": "127.0.0.1", "port": database["port"], "user": "postgres", "dbname": database["database"]}
    with psycopg.connect(**place) as connection:
        assert connection.execute("SELECT count(*) FROM shop.orders").fetchone() == (3,)
