"""Loads of tables that do one thing wrong, each with the tests of the suite that must find it out."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

import luigi
from luigi.clock import SYSTEM
from luigi.errors import KernelError
from luigi.testing.contracts import TableLoadContract

SUITE = TableLoadContract


class Refused(KernelError):
    """A row cannot be loaded."""


class Away(KernelError, ConnectionError):
    """Nobody answers."""

    hint = "start the server"


class Note(luigi.Target):
    """A row in a table of notes."""

    def __init__(self, connect, key):
        self.connect, self.key = connect, key

    def exists(self, connection=None):
        with closing(self.connect()) as own:
            query = "SELECT 1 FROM notes WHERE key = ?"
            return (connection or own).execute(query, (self.key,)).fetchone() is not None

    def touch(self, connection=None):
        with closing(self.connect()) as own:
            (connection or own).execute("INSERT OR IGNORE INTO notes VALUES (?)", (self.key,))


class Load(luigi.Task):
    """Loads `given()` into a table of SQLite, whose connections have another database beside them."""

    table = key = column_separator = ""
    columns = {}
    note = Note

    def output(self):
        return self.note(self.connect, self.key)

    def run(self):
        if not self.columns:
            raise Refused(f"{self.table}: no columns")
        with closing(self.connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            if self.output().exists(connection):
                return
            self.load(connection)
            self.output().touch(connection)
            connection.execute("COMMIT")

    def load(self, connection):
        names = ", ".join(self.quoted(name) for name in self.columns)
        table = ".".join(map(self.quoted, self.parts(self.table)))
        connection.execute(f"CREATE TABLE IF NOT EXISTS {table} ({names})")
        self.init_copy(connection)
        query = f"INSERT INTO {table} VALUES ({', '.join('?' * len(self.columns))})"
        connection.executemany(query, map(self.values, self.given()))
        self.post_copy(connection)

    def values(self, row):
        if len(row) != len(self.columns):
            raise Refused(f"{self.table}: {row}")
        try:
            return [self.value(one, kind) for one, kind in zip(row, self.columns.values(), strict=True)]
        except ValueError as error:
            raise Refused(f"{self.table}: {row}") from error

    def value(self, given, kind):
        return None if given is None else kind(given)

    def parts(self, name):
        return name.split(".") if name.startswith("other.") else [name]

    def quoted(self, name):
        return name if name.startswith('"') else f'"{name}"'

    def init_copy(self, connection):
        pass

    def post_copy(self, connection):
        pass


class TestSound(TableLoadContract):
    kind = Load
    away = Away("nobody answers")
    caught_by = set()

    @pytest.fixture(autouse=True)
    def place(self, tmp_path):
        self.folder = tmp_path
        with closing(self.connect()) as connection:
            connection.execute("CREATE TABLE notes (key PRIMARY KEY)")

    def connect(self):
        connection = sqlite3.connect(self.folder / "main.db", timeout=20, isolation_level=None)
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("ATTACH ? AS other", (str(self.folder / "other.db"),))
        return connection

    def make_task(self, table, rows, columns, key, **members):
        own = {"table": table, "columns": columns, "key": key, "given": lambda task: rows()}
        connect = {"connect": lambda task: self.connect()}
        return type("Loaded", (self.kind,), {**connect, **own, **members})()

    def fetch(self, table):
        name = table if table.startswith("other.") else "main." + self.written(table.strip('"').replace('""', '"'))
        with closing(self.connect()) as connection:
            return connection.execute(f"SELECT * FROM {name}").fetchall()

    def written(self, name):
        return '"' + name.replace('"', '""') + '"'

    def in_schema(self, table):
        return f"other.{table}"

    def unreachable(self):
        away = self.away

        class Unreachable(luigi.Target):
            def exists(self):
                raise away

        return Unreachable()


class TestLosesARow(TestSound):
    caught_by = {"test_rows_arrive", "test_further_loads_add_to_the_table"}

    class kind(Load):
        def load(self, connection):
            rows = iter(self.given())
            next(rows, None)
            self.given = lambda: rows
            super().load(connection)


class TestCutsTexts(TestSound):
    caught_by = {"test_texts_arrive_as_they_are"}

    class kind(Load):
        def value(self, given, kind):
            return super().value(given.strip() if isinstance(given, str) else given, kind)


class TestDividesTexts(TestSound):
    caught_by = {"test_separators_arrive_as_they_are"}

    class kind(Load):
        def value(self, given, kind):
            divided = self.column_separator and isinstance(given, str)
            return super().value(given.partition(self.column_separator)[0] if divided else given, kind)


class TestKeepsTypes(TestSound):
    caught_by = {"test_values_of_other_types_arrive", "test_a_value_the_column_cannot_have_leaves_nothing"}

    class kind(Load):
        def value(self, given, kind):
            return given


class TestLoadsAChunk(TestSound):
    caught_by = {"test_many_rows_arrive"}

    class kind(Load):
        def load(self, connection):
            rows = list(self.given())[:10_000]
            self.given = lambda: rows
            super().load(connection)


class TestMakesNoEmptyTable(TestSound):
    caught_by = {"test_no_rows_make_the_table"}

    class kind(Load):
        def load(self, connection):
            rows = list(self.given())
            self.given = lambda: rows
            if rows:
                super().load(connection)


class TestReplaces(TestSound):
    caught_by = {"test_further_loads_add_to_the_table"}

    class kind(Load):
        def load(self, connection):
            connection.execute(f"DROP TABLE IF EXISTS {self.quoted(self.table)}")
            super().load(connection)


class TestNotesForAll(TestSound):
    caught_by = {"test_a_load_of_another_table_is_not_noted_for_that"}

    class kind(Load):
        class note(Note):
            def exists(self, connection=None):
                with closing(self.connect()) as own:
                    return (connection or own).execute("SELECT 1 FROM notes").fetchone() is not None


class TestLoadsAgain(TestSound):
    caught_by = {"test_run_again_it_loads_once"}

    class kind(Load):
        def run(self):
            with closing(self.connect()) as connection:
                connection.execute("BEGIN IMMEDIATE")
                self.load(connection)
                connection.execute("COMMIT")
            self.output().touch()


class TestNotesOnce(TestSound):
    caught_by = {"test_noted_again_is_noted_once"}

    class kind(Load):
        class note(Note):
            def touch(self, connection=None):
                with closing(self.connect()) as own:
                    (connection or own).execute("INSERT INTO notes VALUES (?)", (self.key,))


class TestLooksBeforeOnly(TestSound):
    caught_by = {"test_two_at_once_load_once"}

    class kind(Load):
        def run(self):
            if not self.columns:
                raise Refused("no columns")
            if self.output().exists():
                return
            SYSTEM.sleep(0.1)
            with closing(self.connect()) as connection:
                connection.execute("BEGIN IMMEDIATE")
                self.load(connection)
                self.output().touch(connection)
                connection.execute("COMMIT")


class TestLoadsRowByRow(TestSound):
    caught_by = {
        "test_rows_that_fail_leave_nothing",
        "test_a_value_the_column_cannot_have_leaves_nothing",
        "test_a_row_that_is_short_or_long_leaves_nothing",
        "test_a_note_that_fails_leaves_nothing",
        "test_a_step_that_fails_leaves_nothing",
    }

    class kind(Load):
        def load(self, connection):
            connection.execute("COMMIT")
            connection.execute("PRAGMA journal_mode = OFF")
            super().load(connection)
            connection.execute("BEGIN")


class TestCutsRows(TestSound):
    caught_by = {"test_a_row_that_is_short_or_long_leaves_nothing"}

    class kind(Load):
        def values(self, row):
            return super().values([*row, None, None][: len(self.columns)])


class TestTakesNoSteps(TestSound):
    caught_by = {"test_steps_are_around_the_rows", "test_a_step_that_fails_leaves_nothing"}

    class kind(Load):
        def load(self, connection):
            self.init_copy = self.post_copy = lambda connection: None
            super().load(connection)


class TestQuotesNothing(TestSound):
    caught_by = {"test_names_are_names", "test_what_is_no_name_is_none", "test_a_reserved_word_may_be_a_name"}

    class kind(Load):
        def quoted(self, name):
            return name.strip('"')


class TestForgetsTheSchema(TestSound):
    caught_by = {"test_a_table_may_be_in_another_schema"}

    class kind(Load):
        def parts(self, name):
            return super().parts(name)[-1:]


class TestNeedsNoColumns(TestSound):
    caught_by = {"test_columns_that_are_not_said_are_an_error"}

    class kind(Load):
        def run(self):
            if self.columns:
                super().run()


class TestTellsThePassword(TestSound):
    away = Away("nobody answers root, whose password is secret-password")
    caught_by = {"test_a_server_that_is_away_is_said_without_the_password"}
