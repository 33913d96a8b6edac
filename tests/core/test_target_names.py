"""What a target is called."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.target_names import target_name


class Table(luigi.Target):
    def __init__(self) -> None:
        self.table, self.update_id = "orders", "Load_1"

    def exists(self) -> bool:
        return False


class Told(Table):
    def __str__(self) -> str:
        return "a table\nsomewhere"


class Opened(Table):
    opened_from = "ftp://ann:s3cret@example.com/file"


class Odd(Table):
    path: Any = Path("some") / "where"


@pytest.mark.parametrize(
    ("target", "name"),
    [
        (luigi.LocalTarget("out/a.txt"), "out/a.txt"),
        (Table(), "Table(table=orders, update_id=Load_1)"),
        (Told(), "a table somewhere"),
        (Opened(), "ftp://ann:***@example.com/file"),
        (Odd(), "some/where"),
    ],
)
def test_its_name(target: Any, name: str) -> None:
    assert target_name(target) == name
