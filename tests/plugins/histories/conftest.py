"""A database for each test of a history, of each kind in turn. `tests/conftest.py` starts the servers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgres", marks=pytest.mark.service("postgres")),
        pytest.param("mariadb", marks=pytest.mark.service("mariadb")),
    ]
)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, as `[task_history] db_connection` takes it; of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/history.db"
    url: str = request.getfixturevalue(f"{request.param}_service").new_database()
    return url


@pytest.fixture
def rows(database: str) -> Iterator[Callable[[str], list[tuple[object, ...]]]]:
    """What a statement finds in the database."""
    engine = create_engine(database)

    def ask(statement: str) -> list[tuple[object, ...]]:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    yield ask
    engine.dispose()
