"""Names in SQL: what a program writes is read as the database would read it, and quoted."""

from __future__ import annotations

import pytest

from luigi.contrib._sql.names import ANSI, MYSQL, POSTGRES, Quoting


@pytest.mark.parametrize(
    ("quoting", "written", "quoted"),
    [
        (POSTGRES, "top10", '"top10"'),
        (POSTGRES, "Top10", '"top10"'),
        (POSTGRES, '"Top10"', '"Top10"'),
        (POSTGRES, "Charts.Top10", '"charts"."top10"'),
        (POSTGRES, 'charts."Top. 10"', '"charts"."Top. 10"'),
        (POSTGRES, '"a""b"', '"a""b"'),
        (POSTGRES, 'a"b', '"a""b"'),
        (POSTGRES, '"a" b"', '"""a"" b"""'),
        (POSTGRES, '"', '""""'),
        (POSTGRES, '""', '""""""'),
        (POSTGRES, "My Table", '"My Table"'),
        (POSTGRES, "ÄRGER", '"Ärger"'),  # folded is what is of ASCII
        (POSTGRES, "x; DROP TABLE y", '"x; DROP TABLE y"'),
        (MYSQL, "Top10", "`Top10`"),
        (MYSQL, "charts.`Top 10`", "`charts`.`Top 10`"),
        (MYSQL, "a`b", "`a``b`"),
        (MYSQL, 'a"b', '`a"b`'),
        (ANSI, "Charts.Top10", "Charts.Top10"),
        (ANSI, "charts.Top 10", 'charts."Top 10"'),
    ],
)
def test_a_table(quoting: Quoting, written: str, quoted: str) -> None:
    assert quoting.table(written) == quoted


def test_a_point_in_a_column_is_a_point() -> None:
    assert POSTGRES.column("a.b") == '"a.b"'
    assert POSTGRES.column("Day") == '"day"'
    assert MYSQL.column("`a b`") == "`a b`"


def test_no_name_can_end_its_quotes() -> None:
    for quoting in (POSTGRES, MYSQL):
        for name in ("`", '"', '"a"b"', "`a`b`", '"""', "```", '"a" "', "x\\", "'"):
            mark = quoting.mark
            quoted = quoting.column(name)
            assert quoted[0] == quoted[-1] == mark
            assert mark not in quoted[1:-1].replace(mark * 2, "")
