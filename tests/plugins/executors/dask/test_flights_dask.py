"""A year of flights on a Dask cluster of two workers, one of them killed on the way: the same comes out as here."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.clock import SYSTEM


@pytest.mark.service("dask")
def test_a_year_of_flights_with_one_worker_killed(dask_service: Any, year: Any) -> None:
    expected = year.run_here()
    place = ["--executor", "dask", "--executor-option", f"address={dask_service.address}", "--workers", "8"]
    there = year.begin("there", *place)
    until = SYSTEM.monotonic() + 120
    while year.days("there") < 40 and there.poll() is None and SYSTEM.monotonic() < until:
        SYSTEM.sleep(0.02)
    dask_service.kill_worker("second")
    try:
        said, _ = there.communicate(timeout=280)
    finally:
        dask_service.begin_worker("second")
    assert there.returncode == 0, said[-3000:]
    assert year.made("there") == expected
    assert "is gone" in said, "the killed worker's tasks were failed attempts"
