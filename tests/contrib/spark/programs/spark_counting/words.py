"""What the job's functions on the executors import."""

from __future__ import annotations

from collections.abc import Iterator


def words(line: str) -> Iterator[str]:
    from spark_cleaning import clean

    return map(clean, line.split())
