"""The month's report as a web page: a bar chart in inline SVG and a table, with every text escaped."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from html import escape

Row = Mapping[str, str]

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<style>
  body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; color: #222 }}
  table {{ border-collapse: collapse; width: 100% }}
  th, td {{ text-align: right; padding: .2rem .6rem; border-bottom: 1px solid #ddd }}
  th:first-child, td:first-child {{ text-align: left }}
  svg text {{ font: 12px system-ui, sans-serif; fill: #222 }}
  rect {{ fill: #2c7fb8 }}
</style>
<h1>{title}</h1>
<h2>Where to</h2>
{chart}
<h2>How late</h2>
{table}
</html>
"""

BAR_HEIGHT = 24  # pixels
LABEL_WIDTH = 240
BAR_WIDTH = 380  # of the longest bar


def page(month: datetime.date, destinations: Sequence[Row], delays: Sequence[Row]) -> str:
    """The whole page. `destinations` has rows with `name` and `flights`; `delays` is shown column by column."""
    title = escape(f"Flights from New York, {month:%B %Y}")
    return PAGE.format(title=title, chart=bar_chart(destinations), table=table(delays))


def bar_chart(rows: Sequence[Row]) -> str:
    """One horizontal bar for each row, as long as its `flights` and labelled with its `name`."""
    longest = max((int(row["flights"]) for row in rows), default=1)
    bars = "\n".join(_bar(place, row["name"], int(row["flights"]), longest) for place, row in enumerate(rows))
    width, height = LABEL_WIDTH + BAR_WIDTH + 60, len(rows) * BAR_HEIGHT
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">\n{bars}\n</svg>'


def _bar(place: int, name: str, flights: int, longest: int) -> str:
    top, length = place * BAR_HEIGHT, round(BAR_WIDTH * flights / longest)
    baseline = top + BAR_HEIGHT - 8
    return (
        f'<text x="{LABEL_WIDTH - 8}" y="{baseline}" text-anchor="end">{escape(name)}</text>'
        f'<rect x="{LABEL_WIDTH}" y="{top + 2}" width="{length}" height="{BAR_HEIGHT - 4}"/>'
        f'<text x="{LABEL_WIDTH + length + 6}" y="{baseline}">{flights:,}</text>'
    )


def table(rows: Sequence[Row]) -> str:
    """The rows under a header made of their column names."""
    columns = list(rows[0]) if rows else []
    head = "".join(f"<th>{escape(column.replace('_', ' '))}</th>" for column in columns)
    body = "\n".join(
        "<tr>" + "".join(f"<td>{escape(row[column])}</td>" for column in columns) + "</tr>" for row in rows
    )
    return f"<table>\n<tr>{head}</tr>\n{body}\n</table>"
