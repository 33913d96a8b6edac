"""Real databases for histories: a server for all tests, a database of its own for each.

The servers run as users of their own, who may not enter pytest's folders.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from luigi.clock import SYSTEM

POSTGRES = [Path("/usr/lib/postgresql/15/bin"), *map(Path, ("/usr/local/bin", "/usr/bin"))]
NUMBERS = itertools.count(1)


class Server:
    """A database server that can be stopped and started again."""

    def __init__(self, command: list[str], user: str, port: int, url: str, log: Path) -> None:
        self._command, self._user, self.port, self.url, self._log = command, user, port, url, log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Return once it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log, **as_user(self._user))
        engine = create_engine(self.url)
        for _ in range(200):
            try:
                with engine.connect():
                    return
            except DBAPIError:
                if self._process.poll() is not None:
                    break
                SYSTEM.sleep(0.1)
        pytest.fail(f"{self._command[0]} does not answer: {self._log.read_text()[-2000:]}")

    def stop(self) -> None:
        """Return once it has ended."""
        if self._process is not None:
            fast = signal.SIGINT if self._user == "postgres" else signal.SIGTERM  # not waiting for connections
            self._process.send_signal(fast)
            self._process.wait(timeout=30)

    def new_database(self) -> str:
        """The address of an empty one."""
        name = f"history_{next(NUMBERS)}"
        with create_engine(self.url, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        return self.url.rpartition("/")[0] + f"/{name}"


@contextmanager
def running(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        server.stop()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def folder_of(user: str, folder: Path) -> Path:
    """A folder in `folder` for a server of that user."""
    folder.chmod(0o755)
    data = folder / "data"
    data.mkdir()
    if os.geteuid() == 0:
        shutil.chown(data, user)
    return data


def as_user(user: str) -> dict[str, Any]:
    """For a subprocess: these servers refuse to run as root."""
    return {"user": user, "group": user, "extra_groups": []} if os.geteuid() == 0 else {}


@contextmanager
def postgres(folder: Path) -> Iterator[Server]:
    programs = next((place for place in POSTGRES if (place / "initdb").exists()), None)
    if programs is None:
        pytest.skip("there is no PostgreSQL: apt install postgresql")
    data, port = folder_of("postgres", folder), free_port()
    make = [str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C"]
    subprocess.run(make, check=True, capture_output=True, cwd=folder, **as_user("postgres"))
    command = [str(programs / "postgres"), "-D", str(data), "-p", str(port), "-c", "listen_addresses=127.0.0.1"]
    command += ["-c", f"unix_socket_directories={data}", "-c", "fsync=off"]
    url = f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    with running(Server(command, "postgres", port, url, folder / "log")) as server:
        yield server


@contextmanager
def mariadb(folder: Path) -> Iterator[Server]:
    program = shutil.which("mariadbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")  # not everybody's PATH has that
    if program is None:
        pytest.skip("there is no MariaDB: apt install mariadb-server")
    data, port = folder_of("mysql", folder), free_port()
    make = ["mariadb-install-db", "--no-defaults", "--user=mysql", f"--datadir={data}", "--skip-test-db"]
    subprocess.run([*make, "--auth-root-authentication-method=normal"], check=True, capture_output=True)
    command = [program, "--no-defaults", "--user=mysql", f"--datadir={data}", "--bind-address=127.0.0.1"]
    command += [f"--port={port}", f"--socket={data}/s.sock", f"--pid-file={data}/pid"]
    url = f"mysql+mysqlconnector://root@127.0.0.1:{port}/mysql"
    with running(Server(command, "mysql", port, url, folder / "log")) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_service() -> Iterator[Server]:
    """PostgreSQL on a port of 127.0.0.1."""
    with TemporaryDirectory(prefix="luigi-postgres-") as folder, postgres(Path(folder)) as server:
        yield server


@pytest.fixture(scope="session")
def mariadb_service() -> Iterator[Server]:
    """MariaDB on a port of 127.0.0.1."""
    with TemporaryDirectory(prefix="luigi-mariadb-") as folder, mariadb(Path(folder)) as server:
        yield server


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgres", marks=pytest.mark.service("postgres")),
        pytest.param("mariadb", marks=pytest.mark.service("mariadb")),
    ]
)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, as `[task_history] db_connection` takes it; of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/history.db"
    url: str = request.getfixturevalue(f"{request.param}_service").new_database()
    return url


@pytest.fixture
def rows(database: str) -> Iterator[Callable[[str], list[tuple[object, ...]]]]:
    """What a statement finds in the database."""
    engine = create_engine(database)

    def ask(statement: str) -> list[tuple[object, ...]]:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    yield ask
    engine.dispose()
