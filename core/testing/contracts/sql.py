"""What every task that loads a table must do, as a pytest class to subclass: the rows and the note of them, or neither.

    class TestMyLoad(TableLoadContract):
        def make_task(self, table, rows, columns, key, **members):
            kinds = {str: "TEXT", int: "INT"}
            described = [(name, kinds[kind]) for name, kind in columns.items()]
            return type("Load", (CopyToTable,), {"table": table, "columns": described, "update_id": key, …})()

        def fetch(self, table):
            return my_connection.execute(f"SELECT * FROM {table}").fetchall()

Beside `exists()`, the output of such a task has `touch()`, which notes the work.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

import pytest

from luigi.errors import KernelError
from luigi.task import Task
from luigi.testing.contracts.contract import Contract, only_where
from luigi.testing.run import run_task

Rows = Iterable[Sequence[Any]]

COLUMNS = {"name": str, "number": int}
ROWS = [("one", 1), ("two", 2), (None, None)]

TEXTS = [
    "",
    " around ",
    "tab\tin it",
    "line\nin it",
    "return\r\nin it",
    "back\\slash \\N \\n \\t",
    "\\N",
    "\\.",
    "NULL",
    "None",
    "süß 漢字 🦆",
    'it\'s "quoted" `so`',
    "100 % %s %(name)s :name ? {} $1",
    "comma, semicolon; bar|",
    "vertical\v form\f bell\a",
]
NAMES = ["Upper Case", "order", "per%cent %s", "it's", 'a"b', "a`b", "ünïcödé", "x); DROP TABLE victim; --", "a:b"]
SEPARATORS = [",", "|", ";", "\x01", "||", "a", "'"]
NUMBERS = itertools.count(1)


class TableLoadContract(Contract):
    """Loading rows into a table once, in one transaction with the note that says so."""

    has_schemas = True  # False where all tables are in one place
    has_steps = True  # False where a task has no init_copy() and post_copy()
    can_be_away = True  # False where no service is asked
    names: ClassVar[Sequence[str]] = NAMES  # without those that the database itself cannot have
    texts: ClassVar[Sequence[str]] = TEXTS

    def make_task(
        self, table: str, rows: Callable[[], Rows], columns: dict[str, type], key: str, **members: Any
    ) -> Task:
        """A task that loads what `rows()` gives, and notes that by `key`. `members` are attributes of its class."""
        raise NotImplementedError("give make_task()")

    def fetch(self, table: str) -> list[tuple[Any, ...]]:
        """The rows of a table, in any order. Raises where there is no such table."""
        raise NotImplementedError("give fetch()")

    def written(self, name: str) -> str:
        """How a program writes a name that has any characters."""
        return f'"{name}"'.replace('"', '""')[1:-1] if '"' in name else f'"{name}"'

    def in_schema(self, table: str) -> str:
        """How a program writes the name of a table in another schema, or database, which is there."""
        raise NotImplementedError("give in_schema()")

    def unreachable(self) -> Any:
        """A target at a server that does not answer, whose password is `secret-password`."""
        raise NotImplementedError("give unreachable()")

    @pytest.fixture
    def table(self) -> str:
        """The name of a table that is not there."""
        return f"loaded_{next(NUMBERS)}"

    def load(self, table: str, rows: Rows = ROWS, *, key: str = "", columns: Any = None, **members: Any) -> Task:
        """Run a task, and give it back."""
        return run_task(self.task(table, rows, key=key, columns=columns, **members))

    def task(self, table: str, rows: Rows = ROWS, *, key: str = "", columns: Any = None, **members: Any) -> Task:
        """A task for a table."""
        return self.make_task(table, lambda: rows, columns or COLUMNS, f"load of {table} {key}", **members)

    def is_empty(self, table: str) -> bool:
        """Whether nothing was loaded: no rows, perhaps no table."""
        try:
            return self.fetch(table) == []
        except Exception:
            return True

    # --- what arrives ----------------------------------------------------------------------------------------------

    def test_rows_arrive(self, table: str) -> None:
        task = self.task(table)
        assert not task.complete()
        assert run_task(task).complete()
        assert sorted(self.fetch(table), key=str) == sorted(ROWS, key=str)

    def test_texts_arrive_as_they_are(self, table: str) -> None:
        rows = [(text, number) for number, text in enumerate(self.texts)]
        self.load(table, rows)
        assert sorted(self.fetch(table), key=lambda row: row[1]) == rows

    @pytest.mark.parametrize("separator", SEPARATORS)
    def test_separators_arrive_as_they_are(self, table: str, separator: str) -> None:
        rows = [(f"a{separator}b{separator}", 1), (f"\\{separator}\\", 2), (None, 3), (separator, None)]
        self.load(table, rows, column_separator=separator)
        assert sorted(self.fetch(table), key=str) == sorted(rows, key=str)

    def test_values_of_other_types_arrive(self, table: str) -> None:
        self.load(table, [[1.5, "1"], ["a", 1]])
        assert {row[1] for row in self.fetch(table)} == {1}

    def test_many_rows_arrive(self, table: str) -> None:
        rows = [(f"name {number}", number) for number in range(12_345)]
        self.load(table, iter(rows))
        assert sorted(self.fetch(table), key=lambda row: row[1]) == rows

    def test_no_rows_make_the_table(self, table: str) -> None:
        assert self.load(table, []).complete()
        assert self.fetch(table) == []

    def test_further_loads_add_to_the_table(self, table: str) -> None:
        self.load(table, [("one", 1)], key="first")
        self.load(table, [("two", 2)], key="second")
        assert sorted(self.fetch(table)) == [("one", 1), ("two", 2)]

    def test_a_load_of_another_table_is_not_noted_for_that(self, table: str) -> None:
        self.load(table)
        assert not self.task(f"{table}_more").complete()
        assert not self.task(table, key="more").complete()

    # --- once ------------------------------------------------------------------------------------------------------

    def test_run_again_it_loads_once(self, table: str) -> None:
        for _ in range(2):
            task = self.load(table, [("one", 1)])
            task.run()
        assert self.fetch(table) == [("one", 1)]

    def test_noted_again_is_noted_once(self, table: str) -> None:
        task: Any = self.task(table)
        for _ in range(2):
            task.output().touch()
            assert task.output().exists()

    def test_two_at_once_load_once(self, table: str) -> None:
        rows = [(f"name {number}", number) for number in range(1000)]
        self.load(table, [], key="table")
        tasks = [self.task(table, rows) for _ in range(4)]
        with ThreadPoolExecutor(4) as pool:
            for ended in [pool.submit(task.run) for task in tasks]:
                ended.result()
        assert sorted(self.fetch(table), key=lambda row: row[1]) == rows

    # --- or not at all ---------------------------------------------------------------------------------------------

    def test_rows_that_fail_leave_nothing(self, table: str) -> None:
        def failing() -> Iterator[Sequence[Any]]:
            for number in range(12_000):
                yield "name", number
            raise ZeroDivisionError

        task = self.make_task(table, failing, COLUMNS, "failing")
        with pytest.raises(ZeroDivisionError):
            task.run()
        assert not task.complete()
        assert self.is_empty(table)
        assert self.load(table).complete()

    def test_a_value_the_column_cannot_have_leaves_nothing(self, table: str) -> None:
        self.load(table, [], key="table")
        good = [("name", number) for number in range(12_000)]
        with pytest.raises(KernelError) as caught:
            self.load(table, [*good, ("name", self.not_a_number())])
        assert table in str(caught.value)
        assert caught.value.__cause__ is not None
        assert not self.task(table).complete()
        assert self.fetch(table) == []

    def not_a_number(self) -> Any:
        """What the second column, of whole numbers, cannot have."""
        return "no number"

    @pytest.mark.parametrize("row", [("name",), ("name", 1, 2)], ids=["short", "long"])
    def test_a_row_that_is_short_or_long_leaves_nothing(self, table: str, row: Sequence[Any]) -> None:
        with pytest.raises(KernelError):
            self.load(table, [("name", 1), row])
        assert not self.task(table).complete()
        assert self.is_empty(table)

    def test_a_note_that_fails_leaves_nothing(self, table: str, monkeypatch: pytest.MonkeyPatch) -> None:
        task: Any = self.task(table)
        kind = type(task.output())
        touch = kind.touch

        def fail(*args: Any, **kwargs: Any) -> None:
            touch(*args, **kwargs)
            raise ZeroDivisionError

        with monkeypatch.context() as broken, pytest.raises(ZeroDivisionError):
            broken.setattr(kind, "touch", fail)
            task.run()
        assert not task.complete()
        assert self.is_empty(table)

    @only_where(has_steps=True)
    def test_a_step_that_fails_leaves_nothing(self, table: str) -> None:
        self.load(table, ROWS, key="before")

        def init_copy(task: Any, connection: Any) -> None:
            connection.cursor().execute(f"DELETE FROM {table}")

        def post_copy(task: Any, connection: Any) -> None:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            self.load(table, [("new", 9)], init_copy=init_copy, post_copy=post_copy)
        assert sorted(self.fetch(table), key=str) == sorted(ROWS, key=str)

    @only_where(has_steps=True)
    def test_steps_are_around_the_rows(self, table: str) -> None:
        def init_copy(task: Any, connection: Any) -> None:
            connection.cursor().execute(f"DELETE FROM {table}")

        def post_copy(task: Any, connection: Any) -> None:
            connection.cursor().execute(f"UPDATE {table} SET number = number + 10")

        self.load(table, [("old", 1)], key="old")
        self.load(table, [("new", 2)], init_copy=init_copy, post_copy=post_copy)
        assert self.fetch(table) == [("new", 12)]
        self.load(f"{table}_made", [("new", 2)], init_copy=lambda task, connection: init_copy(task, connection))

    # --- names -----------------------------------------------------------------------------------------------------

    def test_names_are_names(self, table: str) -> None:
        self.load("victim", [], key=table)
        for number, name in enumerate(self.names):
            written = self.written(f"{name} {table}")
            columns = {self.written(name): str, self.written(f"{name} 2"): int}
            assert self.load(written, ROWS, key=str(number), columns=columns).complete()
            assert sorted(self.fetch(written), key=str) == sorted(ROWS, key=str)
        assert self.fetch("victim") == []

    def test_what_is_no_name_is_none(self, table: str) -> None:
        self.load("victim", [], key=table)
        name = f"{table} (name) VALUES (1); DROP TABLE victim; --"
        columns = {"name) VALUES (1); DROP TABLE victim; --": str, "number": int}
        assert self.load(name, ROWS, columns=columns).complete()
        assert self.fetch("victim") == []

    def test_a_reserved_word_may_be_a_name(self, table: str) -> None:
        self.load("select", [("one", 1)], columns={"from": str, "where": int}, key=table)
        assert ("one", 1) in self.fetch("select")

    @only_where(has_schemas=True)
    def test_a_table_may_be_in_another_schema(self, table: str) -> None:
        self.load(self.in_schema(table), [("one", 1)])
        assert self.fetch(self.in_schema(table)) == [("one", 1)]
        with pytest.raises(Exception):  # noqa: B017 - every driver has its own
            self.fetch(table)

    # --- when it fails ---------------------------------------------------------------------------------------------

    def test_columns_that_are_not_said_are_an_error(self, table: str) -> None:
        with pytest.raises(KernelError):
            self.make_task(table, lambda: ROWS, {}, table).run()

    @only_where(can_be_away=True)
    def test_a_server_that_is_away_is_said_without_the_password(self, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level("DEBUG"), pytest.raises(KernelError) as caught:
            self.unreachable().exists()
        assert caught.value.hint
        assert isinstance(caught.value, ConnectionError)
        assert "secret-password" not in f"{caught.value}{caught.value.__cause__}{caplog.text}"
