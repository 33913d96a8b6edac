"""The examples of the pages about stores, run with real servers."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from luigi.contrib.esindex import CopyToIndex

DOCS = Path(__file__).parents[3] / "docs" / "plugins"
EXAMPLE = re.compile(r"^```python not-run=.*?\n(.*?)^```", re.DOTALL | re.MULTILINE)


def run(page: str, default: int, port: int) -> dict[str, Any]:
    """Run the one example of a page, with the server's port for the usual one; gives what it defines."""
    (example,) = EXAMPLE.findall((DOCS / page).read_text(encoding="utf-8"))
    assert str(default) in example
    names: dict[str, Any] = {"__name__": f"example_of_{default}"}
    exec(example.replace(str(default), str(port)), names)
    return names


@pytest.mark.service("redis")
def test_redis(redis_service: int, redis_client: Any, capfd: pytest.CaptureFixture[str]) -> None:
    names = run("redis.md", 6379, redis_service)
    assert "sending the report of 2026-01-01" in capfd.readouterr().out
    (key,) = redis_client.keys()
    assert key.startswith("luigi:SendReport_2026_01_01_")
    assert names["SendReport"](date(2026, 1, 1)).complete()


@pytest.mark.service("mongodb")
def test_mongodb(mongodb_service: int, mongo_client: Any) -> None:
    mongo_client.drop_database("shop")
    names = run("mongodb.md", 27017, mongodb_service)
    assert mongo_client["shop"]["months"].find_one() == {"_id": "2026-01", "orders": {"total": 1234.5}}
    assert names["ages"].read() == {"ann": 30, "bob": 30}
    names["CLIENT"].close()


@pytest.mark.service("elasticsearch")
def test_elasticsearch(
    elasticsearch_service: int, elastic_client: Any, elastic_options: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CopyToIndex, "extra_elasticsearch_args", elastic_options)
    names = run("elasticsearch.md", 9200, elasticsearch_service)
    assert names["LoadOrders"](date(2026, 1, 1)).complete()
    assert elastic_client.count(index="orders")["count"] == 1000
    assert elastic_client.get(index="orders", id="2026-01-01-7")["_source"] == {"total": 3.5}
