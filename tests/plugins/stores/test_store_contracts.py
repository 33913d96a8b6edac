"""Both stores by the suite for state stores."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from luigi.interfaces import StateStore
from luigi.testing.contracts import StateStoreContract

Opens = Callable[..., StateStore]


class TestSqliteStore(StateStoreContract):
    @pytest.fixture
    def reopen(self, open_sqlite: Opens) -> Opens:
        return open_sqlite

    @pytest.fixture
    def damage(self, state_path: Path) -> Callable[[str], bytes]:
        def damage(kind: str) -> bytes:
            if kind == "damaged":
                os.truncate(state_path, state_path.stat().st_size // 2)
            if kind == "foreign":
                state_path.write_bytes(b"\x80\x04}\x94.")
            if kind == "newer":
                with closing(sqlite3.connect(state_path)) as connection:
                    connection.execute("PRAGMA user_version = 99")
            return state_path.read_bytes()

        return damage


@pytest.mark.service("postgres")
class TestPostgresqlStore(StateStoreContract):
    STATEMENTS = {
        "damaged": "UPDATE luigi_scheduler_entries SET content = 'other' WHERE number = 2",
        "foreign": "ALTER TABLE luigi_scheduler_entries RENAME COLUMN content TO theirs",
        "newer": "INSERT INTO luigi_scheduler_versions (version) VALUES (99)",
    }

    @pytest.fixture
    def reopen(self, open_postgresql: Opens) -> Opens:
        return open_postgresql

    @pytest.fixture
    def damage(self, postgres_url: str) -> Callable[[str], list[Any]]:
        def damage(kind: str) -> list[Any]:
            with psycopg.connect(postgres_url, autocommit=True) as connection:
                if kind:
                    connection.execute(self.STATEMENTS[kind])
                return connection.execute("SELECT * FROM luigi_scheduler_entries ORDER BY number").fetchall()

        return damage
