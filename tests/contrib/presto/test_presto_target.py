"""PrestoTarget: a table or a part of it, there once it has rows, on a stand-in for the server."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from pyhive import presto as pyhive_presto

from luigi.contrib._presto.errors import QueryFailed
from luigi.contrib._sql.errors import DatabaseAway
from luigi.contrib.presto import PrestoClient, PrestoTarget
from luigi.target import Target
from luigi.testing.contracts import TargetContract


def client(port: int) -> PrestoClient:
    return PrestoClient(pyhive_presto.connect("127.0.0.1", port=port, username="me", poll_interval=0.001), 0.001)


class OnStandIn:
    """A table `sales`, without rows."""

    @pytest.fixture(autouse=True)
    def table(self, presto_server: Any) -> None:
        presto_server.looks = 0
        presto_server.ask("CREATE TABLE warehouse.sales (day TEXT, shop, number INT)")
        self.server = presto_server

    def target(self, table: str = "sales", **partition: Any) -> PrestoTarget:
        return PrestoTarget(client(self.server.port), "hive", "warehouse", table, partition or None)

    def sell(self, day: str = "2012-06-01", shop: Any = "tea", number: int = 1) -> None:
        self.server.database.execute("INSERT INTO warehouse.sales VALUES (?, ?, ?)", (day, shop, number))


class TestPrestoTarget(OnStandIn, TargetContract):
    def make_target(self, name: str) -> Target:
        return self.target(shop=name)

    def put(self, target: Any) -> None:
        self.sell(shop=target.partition["shop"])

    def unreachable(self) -> Target:
        return PrestoTarget(client(1), "hive", "warehouse", "sales")


class TestWhatIsThere(OnStandIn):
    def test_a_table_is_there_once_it_has_rows(self) -> None:
        assert self.target().exists() is False
        self.sell()
        assert self.target().exists() is True
        assert str(self.target()) == "sales"

    def test_a_table_that_is_not_there_has_none(self) -> None:
        assert self.target("absent").exists() is False
        with pytest.raises(QueryFailed, match="TABLE_NOT_FOUND"):
            self.target("absent").count()

    def test_rows_are_counted(self) -> None:
        assert self.target().count() == 0
        for number in range(7):
            self.sell(number=number)
        assert self.target().count() == 7
        assert self.target(number=3).count() == 1

    def test_a_partition_is_there_once_it_has_rows(self) -> None:
        self.sell("2012-06-01")
        assert self.target(day="2012-06-01").exists()
        assert self.target(day=datetime.date(2012, 6, 1), number=1).exists()
        assert not self.target(day="2012-06-02").exists()
        assert not self.target(day="2012-06-01", number=2).exists()

    def test_a_partition_may_be_that_of_no_value(self) -> None:
        self.sell(shop=None)
        assert self.target(shop=None).exists()
        assert not self.target(shop=None, day="2012-06-02").exists()

    @pytest.mark.parametrize("value", ["it's", "' OR 1 = 1 --", "100 %s", "süß", 'say "so"'])
    def test_values_are_values(self, value: str) -> None:
        self.sell(shop="other")
        assert not self.target(shop=value).exists()
        self.sell(shop=value)
        assert self.target(shop=value).count() == 1

    @pytest.mark.parametrize("name", ["order", "per%cent %s", 'a"b', "x; DROP TABLE sales", "{}"])
    def test_names_are_names(self, name: str) -> None:
        written = '"' + name.replace('"', '""') + '"'
        self.server.ask(f"CREATE TABLE warehouse.{written} ({written} TEXT)")
        for said in (name, written):
            assert not self.target(said).exists()
            assert not self.target(said, **{said: "tea"}).exists()
        self.server.ask(f"INSERT INTO warehouse.{written} VALUES ('tea')")
        assert self.target(name, **{name: "tea"}).exists()
        assert self.target().count() == 0

    def test_the_catalog_and_the_database_are_said(self) -> None:
        self.target().exists()
        assert self.server.statements == ['SELECT 1 FROM "hive"."warehouse"."sales" LIMIT 1']

    def test_what_goes_wrong_is_not_taken_for_absence(self) -> None:
        with pytest.raises(QueryFailed, match="CATALOG_NOT_FOUND") as caught:
            PrestoTarget(client(self.server.port), "other", "warehouse", "sales").exists()
        assert "catalog" in caught.value.hint
        self.server.failing[:] = [403]
        with pytest.raises(DatabaseAway, match="403"):
            self.target().exists()
