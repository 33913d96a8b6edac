"""What runs without a server keep of their tasks' output: line by line, within limits, and never at the run's cost."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from luigi.output.kept.keeping import Keeping
from luigi.output.kept.of_runs import KeptByRuns, Limits
from luigi.output.sink import Speaker
from luigi.testing import FakeClock

A = Speaker("A_1", 1)
PLENTY = Limits(bytes=1 << 20, keep_hours=1.0, total_bytes=1 << 30)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(1e9)


Open = Callable[..., Keeping]


@pytest.fixture
def keep(tmp_path: Path, clock: FakeClock) -> Open:
    """Keeps in `tmp_path/kept`."""

    def make(limits: Limits = PLENTY, worker: str = f"Worker(pid={os.getpid()})") -> Keeping:
        return Keeping(str(tmp_path / "kept"), worker, limits, clock)

    return make


@pytest.fixture
def kept(tmp_path: Path) -> KeptByRuns:
    """What is kept there."""
    return KeptByRuns(str(tmp_path / "kept"))


def texts(kept: KeptByRuns, task_id: str = "A_1") -> list[tuple[str, str]]:
    return [(piece["stream"], piece["text"]) for piece in kept.log(task_id, None, 0)["pieces"]]


def test_a_line_that_comes_in_parts_is_one_piece(keep: Open, kept: KeptByRuns) -> None:
    keeping = keep()
    for part in ("one", " ", "line\n", "and "):
        keeping.printed(A, 1e9, "stdout", part)
    assert texts(kept) == [("stdout", "one line\n")]
    keeping.printed(A, 1e9, "stderr", "another\n")
    assert texts(kept)[1:] == [("stdout", "and "), ("stderr", "another\n")]


def test_what_has_no_end_of_line_is_there_at_the_end(keep: Open, kept: KeptByRuns) -> None:
    keeping = keep()
    keeping.printed(A, 1e9, "stdout", "half")
    assert not kept.log("A_1", None, 0)["ended"]
    keeping.ended(A, 1e9 + 5)
    told = kept.log("A_1", None, 0)
    assert (texts(kept), told["ended"], told["attempts"][0]["ended"]) == ([("stdout", "half")], True, 1e9 + 5)


def test_what_is_long_does_not_wait_for_the_end_of_the_line(keep: Open, kept: KeptByRuns) -> None:
    keep().printed(A, 1e9, "stdout", "x" * 50_000)
    told = kept.log("A_1", None, 0)
    assert sum(len(piece["text"]) for piece in told["pieces"]) == 50_000


def test_what_was_missed_is_told(keep: Open, kept: KeptByRuns) -> None:
    keeping = keep()
    keeping.missed(A, 1e9, 77)
    keeping.ended(A, 1e9)
    assert kept.log("A_1", None, 0)["lost"] == 77


def test_of_much_the_beginning_and_the_end_are_kept(keep: Open, kept: KeptByRuns, tmp_path: Path) -> None:
    keeping = keep(PLENTY._replace(bytes=8_000))
    for number in range(1_000):
        keeping.printed(A, 1e9, "stdout", f"{number:04} {'x' * 50}\n")
    keeping.ended(A, 1e9)
    first = kept.log("A_1", None, 0)
    rest = kept.log("A_1", first["attempt"], first["next"])
    assert first["pieces"][0]["text"].startswith("0000")
    assert rest["lost"] > 0
    assert rest["pieces"][-1]["text"].startswith("0999")
    assert sum(path.stat().st_size for path in tmp_path.rglob("*.jsonl")) < 20_000


def test_what_is_old_goes_when_a_run_ends(keep: Open, kept: KeptByRuns, clock: FakeClock, tmp_path: Path) -> None:
    keeping = keep()
    keeping.printed(A, 1e9, "stdout", "old\n")
    keeping.close()
    (file,) = tmp_path.rglob("*.jsonl")
    os.utime(file, (1e9, 1e9))
    clock.advance(2 * 3600)
    later = keep()
    later.printed(Speaker("B_1", 1), 1e9 + 7200, "stdout", "new\n")
    (new,) = set(tmp_path.rglob("*.jsonl")) - {file}
    os.utime(new, (clock.now(), clock.now()))
    later.close()
    assert texts(kept) == []
    assert texts(kept, "B_1") == [("stdout", "new\n")]


def test_tokens_of_several_runs_are_told_apart(keep: Open, kept: KeptByRuns) -> None:
    for at in (1e9, 1e9 + 1):
        keeping = keep()
        keeping.printed(A, at, "stdout", f"at {at:.0f}\n")
        keeping.ended(A, at)
    told = kept.log("A_1", None, 0)
    assert [attempt["began"] for attempt in told["attempts"]] == [1e9 + 1, 1e9]
    assert kept.log("A_1", told["attempts"][1]["attempt"], 0)["pieces"][0]["text"] == "at 1000000000\n"


def test_the_attempt_of_a_process_that_is_gone_has_ended(keep: Open, kept: KeptByRuns) -> None:
    keep(worker="Worker(pid=99999999)").printed(A, 1e9, "stdout", "last words\n")
    assert kept.log("A_1", None, 0)["ended"]


def test_a_disk_that_takes_nothing_is_said_once(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    keeping = Keeping(str(tmp_path / "file" / "below"), "w", PLENTY, clock)
    for _ in range(3):
        keeping.printed(A, 1e9, "stdout", "line\n")
    keeping.ended(A, 1e9)
    keeping.close()
    assert [record.message.partition(":")[0] for record in caplog.records] == [
        f"What tasks print is not kept in {tmp_path / 'file' / 'below'}"
    ]


def test_ids_are_found_by_how_they_begin(keep: Open, kept: KeptByRuns) -> None:
    keeping = keep()
    for task_id in ("A_1", "A_2", "B_1"):
        keeping.printed(Speaker(task_id, 1), 1e9, "stdout", "x\n")
    assert kept.beginning("A", 1) == (["A_1"], 2)
    assert kept.beginning("C", 5) == ([], 0)
    assert kept.refuse("B_2").hint == "did you mean B_1 or A_2?"
