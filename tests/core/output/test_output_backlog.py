"""What waits to be sent: in numbered pieces, within bounds, and what is lost is counted."""

from __future__ import annotations

import pytest

from luigi.output import backlog as backlogs
from luigi.output.backlog import Backlog
from luigi.output.handed_in import LONGEST, Piece, Printed
from luigi.output.sink import Speaker

ONE, OTHER = Speaker("A_1", 1), Speaker("B_1", 2)


@pytest.fixture
def backlog() -> Backlog:
    return Backlog()


def test_it_gives_what_it_got(backlog: Backlog) -> None:
    backlog.add(ONE, 10.0, "stdout", "one\n")
    backlog.add(ONE, 10.1, "stderr", "two\n")
    backlog.end(ONE, 11.0)
    pieces = [Piece(10.0, "stdout", "one\n"), Piece(10.1, "stderr", "two\n")]
    assert backlog.take() == [Printed("A_1", 1, 0, pieces, 11.0)]
    assert backlog.take() == []
    assert backlog.size == 0


def test_what_comes_together_is_one_piece(backlog: Backlog) -> None:
    for at in (10.0, 10.1, 10.2, 10.3):
        backlog.add(ONE, at, "stdout", "x")
    ((_, _, _, pieces, _),) = backlog.take()
    assert pieces == [Piece(10.0, "stdout", "xxx"), Piece(10.3, "stdout", "x")]


def test_pieces_are_numbered_through(backlog: Backlog) -> None:
    backlog.add(ONE, 10.0, "stdout", "a")
    backlog.add(ONE, 11.0, "stdout", "b")
    assert backlog.take()[0].first == 0
    backlog.add(ONE, 12.0, "stdout", "c")
    assert backlog.take()[0].first == 2


def test_no_piece_is_too_long(backlog: Backlog) -> None:
    backlog.add(ONE, 10.0, "stdout", "x" * (2 * LONGEST + 1))
    (printed,) = backlog.take()
    assert [len(piece.text) for piece in printed.pieces] == [LONGEST, LONGEST, 1]


def test_no_more_is_taken_at_a_time_than_fits(backlog: Backlog) -> None:
    for speaker in (ONE, OTHER):
        backlog.add(speaker, 10.0, "stdout", "x" * 300_000)
        backlog.end(speaker, 11.0)
    sizes, ends = [], []
    while taken := backlog.take():
        sizes.append(sum(len(piece.text) for printed in taken for piece in printed.pieces))
        ends += [printed.attempt for printed in taken if printed.ended is not None]
    assert sum(sizes) == 600_000
    assert max(sizes) <= backlogs.MOST_SENT + LONGEST
    assert ends == [1, 2]


def test_of_too_much_the_oldest_is_lost_and_counted(backlog: Backlog) -> None:
    backlog.most = 100_000
    backlog.add(ONE, 10.0, "stdout", "a" * 100_000)
    backlog.add(ONE, 11.0, "stdout", "é" * 20_000)
    backlog.add_lost(ONE, 11.5, 7)
    pieces = [piece for printed in backlog.take() for piece in printed.pieces]
    lost = pieces[0].lost
    assert 40_000 <= lost < 40_000 + 2 * LONGEST
    assert sum(len(piece.text.encode()) for piece in pieces) + lost == 140_000
    assert pieces[-1] == Piece(11.5, lost=7)
    assert pieces[-2].text.endswith("é")


def test_what_was_lost_twice_is_counted_together(backlog: Backlog) -> None:
    backlog.most = LONGEST
    backlog.add_lost(ONE, 9.0, 5)
    for at in range(5):
        backlog.add(ONE, 10.0 + at, "stdout", "x" * LONGEST)
    ((_, _, _, pieces, _),) = backlog.take()
    assert [piece.lost for piece in pieces] == [5 + 4 * LONGEST, 0]


def test_many_attempts_together_have_bounds_too(backlog: Backlog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlogs, "MOST_IN_ALL", 100_000)
    for token in range(20):
        backlog.add(Speaker("A_1", token), 10.0, "stdout", "x" * 10_000)
    assert backlog.size == 100_000
    taken = backlog.take()
    assert sum(piece.lost for printed in taken for piece in printed.pieces) == 100_000


def test_of_a_refused_attempt_nothing_more_is_kept(backlog: Backlog) -> None:
    backlog.add(ONE, 10.0, "stdout", "a")
    backlog.add(OTHER, 10.0, "stdout", "b")
    backlog.refuse(1)
    backlog.add(ONE, 11.0, "stdout", "c")
    backlog.end(ONE, 12.0)
    assert [printed.attempt for printed in backlog.take()] == [2]
    assert backlog.size == 0
