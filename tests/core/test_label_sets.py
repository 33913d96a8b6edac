"""Label sets are told apart up to a limit; what is beyond is counted together, and that is said once."""

from __future__ import annotations

import pytest

from luigi.label_sets import OTHER, LabelSets


def test_sets_are_kept_as_they_are_up_to_the_limit() -> None:
    sets = LabelSets(2, "metrics", "")
    assert [sets.bounded("F", [value]) for value in ("a", "b", "a")] == [("F", "a"), ("F", "b"), ("F", "a")]


def test_values_beyond_the_limit_are_counted_with_their_family() -> None:
    sets = LabelSets(1, "metrics", "")
    sets.bounded("F", ["a", "b"])
    assert sets.bounded("F", ["a", "c"]) == ("F", OTHER, OTHER)
    assert sets.bounded("F", ["a", "b"]) == ("F", "a", "b")


def test_families_beyond_the_limit_are_counted_together() -> None:
    sets = LabelSets(1, "metrics", "")
    sets.bounded("F")
    assert (sets.bounded("G"), sets.bounded("H"), sets.bounded("F")) == ((OTHER,), (OTHER,), ("F",))
    assert sets.bounded("G", ["a"]) == (OTHER, OTHER)


def test_there_are_never_more_than_so_many() -> None:
    sets = LabelSets(10, "metrics", "")
    seen = {sets.bounded(f"F{family}", [str(value)]) for family in range(50) for value in range(50)}
    assert len(seen) <= 10 + 10 + 1  # sets, families with the values together, and the rest


def test_it_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    sets = LabelSets(1, "metrics for X", "See [x] most.")
    for name in ("F", "G", "H"):
        sets.bounded(name, [name])
    (record,) = caplog.records
    assert record.getMessage() == (
        "metrics for X: there are more than 1 sets of labels; what is beyond is counted as 'other'. See [x] most."
    )
