"""Starts a database server for a measured program: PostgreSQL or MariaDB, as Debian installs them, in a new folder."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

POSTGRES = Path("/usr/lib/postgresql/15/bin")
PATIENCE = 60.0


@contextmanager
def postgres(*, fsync: bool = False) -> Iterator[int]:
    """The port of a server with a database and a user `postgres`. `fsync`: whether what it has committed survives the
    machine's end."""
    with folder_of("postgres") as folder:
        port = free_port()
        make = [POSTGRES / "initdb", "-D", folder / "data", "-A", "trust", "-U", "postgres", "-E", "UTF8"]
        subprocess.run([*make, "--locale=C"], check=True, capture_output=True, **as_user("postgres"))
        options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": folder}
        options["fsync"] = "on" if fsync else "off"
        switches = [f"--{name}={value}" for name, value in options.items()]
        command = [POSTGRES / "postgres", "-D", folder / "data", "-p", str(port), *switches]
        with running(command, "postgres", port, folder / "log"):
            yield port


@contextmanager
def mariadb() -> Iterator[int]:
    """The port of a server with a user `root` and a database `loads`."""
    with folder_of("mysql") as folder:
        port, socket_path = free_port(), folder / "s.sock"
        make = ["mariadb-install-db", "--no-defaults", "--user=mysql", f"--datadir={folder / 'data'}", "--skip-test-db"]
        subprocess.run([*make, "--auth-root-authentication-method=normal"], check=True, capture_output=True)
        options = {"datadir": folder / "data", "bind-address": "127.0.0.1", "port": port, "socket": socket_path}
        switches = [f"--{name}={value}" for name, value in options.items()]
        command = ["/usr/sbin/mariadbd", "--no-defaults", "--user=mysql", *switches, f"--pid-file={folder / 'pid'}"]
        with running(command, "mysql", port, folder / "log"):
            ask = ["mariadb", "-uroot", f"-S{socket_path}", "-e", "CREATE DATABASE loads CHARACTER SET utf8mb4"]
            subprocess.run(ask, check=True)
            yield port


@contextmanager
def folder_of(user: str) -> Iterator[Path]:
    """An empty folder of that user, who may not enter the one this program is in."""
    with tempfile.TemporaryDirectory(prefix=f"loads-{user}-") as name:
        if os.geteuid() == 0:
            shutil.chown(name, user)
        yield Path(name)


def as_user(user: str) -> dict[str, Any]:
    """For a subprocess: these servers refuse to run as root."""
    return {"user": user, "group": user, "extra_groups": []} if os.geteuid() == 0 else {}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def running(command: Sequence[Any], user: str, port: int, log: Path) -> Iterator[None]:
    with open(log, "wb") as file:
        server = subprocess.Popen(command, stdout=file, stderr=file, cwd=log.parent, **as_user(user))
    try:
        wait_for(server, port, log)
        yield
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)


def wait_for(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    began = time.perf_counter()
    while server.poll() is None and time.perf_counter() - began < PATIENCE:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            time.sleep(0.5)  # it listens before it answers
            return
        time.sleep(0.05)
    raise SystemExit(f"the server does not listen: {log.read_text()[-2000:]}")
