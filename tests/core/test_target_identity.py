"""When two targets are one thing."""

from __future__ import annotations

from typing import Any

import pytest

import luigi
from luigi.mock import MockTarget
from luigi.target_names import identity


class Row(luigi.Target):
    """In a table of a file."""

    def __init__(self, path: str, update_id: int | None = None) -> None:
        self.path, self.update_id = path, update_id

    def exists(self) -> bool:
        return False


class Blank(luigi.Target):
    """Has nothing that could be told."""

    def exists(self) -> bool:
        return False


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (luigi.LocalTarget("a"), luigi.LocalTarget("a", format=luigi.format.Nop)),
        (luigi.LocalTarget("folder"), luigi.LocalTarget("folder/")),
        (Row("db", 1), Row("db", 1)),
    ],
)
def test_the_same_thing(one: Any, other: Any) -> None:
    assert identity(one) == identity(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (luigi.LocalTarget("a"), luigi.LocalTarget("b")),
        (luigi.LocalTarget("a"), MockTarget("a")),
        (Row("db", 1), Row("db", 2)),
        (Row("db", 1), Row("db")),
        (Blank(), Blank()),
    ],
)
def test_two_things(one: Any, other: Any) -> None:
    assert identity(one) != identity(other)
    assert identity(one) == identity(one)
