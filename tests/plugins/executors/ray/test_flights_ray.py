"""A year of flights on a Ray cluster of two machines, one of them killed on the way: the same comes out as here."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.clock import SYSTEM


@pytest.mark.service("ray")
def test_a_year_of_flights_with_one_machine_killed(ray_service: Any, year: Any) -> None:
    expected = year.run_here()
    place = ["--executor", "ray", "--executor-option", f"address={ray_service.address}", "--workers", "8"]
    there = year.begin("there", *place)
    until = SYSTEM.monotonic() + 120
    while not (ray_service.second.runs_tasks() and year.days("there") > 40) and SYSTEM.monotonic() < until:
        assert there.poll() is None, there.communicate()
        SYSTEM.sleep(0.02)
    ray_service.second.kill()
    assert year.days("there") < 365
    try:
        said, _ = there.communicate(timeout=280)
    finally:
        ray_service.join_second()
    assert there.returncode == 0, said[-3000:]
    assert year.made("there") == expected
