"""ExternalDailySnapshot: the latest of days, and that it stays the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import ClassVar

import pytest

import luigi
from luigi.clock import SYSTEM
from luigi.contrib import external_daily_snapshot
from luigi.contrib.external_daily_snapshot import BadLookback, ExternalDailySnapshot
from luigi.mock import MockTarget
from luigi.testing import FakeClock, run_task

TODAY = date.today()


class PlaylistSnapshot(ExternalDailySnapshot):
    """Counts how often it is asked whether it is there."""

    service = luigi.Parameter(default="any")
    tags = luigi.ListParameter(default=[])
    asked: ClassVar[list[date]] = []

    def output(self) -> MockTarget:
        return MockTarget(f"{self.service}-{self.date}")

    def complete(self) -> bool:
        self.asked.append(self.date)
        return super().complete()


class PlaylistReport(luigi.Task):
    """Of the latest snapshot."""

    def requires(self) -> PlaylistSnapshot:
        return PlaylistSnapshot.latest(service="report")

    def output(self) -> MockTarget:
        return MockTarget("playlist-report")

    def run(self) -> None:
        with self.output().open("w") as file:
            file.write(self.input().path)


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    yield
    MockTarget.fs.clear()
    ExternalDailySnapshot._found.clear()
    PlaylistSnapshot.asked.clear()


def back(days: int) -> date:
    return TODAY - timedelta(days=days)


def put(days: int, service: str = "any") -> None:
    MockTarget(f"{service}-{back(days)}").open("w").close()


def test_the_newest_of_two() -> None:
    put(5)
    put(3)
    assert PlaylistSnapshot.latest() == PlaylistSnapshot(date=back(3))
    assert PlaylistSnapshot.asked == [back(0), back(1), back(2), back(3)]


def test_it_stays_what_it_was() -> None:
    put(3)
    first = PlaylistSnapshot.latest()
    put(1)
    assert PlaylistSnapshot.latest() is first
    assert PlaylistSnapshot.latest(service="any") is first
    assert PlaylistSnapshot.latest(tags=[]) is first
    assert len(PlaylistSnapshot.asked) == 4


def test_of_other_parameters_it_is_another() -> None:
    put(3)
    put(1, "radio")
    assert PlaylistSnapshot.latest().date == back(3)
    assert PlaylistSnapshot.latest(service="radio", tags=["a"]) == PlaylistSnapshot(back(1), "radio", ["a"])


def test_classes_do_not_share() -> None:
    class Podcasts(PlaylistSnapshot):
        pass

    put(3)
    assert type(PlaylistSnapshot.latest()) is PlaylistSnapshot
    assert type(Podcasts.latest()) is Podcasts


@pytest.mark.parametrize(("keywords", "days"), [({}, 14), ({"lookback": 2}, 2), ({"lookback": 1}, 1)])
def test_without_any_it_is_the_first(keywords: dict[str, int], days: int, caplog: pytest.LogCaptureFixture) -> None:
    assert PlaylistSnapshot.latest(**keywords) == PlaylistSnapshot(date=back(days - 1))
    assert PlaylistSnapshot.asked == [back(day) for day in range(days)]
    assert f"there is no PlaylistSnapshot of the {days} days" in caplog.text


def test_looking_back_further_is_another_question() -> None:
    put(20)
    assert PlaylistSnapshot.latest().date == back(13)
    assert PlaylistSnapshot.latest(lookback=21).date == back(20)


def test_the_next_day_it_looks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = FakeClock(SYSTEM.now())
    monkeypatch.setattr(external_daily_snapshot, "SYSTEM", clock)
    put(1)
    assert PlaylistSnapshot.latest().date == back(1)
    put(-1)
    assert PlaylistSnapshot.latest().date == back(1)
    clock.advance(24 * 3600)
    assert PlaylistSnapshot.latest().date == back(-1)


def test_looking_back_from_another_day() -> None:
    put(1)
    put(6)
    assert PlaylistSnapshot.latest(date=back(4)).date == back(6)


@pytest.mark.parametrize("lookback", [0, -1, None, "14"])
def test_no_days_at_all(lookback: object) -> None:
    with pytest.raises(BadLookback, match="at least 1"):
        PlaylistSnapshot.latest(lookback=lookback)


def test_as_a_requirement() -> None:
    put(2, "report")
    assert run_task(PlaylistReport()).complete()
    assert MockTarget("playlist-report").open().read() == f"report-{back(2)}"
