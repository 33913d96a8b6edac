"""Stands in for Presto and Trino, of which there is none to be had: the routes of their HTTP by which queries run.

The real client, PyHive, talks to it. Statements are carried out by SQLite, which knows a database `warehouse` in the
catalog `hive`; each takes as many looks as `looks` says, and one with the word FOREVER takes any number.
"""

from __future__ import annotations

import base64
import datetime
import json
import re
import sqlite3
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from luigi.testing.ports import free_port

USER, PASSWORD = "me", "secret-password"
STATEMENT = "/v1/statement"
PAGE = 2
"""How many rows are in an answer."""


class Sent(NamedTuple):
    """A request, as it came."""

    method: str
    path: str
    text: str
    headers: dict[str, str]


class StandIn(ThreadingHTTPServer):
    """A server. `name` is what its headers are called by: Presto, or Trino."""

    daemon_threads = True

    def __init__(self, folder: Path, certificate: Path | None = None, name: str = "Presto") -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.name = name
        self.sent: list[Sent] = []
        self.looks = 2
        self.failing: list[int] = []
        """The statuses that the next requests are answered with; 0 for no answer, but the end of the connection."""
        self.protocol, self.is_guarded = "http", certificate is not None
        if certificate is not None:
            self.protocol = "https"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)
        self.queries: dict[str, Iterator[dict[str, Any]]] = {}
        self.cancelled: list[str] = []
        self.begun = threading.Event()
        """Set once somebody has looked at a query."""
        self.database = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self.database.execute("ATTACH ':memory:' AS warehouse")
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"{self.protocol}://127.0.0.1:{self.port}"

    @property
    def statements(self) -> list[str]:
        return [one.text for one in self.sent if one.method == "POST"]

    def ask(self, statement: str) -> list[Any]:
        """Behind the protocol's back."""
        return self.database.execute(statement).fetchall()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: some clients do not trust the certificate, and some are killed."""

    # --- the protocol --------------------------------------------------------------------------------------------

    def answer(self, sent: Sent) -> tuple[int, Any]:
        self.sent.append(sent)
        if self.failing:
            return self.failing.pop(0), "for now"
        login = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.is_guarded and sent.headers.get("Authorization") != f"Basic {login}":
            return 401, "Access Denied: Invalid credentials"
        if sent.method == "POST":
            return self.begin(sent)
        name = sent.path.removeprefix(f"{STATEMENT}/").split("/")[0]
        if sent.method == "DELETE":
            self.cancelled.append(name)
            self.queries.pop(name, None)
            return 204, None
        self.begun.set()
        return 200, next(self.queries[name])

    def begin(self, sent: Sent) -> tuple[int, Any]:
        if f"X-{self.name}-User" not in sent.headers:
            return 400, f"Catalog and schema must be set by X-{self.name} headers"
        name = f"query-{len(self.queries) + len(self.cancelled)}"
        self.queries[name] = self.steps(name, sent.text)
        return 200, next(self.queries[name])

    def steps(self, name: str, statement: str) -> Iterator[dict[str, Any]]:
        following = {"id": name, "nextUri": f"{self.url}{STATEMENT}/{name}/next"}
        shown = {"infoUri": f"{self.url}/ui/{name}"}
        yield {**following, "stats": {"state": "QUEUED"}}
        look = 0
        while "FOREVER" in statement or look < self.looks:
            done = 100 * look / max(1, self.looks)
            yield {**following, **shown, "stats": {"state": "RUNNING", "progressPercentage": min(done, 99.0)}}
            look += 1
        ended = {"id": name, **shown, "stats": {"state": "FINISHED"}}
        try:
            cursor = self.database.execute(self.in_sqlite(statement))
        except sqlite3.Error as error:
            yield {**ended, "stats": {"state": "FAILED"}, "error": described(str(error))}
            return
        rows = cursor.fetchall()
        columns = {"columns": [{"name": one[0], "type": "varchar"} for one in cursor.description or [("rows",)]]}
        while rows[PAGE:]:
            yield {**following, **shown, **columns, "data": rows[:PAGE], "stats": {"state": "RUNNING"}}
            del rows[:PAGE]
        yield {**ended, **columns, **({"data": rows} if rows else {})}

    def in_sqlite(self, statement: str) -> str:
        return re.sub(r"\bdate (?=')", "", statement).replace('"hive".', "")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: StandIn

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        status, answer = self.server.answer(Sent(self.command, self.path, text, dict(self.headers)))
        body = b"" if answer is None else answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
        if not status:
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_DELETE = do_POST

    def log_message(self, *args: Any) -> None:
        """Nothing: `sent` has it."""


def described(said: str) -> dict[str, Any]:
    """An error of SQLite's, as the server would put it."""
    table = re.search(r"no such table: (.*)", said)
    if table:
        message = f"line 1:15: Table 'hive.{table[1]}' does not exist"
        return {"message": message, "errorCode": 46, "errorName": "TABLE_NOT_FOUND", "errorType": "USER_ERROR"}
    if 'near "."' in said:  # behind a third part of a name, which SQLite does not have
        message = "line 1:15: Catalog 'other' does not exist"
        return {"message": message, "errorCode": 44, "errorName": "CATALOG_NOT_FOUND", "errorType": "USER_ERROR"}
    return {"message": said, "errorCode": 1, "errorName": "SYNTAX_ERROR", "errorType": "USER_ERROR"}


@pytest.fixture
def presto_server(tmp_path: Path) -> Iterator[StandIn]:
    """What PyHive takes for Presto, without TLS."""
    server = StandIn(tmp_path)
    yield server
    ended(server)


@pytest.fixture
def trino_server(tmp_path: Path) -> Iterator[StandIn]:
    """What PyHive takes for Trino, without TLS."""
    server = StandIn(tmp_path, name="Trino")
    yield server
    ended(server)


@pytest.fixture
def guarded_server(tmp_path: Path, certificate: Path) -> Iterator[StandIn]:
    """One with TLS, that wants a password."""
    server = StandIn(tmp_path, certificate)
    yield server
    ended(server)


def ended(server: StandIn) -> None:
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a certificate for 127.0.0.1, signed by itself, and its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "stand-in")])
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - day, now + day)
    made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False)
    signed = made.sign(key, hashes.SHA256())
    clear = serialization.NoEncryption()
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    file = tmp_path_factory.mktemp("certificate") / "server.pem"
    file.write_bytes(signed.public_bytes(pem) + key.private_bytes(pem, form, clear))
    return file


@pytest.fixture
def closed_url() -> str:
    """Where nobody listens."""
    return f"http://127.0.0.1:{free_port()}"
