"""Print the top destinations of a month from the pipeline's own files: `python show.py 2013-07`."""

from __future__ import annotations

import sys

import luigi
from flights import MonthlyDelays, TopDestinations, read_csv


def main(text: str) -> None:
    month = luigi.MonthParameter().parse(text)
    delays = read_csv(MonthlyDelays(month).output())
    flights, cancelled = (sum(int(row[column]) for row in delays) for column in ("flights", "cancelled"))
    print(f"\n{month:%B %Y}: {flights:,} flights from New York, {cancelled:,} of them cancelled. Most were bound for\n")
    for place, row in enumerate(read_csv(TopDestinations(month).output()), start=1):
        print(f"  {place:2}  {row['code']}  {row['name']:<36}{int(row['flights']):>6,}")


if __name__ == "__main__":
    main(sys.argv[1])
