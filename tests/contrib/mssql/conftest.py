"""Stands in for SQL Server, of which there is none to be had: the parts of its protocol, TDS 7.4, that pymssql needs.

The real driver talks to it. Statements are carried out by SQLite, after the few words of T-SQL that SQLite writes in
another way are put in that; errors have SQL Server's numbers.
"""

from __future__ import annotations

import re
import socketserver
import sqlite3
import struct
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from luigi.contrib._sql import connecting
from luigi.testing import FakeClock

DATABASE, USER, PASSWORD = "shop", "loader", "secret-password"
READER = "reader"
"""May read, and nothing else."""

PRELOGIN, LOGIN, BATCH, ATTENTION, ANSWER = 0x12, 0x10, 0x01, 0x06, 0x04
ENCRYPTION_NOT_SUPPORTED = 2
DONE_WITH_ERROR, DONE_WITH_COUNT, DONE_WITH_ATTENTION = 0x02, 0x10, 0x20

WORDS = [
    (r"\bN'", "'"),
    (r"\bGETDATE\(\)", "CURRENT_TIMESTAMP"),
    (r"\bNOT NULL IDENTITY\(1,1\)", ""),
    (r"\bCOLLATE Latin1_General_BIN2\b", "COLLATE BINARY"),
    (r"^BEGIN TRAN\b", "BEGIN IMMEDIATE"),
    (r"^(COMMIT|ROLLBACK) TRAN\b", r"\1"),
]

BRACKETED = re.compile(r"\[(?:[^\]]|\]\])*\]")
NAMED = re.compile(rf"'(?:[^']|'')*'|(?:\[shop\]\.(?:\[dbo\])?\.|\[dbo\]\.)?({BRACKETED.pattern})|\bdbo\.")
"""A text, which stays as it is, or a name, before which the usual database and schema go without saying."""

ERRORS = [
    (r"no such table", 208, 16),
    (r"already exists", 2714, 16),
    (r"UNIQUE constraint failed", 2627, 14),
    (r"", 102, 15),
]
"""What SQLite says, and the number and the severity that this has in SQL Server."""


class Refusal(Exception):
    """Its number, its severity, and what it says."""


class StandIn(socketserver.ThreadingTCPServer):
    """A server with a database, and beside its tables those of a schema `audit`."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.folder = folder
        self.logins: list[tuple[str, str, str]] = []
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def ask(self, statement: str) -> list[Any]:
        """Behind the protocol's back."""
        with closing(database(self.folder)) as connection:
            return connection.execute(statement).fetchall()


def database(folder: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(folder / "main.db", isolation_level=None, timeout=20, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"ATTACH '{folder / 'audit.db'}' AS audit")
    return connection


class Session(socketserver.StreamRequestHandler):
    """One connection."""

    server: StandIn

    def handle(self) -> None:
        self.database = database(self.server.folder)
        self.database.create_function("OBJECT_ID", 2, self.object_id)
        self.user = ""
        try:
            while (message := self.message()) is not None:
                self.send(self.answer(*message))
        finally:
            self.database.close()

    def message(self) -> tuple[int, bytes] | None:
        """The kind of the next message, and what is in it; None at the end."""
        whole = b""
        while True:
            header = self.rfile.read(8)
            if not header:
                return None
            kind, status, length = struct.unpack(">BBH", header[:4])
            whole += self.rfile.read(length - 8)
            if status & 1:
                return kind, whole

    def send(self, answer: bytes) -> None:
        self.request.sendall(struct.pack(">BBHHBB", ANSWER, 1, len(answer) + 8, 0, 1, 0) + answer)

    # --- what is asked -------------------------------------------------------------------------------------------

    def answer(self, kind: int, message: bytes) -> bytes:
        try:
            if kind == PRELOGIN:
                table = struct.pack(">BHHBHHB", 0, 11, 6, 1, 17, 1, 0xFF)
                return table + bytes([16, 0, 0, 0, 0, 0, ENCRYPTION_NOT_SUPPORTED])
            if kind == LOGIN:
                return self.login(message)
            if kind == BATCH:
                (headers,) = struct.unpack_from("<I", message)
                return self.carried_out(message[headers:].decode("utf-16-le"))
            assert kind == ATTENTION
            return done(DONE_WITH_ATTENTION)
        except Refusal as refusal:
            return error(refusal) + done(DONE_WITH_ERROR)

    def login(self, message: bytes) -> bytes:
        self.user, password, name = (text_at(message, place) for place in (40, 44, 68))
        self.server.logins.append((self.user, clear(password), name))
        if self.user not in (USER, READER) or clear(password) != PASSWORD:
            raise Refusal(18456, 14, f"Login failed for user '{self.user}'.")
        if name != DATABASE:
            raise Refusal(4060, 11, f'Cannot open database "{name}" requested by the login. The login failed.')
        named = bytes([1]) + struct.pack(">I", 0x74000004) + short("Stand-in") + bytes([16, 0, 0, 0])
        return b"\xad" + struct.pack("<H", len(named)) + named + done()

    def carried_out(self, statement: str) -> bytes:
        if re.match(r"(?i)set |use ", statement):
            return done()
        if self.user == READER and not statement.startswith("SELECT"):
            raise Refusal(229, 14, "The INSERT permission was denied on the object 'table_updates'.")
        for tsql, word in WORDS:
            statement = re.sub(tsql, word, statement)
        try:
            cursor = self.database.execute(NAMED.sub(in_quotes, statement))
        except sqlite3.Error as failed:
            number, severity = next(known[1:] for known in ERRORS if re.search(known[0], str(failed)))
            raise Refusal(number, severity, str(failed)) from failed
        rows = cursor.fetchall()
        if cursor.description is None:
            return done(DONE_WITH_COUNT, max(cursor.rowcount, 0))
        return columns(len(cursor.description)) + b"".join(map(row, rows)) + done(DONE_WITH_COUNT, len(rows))

    def object_id(self, name: str, kind: str) -> int | None:
        """Of a table, by its quoted name."""
        assert kind == "U"
        parts = [unquoted(part) for part in BRACKETED.findall(name)]
        schema = "audit" if parts[-2:-1] == ["audit"] else "main"
        # Not by this connection: a function may not use the one that it is called by.
        with closing(database(self.server.folder)) as other:
            found = other.execute(f"SELECT rowid FROM {schema}.sqlite_master WHERE name = ?", parts[-1:]).fetchone()
        return found and found[0]


# --- what is answered ------------------------------------------------------------------------------------------------


def text_at(message: bytes, place: int) -> str:
    offset, length = struct.unpack_from("<HH", message, place)
    return message[offset : offset + 2 * length].decode("utf-16-le", "surrogatepass")


def clear(password: str) -> str:
    """A password as it was typed: what is sent has its half-bytes swapped, and some bits turned."""
    turned = [byte ^ 0xA5 for byte in password.encode("utf-16-le", "surrogatepass")]
    return bytes((byte >> 4 | byte << 4) & 0xFF for byte in turned).decode("utf-16-le")


def in_quotes(found: re.Match[str]) -> str:
    if found[1]:
        return '"' + unquoted(found[1]).replace('"', '""') + '"'
    return "" if found[0] == "dbo." else found[0]


def unquoted(name: str) -> str:
    return name[1:-1].replace("]]", "]")


def short(text: str) -> bytes:
    return bytes([len(text)]) + text.encode("utf-16-le")


def long(text: str) -> bytes:
    return struct.pack("<H", len(text)) + text.encode("utf-16-le")


def done(status: int = 0, count: int = 0) -> bytes:
    return b"\xfd" + struct.pack("<HHQ", status, 0, count)


def error(refusal: Refusal) -> bytes:
    number, severity, said = refusal.args
    facts = struct.pack("<iBB", number, 1, severity)
    body = facts + long(said) + short("stand-in") + short("") + struct.pack("<I", 1)
    return b"\xaa" + struct.pack("<H", len(body)) + body


def columns(count: int) -> bytes:
    one = struct.pack("<IHBH5s", 0, 1, 0xE7, 8000, b"\x09\x04\xd0\x00\x34") + short("value")
    return b"\x81" + struct.pack("<H", count) + one * count


def row(values: tuple[Any, ...]) -> bytes:
    return b"\xd1" + b"".join(map(value, values))


def value(one: Any) -> bytes:
    if one is None:
        return b"\xff\xff"
    written = str(one).encode("utf-16-le")
    return struct.pack("<H", len(written)) + written


@pytest.fixture
def sql_server(tmp_path: Path) -> Iterator[StandIn]:
    """What pymssql takes for SQL Server."""
    server = StandIn(tmp_path)
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """The time between attempts to connect."""
    clock = FakeClock()
    monkeypatch.setattr(connecting, "SYSTEM", clock)
    return clock
