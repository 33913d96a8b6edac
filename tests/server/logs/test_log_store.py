"""Output on disk: whole or not there, in bounds, and readable whenever the server was killed."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luigi.clock import SYSTEM
from luigi.output.kept.reading import page
from luigi.output.kept.segments import Whose, folder_of
from luigi.output.kept.sweeping import sweep
from luigi.server.config import ServerSettings
from luigi.server.logs.store import LogStore
from luigi.server.problems import Problem
from luigi.testing import FakeClock

A = Whose("A_1", 1, "w", 1000.5)

Open = Callable[..., LogStore]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """A server's store as it is after a start."""

    def make(**options: Any) -> LogStore:
        return LogStore(ServerSettings(logs_dir=str(tmp_path / "logs"), **options), FakeClock(1e9))

    return make


def texts(*told: str) -> list[dict[str, Any]]:
    return [{"at": 1.0, "stream": "stdout", "text": text} for text in told]


def read(store: LogStore, task_id: str = "A_1", attempt: int = 0) -> tuple[list[str], list[int]]:
    """All texts of an attempt, and what is missing before each page."""
    segments = store.attempts(task_id)[attempt].segments
    found: list[str] = []
    lost, at = [], 0
    while True:
        some = page(segments, at)
        found += [piece["text"] for piece in some.pieces]
        lost.append(some.lost)
        if some.next == at:
            return found, lost
        at = some.next


def file_of(store: LogStore) -> Path:
    """The last file that was written."""
    folder = Path(folder_of(store.base, "A_1"))
    return max(folder.iterdir(), key=lambda path: int(path.stem.rpartition("-")[2]))


def test_what_was_kept_is_there_after_a_start(opened: Open) -> None:
    opened().add(A, 0, texts("one\n", "two\n"), None)
    opened().add(A, 2, texts("three\x1b[0m\0é\n"), 5.0)
    store = opened()
    assert read(store)[0] == ["one\n", "two\n", "three\x1b[0m\0é\n"]
    assert store.attempts("A_1")[0].ended() == 5.0
    assert store.attempts("A_1")[0].whose == A


def test_what_comes_twice_is_kept_once(opened: Open) -> None:
    store = opened()
    for _ in range(2):
        store.add(A, 0, texts("one", "two"), None)
        store = opened()
    store.add(A, 1, texts("two", "three"), 5.0)
    store.add(A, 1, texts("two", "three"), 5.0)
    assert read(store)[0] == ["one", "two", "three"]


def test_nobody_else_may_read_the_files(opened: Open) -> None:
    store = opened()
    store.add(A, 0, texts("one"), None)
    assert file_of(store).stat().st_mode & 0o777 == 0o600
    assert file_of(store).parent.stat().st_mode & 0o777 == 0o700


@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=60)
@given(cut=st.integers(1, 400), restarted=st.booleans())
def test_a_server_may_be_killed_at_any_moment(
    tmp_path_factory: pytest.TempPathFactory, cut: int, restarted: bool
) -> None:
    base = str(tmp_path_factory.mktemp("logs"))
    store = LogStore(ServerSettings(logs_dir=base), SYSTEM)
    told = [f"line {number}\n" for number in range(4)]
    store.add(A, 0, texts(*told), None)
    path = file_of(store)
    os.truncate(path, max(0, path.stat().st_size - cut))
    store = LogStore(ServerSettings(logs_dir=base), SYSTEM)
    there = read(store)[0] if store.attempts("A_1") else []
    assert there == told[: len(there)]
    if restarted:  # the worker had no answer, and says it again
        store.add(A, 0, texts(*told), 9.0)
        assert read(store)[0] == told
        assert store.attempts("A_1")[0].ended() == 9.0


@pytest.mark.parametrize("restarts", [False, True])
def test_beyond_its_bound_the_middle_is_lost(opened: Open, restarts: bool) -> None:
    store = opened(log_bytes=40_000)
    for number in range(2000):
        store.add(A, number, texts(f"{number:04} {'x' * 90}\n"), None)
        if restarts and number % 100 == 0:
            store = opened(log_bytes=40_000)
    found, lost = read(store)
    numbers = [int(text[:4]) for text in found]
    size = sum(path.stat().st_size for path in Path(folder_of(store.base, "A_1")).iterdir())
    assert size < 40_000 + 5 * 200
    (gap,) = [at for at in range(1, len(numbers)) if numbers[at] != numbers[at - 1] + 1]
    assert numbers[0] == 0
    assert numbers[-1] == 1999
    assert 100 < gap < len(numbers) - 90
    line = len(texts("x" * 96)[0]["text"]) + len('{"at":1.0,"stream":"stdout","text":"\\n"}\n') - 1
    assert abs(sum(lost) - line * (2000 - len(numbers))) < 20


def test_a_page_ends_where_something_is_missing(opened: Open) -> None:
    store = opened()
    store.add(A, 0, [*texts("a", "b"), {"at": 2.0, "lost": 70}, {"at": 2.0, "lost": 7}, *texts("c")], None)
    segments = store.attempts("A_1")[0].segments
    first = page(segments, 0)
    second = page(segments, first.next)
    assert ([piece["text"] for piece in first.pieces], first.lost) == (["a", "b"], 0)
    assert ([piece["text"] for piece in second.pieces], second.lost) == (["c"], 77)


def test_pages_are_bounded_and_any_place_will_do(opened: Open) -> None:
    store = opened()
    told = ["\0" * 16_384, "é" * 16_384, *(f"{number}" * 1000 for number in range(100))]
    store.add(A, 0, texts(*told), None)
    assert read(store)[0] == told
    segments = store.attempts("A_1")[0].segments
    for at in range(0, segments[-1].end + 1000, 997):
        some = page(segments, at)
        assert sum(len(piece["text"].encode()) for piece in some.pieces) <= 64 * 1024
        assert at <= some.next or at > segments[-1].end
        assert all(piece["text"] in told for piece in some.pieces)


def test_attempts_do_not_mix(opened: Open) -> None:
    store = opened()
    later, other_life = Whose("A_1", 2, "v", 2000.0), Whose("A_1", 1, "w", 3000.0)
    for whose in (A, later, other_life):
        store.add(whose, 0, texts(f"{whose.worker} {whose.began}"), None)
    assert [kept.whose for kept in store.attempts("A_1")] == [other_life, later, A]
    assert [read(store, attempt=at)[0] for at in range(3)] == [["w 3000.0"], ["v 2000.0"], ["w 1000.5"]]
    assert store.holder("A_1", 2, "v") == later
    assert store.holder("A_1", 2, "w") is None


def test_names_of_tasks_are_no_paths(opened: Open, tmp_path: Path) -> None:
    store = opened()
    hostile = ["../../../etc/passwd", "a/b", "..", "\0", "x" * 1000, "é\ud800", "<script>"]
    for task_id in hostile:
        store.add(Whose(task_id, 1, "w", 1.0), 0, texts(task_id.encode(errors="replace").decode()), None)
    assert {path.name for path in tmp_path.iterdir()} == {"logs"}
    assert [read(store, task_id)[0] for task_id in hostile if task_id != "é\ud800"]
    assert all(path.name.strip("0123456789abcdef-") in ("", "jsonl", ".jsonl") for path in tmp_path.rglob("logs/*/*"))


def test_files_that_are_none_of_these_are_left_alone(opened: Open) -> None:
    store = opened()
    store.add(A, 0, texts("one"), None)
    folder = file_of(store).parent
    (folder / "1-1-0.jsonl").write_text('{"luigi_output":2}\n')
    (folder / "1-2-0.jsonl").write_text("no json")
    (folder / "notes.txt").write_text("mine")
    assert [kept.whose for kept in store.attempts("A_1")] == [A]


def test_a_full_disk_is_told_and_gone_over(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("in the way")
    store = opened()
    with pytest.raises(Problem) as told:
        store.add(A, 0, texts("one"), None)
    assert told.value.status == 503
    (tmp_path / "logs").unlink()
    store.add(A, 0, texts("one"), None)
    assert read(store)[0] == ["one"]


def fill(store: LogStore, ages: Sequence[float]) -> None:
    for token, age in enumerate(ages):
        store.add(Whose(f"A_{token}", token, "w", 1.0), 0, texts("x" * 1000), None)
        (path,) = Path(folder_of(store.base, f"A_{token}")).iterdir()
        os.utime(path, (1e9 - age, 1e9 - age))


def test_old_output_is_removed(opened: Open) -> None:
    store = opened()
    fill(store, [500, 50, 5])
    sweep(store.base, 1e9 - 100, 10**9)
    assert [bool(store.attempts(f"A_{token}")) for token in range(3)] == [False, True, True]
    assert not os.path.exists(folder_of(store.base, "A_0"))


def test_the_oldest_goes_where_there_is_too_much(opened: Open) -> None:
    store = opened()
    fill(store, [50, 500, 5])
    assert sweep(store.base, 0, 3000) < 3000
    assert [bool(store.attempts(f"A_{token}")) for token in range(3)] == [True, False, True]


def test_what_is_written_goes_on_after_a_sweep(opened: Open) -> None:
    store = opened()
    store.add(A, 0, texts("one"), None)
    for thread in threading.enumerate():
        if thread.name == "luigi-log-sweep":  # the first one comes with the first output
            thread.join()
    store.add(A, 1, texts("two"), None)
    sweep(store.base, 2e9, 0)
    assert store.attempts("A_1") == []
    store.add(A, 2, texts("three"), None)
    assert read(store)[0] == ["three"]


def test_it_is_swept_when_a_lot_has_come_in(opened: Open) -> None:
    store = opened(log_total_bytes=50_000)
    for token in range(30):
        store.add(Whose(f"A_{token}", token, "w", 1.0), 0, texts("x" * 10_000), 5.0)
    until = SYSTEM.monotonic() + 20
    while sum(bool(store.attempts(f"A_{token}")) for token in range(30)) > 10:
        assert SYSTEM.monotonic() < until
        SYSTEM.sleep(0.01)
