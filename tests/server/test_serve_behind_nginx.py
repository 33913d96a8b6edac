"""The recipe of docs/deploying.md with a real nginx: TLS, a path prefix, and the server behind it."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from luigi.testing.ports import free_port

DEPLOYING = Path(__file__).parents[2] / "docs" / "deploying.md"
HOST = "pipelines.example.com"
PATIENCE = 30

CONFIGURATION = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
worker_processes 1;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {server}
}}
"""


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: str


@pytest.fixture(scope="session")
def nginx_service() -> str:
    """The program."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/sbin")
    if not found or not shutil.which("openssl"):
        pytest.skip("nginx and openssl are not installed: apt-get install nginx-light openssl")
    return found


class Proxy:
    """nginx by the recipe, before a server at `port`."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.behind = folder, port
        self.port = free_port()
        names = f"subjectAltName=DNS:{HOST},IP:127.0.0.1"
        made = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={HOST} -addext {names}"
        files = ["-keyout", str(folder / "key"), "-out", str(folder / "certificate")]
        subprocess.run([*made.split(), *files], check=True, capture_output=True, timeout=PATIENCE)
        self.context = ssl.create_default_context(cafile=str(folder / "certificate"))

    def configuration(self) -> str:
        """The block of the page, with this machine's ports and files."""
        (block,) = re.findall(r"^```text\n(server \{\n.*?^\})\n```$", DEPLOYING.read_text(), re.MULTILINE | re.DOTALL)
        for asked, given in (
            ("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl"),
            ("/etc/ssl/certs/pipelines.pem", f"{self.folder}/certificate"),
            ("/etc/ssl/private/pipelines.key", f"{self.folder}/key"),
            ("127.0.0.1:8082", f"127.0.0.1:{self.behind}"),
        ):
            assert asked in block
            block = block.replace(asked, given)
        return CONFIGURATION.format(folder=self.folder, server=block)

    @contextlib.contextmanager
    def running(self, program: str) -> Iterator[None]:
        (self.folder / "nginx.conf").write_text(self.configuration())
        command = [program, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-e", "stderr"]
        with subprocess.Popen(command, stderr=subprocess.PIPE) as proxy:
            try:
                self._wait(proxy)
                yield
            finally:
                proxy.terminate()
                proxy.wait(PATIENCE)

    def _wait(self, proxy: subprocess.Popen[bytes]) -> None:
        for _ in range(PATIENCE * 20):
            with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = proxy.wait(0.05)
                assert proxy.stderr is not None
                pytest.fail(f"nginx ended with {code}: {proxy.stderr.read().decode()}")
        pytest.fail("nginx does not listen")

    def ask(self, method: str, path: str, *, token: str = "", body: str | None = None, **headers: str) -> Answer:
        line = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.context, timeout=PATIENCE)
        known = {name.replace("_", "-"): value for name, value in headers.items()} | {"Host": HOST}
        if token:
            known["Authorization"] = "Basic " + base64.b64encode(f"me:{token}".encode()).decode()
        line.request(method, path, body, known)
        answer = line.getresponse()
        return Answer(answer.status, answer.headers, answer.read().decode())


@pytest.fixture
def proxied(start_server: Callable[..., Any], nginx_service: str, tmp_path: Path) -> Iterator[tuple[Any, Proxy]]:
    """A guarded server by the recipe, and the proxy before it."""
    (recipe,) = re.findall(r"^```cfg file=luigi.cfg\n(.*?)```$", DEPLOYING.read_text(), re.MULTILINE | re.DOTALL)
    assert "tokens_file = /etc/luigi/tokens\n" in recipe
    server = start_server(config=recipe.replace("tokens_file = /etc/luigi/tokens\n", ""), tokens=True)
    folder = tmp_path / "nginx"
    folder.mkdir()
    proxy = Proxy(folder, server.port)
    with proxy.running(nginx_service):
        yield server, proxy


@pytest.mark.service("nginx")
def test_the_first_page(proxied: tuple[Any, Proxy]) -> None:
    server, proxy = proxied
    bare = proxy.ask("GET", "/luigi")
    assert bare.status == 301
    assert bare.headers["Location"].endswith("/luigi/")
    way = proxy.ask("GET", "/luigi/")
    assert (way.status, way.headers["Location"]) == (302, "static/visualiser/index.html")
    page = proxy.ask("GET", f"/luigi/{way.headers['Location']}", token=server.tokens["viewer"])
    assert page.status == 200
    assert 'href="../../pages/static/page.css"' in page.body
    style = proxy.ask("GET", "/luigi/pages/static/page.css")
    assert (style.status, style.headers.get_content_type()) == (200, "text/css")


@pytest.mark.service("nginx")
def test_a_worker_behind_the_proxy(proxied: tuple[Any, Proxy]) -> None:
    server, proxy = proxied
    said = f"data={json.dumps({'worker': 'w', 'task_id': 'Proxied_1', 'family': 'Proxied', 'params': {}})}"
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    refused = proxy.ask("POST", "/luigi/api/add_task", token=server.tokens["viewer"], body=said, **form)
    assert refused.status == 403
    assert proxy.ask("POST", "/luigi/api/add_task", body=said, **form).status == 401
    taken = proxy.ask("POST", "/luigi/api/add_task", token=server.tokens["worker"], body=said, **form)
    assert (taken.status, json.loads(taken.body)) == (200, {"response": None})


@pytest.mark.service("nginx")
def test_other_sites_pages_change_nothing(proxied: tuple[Any, Proxy]) -> None:
    server, proxy = proxied
    form = {"Content_Type": "application/x-www-form-urlencoded", "token": server.tokens["operator"]}
    for origin, status in (("https://evil.example", 403), (f"https://{HOST}", 200)):
        answer = proxy.ask("POST", "/luigi/api/pause", body="data={}", Origin=origin, **form)
        assert answer.status == status, origin


@pytest.mark.service("nginx")
def test_a_path_that_the_proxy_cuts_off(start_server: Callable[..., Any], nginx_service: str, tmp_path: Path) -> None:
    server = start_server("--url-prefix", "/luigi", "--allowed-hosts", HOST)
    proxy = Proxy(tmp_path, server.port)
    whole = Proxy.configuration(proxy)
    proxy.configuration = lambda: whole.replace(f"{server.port};", f"{server.port}/;")  # type: ignore[method-assign]
    with proxy.running(nginx_service):
        assert proxy.ask("GET", "/luigi/healthz").status == 200
        assert proxy.ask("GET", "/luigi/static/visualiser/index.html").status == 200
