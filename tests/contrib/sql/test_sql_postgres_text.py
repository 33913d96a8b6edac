"""Rows as COPY reads them."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest

from luigi.contrib._sql.postgres_text import Lines, rows_of, separator_for
from luigi.contrib.postgres import CopyToTable, MultiReplacer, default_escape


def written(*rows: Any, separator: str = "\t", nulls: Any = (None,), **more: Any) -> str:
    file = io.BytesIO()
    assert Lines(separator, nulls, **more).write(iter(rows), file) == len(rows)
    return file.getvalue().decode()


def test_values_are_divided_and_lines_end() -> None:
    assert written(("a", 1), ["b", 2.5], (True, date(2012, 6, 1))) == "a\t1\nb\t2.5\nTrue\t2012-06-01\n"
    assert written() == ""


def test_what_would_be_read_otherwise_is_escaped() -> None:
    assert written(("a\tb", "c\nd\re\\")) == "a\\tb\tc\\nd\\re\\\\\n"
    assert written((r"\N", r"\.")) == "\\\\N\t\\\\.\n"


def test_nothing_is_written_so() -> None:
    assert written((None, "")) == "\\N\t\n"
    assert written(("", "NULL", "x"), nulls=(None, "", "NULL")) == "\\N\t\\N\tx\n"
    assert written((0, 1), nulls=(0,)) == "\\N\t1\n"


def test_another_separator_is_escaped() -> None:
    assert written(("a,b", "c\td"), separator=",") == "a\\,b,c\\td\n"


def test_bytes_are_written_as_bytea_reads_them() -> None:
    assert written((b"\x00\xff", bytearray(b"a"))) == "\\\\x00ff\t\\\\x61\n"


def test_own_mapping_is_asked_for_each_value() -> None:
    assert written(("a", None), map_column=lambda value: f"<{value}>") == "<a>\t<None>\n"


def test_rows_may_be_anything_with_values() -> None:
    assert written((str(number) for number in range(3)), "xy") == "0\t1\t2\nx\ty\n"


def test_many_lines() -> None:
    rows = [(f"a{number}", number) for number in range(2500)]
    assert written(*rows) == "".join(f"a{number}\t{number}\n" for number in range(2500))


@pytest.mark.parametrize(
    ("wanted", "used"), [(",", ","), ("\t", "\t"), ("|", "|"), ("a", "\t"), ("||", "\t"), ("\\", "\t"), ("·", "\t")]
)
def test_separators_that_copy_does_not_take(wanted: str, used: str) -> None:
    assert separator_for(wanted) == used


def test_a_file_is_read_as_hive_writes_it() -> None:
    assert list(rows_of(["a\t\\N\n", " b \t\\Nx\n", "c"], "\t")) == [["a", None], [" b ", "\\Nx"], ["c"]]
    assert list(rows_of(["a||b\n"], "||")) == [["a", "b"]]


def test_multi_replacer() -> None:
    """One pass: what was replaced is not looked at again."""
    assert MultiReplacer([("a", "b"), ("b", "c")])("ab") == "bc"
    assert MultiReplacer([("a", "b"), ("aa", "c")])("aaab") == "bbbb"
    assert MultiReplacer([("aa", "c"), ("a", "b"), (".", "!")])("aaa.") == "cb!"
    assert default_escape("a\tb\\c\n\r\v\b\f") == "a\\tb\\\\c\\n\\r\\v\\b\\f"


def test_a_task_maps_as_luigi_does() -> None:
    class Maps(CopyToTable):
        host = database = user = password = table = ""

    task = Maps()
    values = ["", 1, 1.5, True, date(2020, 1, 1), "süß", "a\tb"]
    assert [task.map_column(value) for value in values] == ["", "1", "1.5", "True", "2020-01-01", "süß", "a\\tb"]
    assert task.map_column(None) == "\\N"
