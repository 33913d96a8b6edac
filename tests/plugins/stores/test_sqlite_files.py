"""The SQLite store and its file: whose it is, what it survives, what becomes of one of another version."""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from luigi.errors import StoreAway, StoreError
from luigi.interfaces import StateStore
from luigi.plugins.stores.sqlite.schema import MIGRATIONS, migrate, require, version_of

Opens = Callable[..., StateStore]


@pytest.fixture
def written(open_sqlite: Opens, state_path: Path) -> Path:
    """A file with a snapshot and an entry, that nobody has open."""
    store = open_sqlite()
    store.append([(number, f"entry {number} " + "x" * 3_000) for number in range(1, 40)])
    store.save(["the first part " * 1_000], 20)
    store.close()
    return state_path


# --- files that are not ours -----------------------------------------------------------------------------------------

FOREIGN = {
    b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00}\x94.": "but a pickle, perhaps of Luigi's",
    b'{"version":1,"story":[]}' * 100: "but JSON",
    b"neither" * 1_000: "not a state of this scheduler",
}


@pytest.mark.parametrize("content", FOREIGN)
@pytest.mark.parametrize("use", [lambda store: store.claim(), lambda store: store.load()], ids=["claim", "load"])
def test_what_is_no_database_is_refused_and_left_alone(
    open_sqlite: Opens, state_path: Path, content: bytes, use: Callable[[StateStore], object]
) -> None:
    state_path.parent.mkdir()
    state_path.write_bytes(content)
    with pytest.raises(StoreError, match=FOREIGN[content]) as raised:
        use(open_sqlite())
    assert not isinstance(raised.value, StoreAway)
    assert "--state-path" in raised.value.hint
    assert state_path.read_bytes() == content


def test_somebody_elses_database_is_refused_and_left_alone(open_sqlite: Opens, state_path: Path) -> None:
    state_path.parent.mkdir()
    with closing(sqlite3.connect(state_path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    before = state_path.read_bytes()
    for use in (StateStore.claim, StateStore.load):
        with pytest.raises(StoreError, match="not a state of this scheduler"):
            getattr(open_sqlite(), use.__name__)()
    assert state_path.read_bytes() == before


def test_one_of_a_later_version_is_refused_and_left_alone(open_sqlite: Opens, written: Path) -> None:
    with closing(sqlite3.connect(written)) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = written.read_bytes()
    for name in ("claim", "load"):
        with pytest.raises(StoreError, match=f"version {len(MIGRATIONS) + 1}, made by a newer luigi-kernel"):
            getattr(open_sqlite(), name)()
    assert written.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_named(open_sqlite: Opens, state_path: Path) -> None:
    state_path.parent.write_text("a file")
    with pytest.raises(StoreError, match="cannot be kept in .*state.sqlite") as raised:
        open_sqlite().claim()
    assert "--state-path" in raised.value.hint


def test_a_place_without_locks_is_named(open_sqlite: Opens, state_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on some network's file systems."""
    import fcntl

    def refuse(file: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    for _ in range(5):
        with pytest.raises(StoreError, match="No locks available"):
            open_sqlite().claim()
    assert not before or len(os.listdir("/proc/self/fd")) <= before


def test_only_its_owner_may_read_it(open_sqlite: Opens, state_path: Path) -> None:
    open_sqlite().append([(1, "one")])
    made = [state_path.parent, *state_path.parent.iterdir()]
    assert len(made) >= 3
    assert not [path for path in made if path.stat().st_mode & 0o077]


# --- damage ----------------------------------------------------------------------------------------------------------


def everything(store: StateStore) -> None:
    kept = store.load()
    list(kept.parts)
    list(kept.entries)


@pytest.mark.parametrize("text", [b"the first part", b"entry 30"])
def test_a_changed_byte_is_seen(open_sqlite: Opens, written: Path, text: bytes) -> None:
    content = written.read_bytes()
    place = content.index(text)
    written.write_bytes(content[:place] + b"!" + content[place + 1 :])
    with pytest.raises(StoreError, match="damaged: number .* is not what was written") as raised:
        everything(open_sqlite())
    assert "backup" in raised.value.hint


def test_a_lost_end_is_seen(open_sqlite: Opens, written: Path) -> None:
    half = written.stat().st_size // 2
    os.truncate(written, half)
    with pytest.raises(StoreError, match="damaged"):
        everything(open_sqlite())
    assert written.stat().st_size == half


@pytest.mark.parametrize(
    ("statement", "said"),
    [("DELETE FROM parts", "of 1 parts of the snapshot 0 are there"), ("DELETE FROM entries WHERE number = 21", "21")],
)
def test_lost_rows_are_seen(open_sqlite: Opens, written: Path, statement: str, said: str) -> None:
    with closing(sqlite3.connect(written)) as connection, connection:
        connection.execute(statement)
    with pytest.raises(StoreError, match=f"damaged: .*{said}"):
        everything(open_sqlite())


# --- versions --------------------------------------------------------------------------------------------------------

NEXT = [*MIGRATIONS, ["CREATE TABLE further (x)", "INSERT INTO further VALUES (7)"]]


def test_an_earlier_version_becomes_todays(written: Path) -> None:
    with closing(sqlite3.connect(written, isolation_level=None)) as connection:
        migrate(connection, written, NEXT)
        migrate(connection, written, NEXT)
        assert version_of(connection, written, len(NEXT)) == len(NEXT)
        assert connection.execute("SELECT x FROM further").fetchall() == [(7,)]
        assert connection.execute("SELECT count(*) FROM entries").fetchone() == (19,)


def test_a_migration_that_fails_leaves_all_as_it_was(written: Path) -> None:
    with closing(sqlite3.connect(written, isolation_level=None)) as connection:
        with pytest.raises(sqlite3.OperationalError):
            migrate(connection, written, [*NEXT, ["nonsense"]])
        assert version_of(connection, written) == len(MIGRATIONS)
        assert not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'further'").fetchone()


def test_one_of_an_earlier_version_is_not_read_before_it_is_todays(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("luigi.plugins.stores.sqlite.schema.MIGRATIONS", NEXT)
    with (
        closing(sqlite3.connect(written, isolation_level=None)) as connection,
        pytest.raises(StoreError, match="made by an older luigi-kernel"),
    ):
        require(connection, written)


# --- ends and shortages ----------------------------------------------------------------------------------------------

APPENDING = """
import sys
from pathlib import Path
from luigi.plugins.stores.sqlite.store import SqliteStore

store = SqliteStore(Path(sys.argv[1]), synchronous=sys.argv[2])
assert store.claim()
number = max([number for number, _ in store.load().entries], default=0)
while True:
    number += 1
    store.append([(number, "text")])
    print(number, flush=True)
"""


@pytest.mark.parametrize("synchronous", ["full", "normal"])
def test_what_was_kept_survives_being_killed(open_sqlite: Opens, state_path: Path, synchronous: str) -> None:
    said = 0
    for _ in range(5):
        command = [sys.executable, "-c", APPENDING, str(state_path), synchronous]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            lines = [process.stdout.readline() for _ in range(50)]
            process.send_signal(signal.SIGKILL)
            lines += process.stdout.readlines()
        said = max(said, *(int(line) for line in lines if line.endswith("\n")))
    assert said >= 250
    there = [number for number, _ in open_sqlite().load().entries]
    assert there == [*range(1, len(there) + 1)]
    assert len(there) >= said
    assert open_sqlite().claim(), "a dead process has no lock"


FILLING = """
import resource, signal, sys
from pathlib import Path
from luigi.errors import StoreAway
from luigi.plugins.stores.sqlite.store import SqliteStore

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = SqliteStore(Path(sys.argv[1]))
store.append([(1, "one")])
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, most))
number = 1
try:
    while number < 1_000:
        store.append([(number + 1, "x" * 10_000)])
        number += 1
except StoreAway as error:
    print("away:", error)
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
store.append([(number + 1, "x" * 10_000)])
print([kept for kept, _ in store.load().entries] == list(range(1, number + 2)), store.claim())
"""


def test_a_full_disk_is_waited_out(state_path: Path) -> None:
    command = [sys.executable, "-c", FILLING, str(state_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].startswith(f"away: the state in {state_path} cannot be used at the moment")
    assert done.stdout.splitlines()[1] == "True True"


def test_a_busy_file_is_waited_for_and_then_out_of_reach(
    open_sqlite: Opens, state_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("luigi.plugins.stores.sqlite.store.WAIT", 0.1)
    store = open_sqlite()
    assert store.claim()
    with closing(sqlite3.connect(state_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreAway, match="locked"):
            store.append([(1, "one")])
        other.execute("ROLLBACK")
    store.append([(1, "one")])
    assert list(store.load().entries) == [(1, "one")]


def test_a_file_whose_pages_are_mixed_up_is_not_written_to(open_sqlite: Opens, written: Path) -> None:
    content = bytearray(written.read_bytes())
    content[4096 * 2 : 4096 * 2 + 200] = b"\xff" * 200
    written.write_bytes(content)
    with pytest.raises(StoreError, match="damaged") as raised:
        open_sqlite().claim()
    assert not isinstance(raised.value, StoreAway)
    assert written.read_bytes() == bytes(content)
