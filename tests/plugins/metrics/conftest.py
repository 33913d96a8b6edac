"""What metrics are sent to and fetched by: a real Prometheus, a real Pushgateway, and a socket for datagrams."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from luigi.clock import SYSTEM
from luigi.testing.ports import free_port
from luigi.testing.udp_sink import UdpSink


@contextlib.contextmanager
def running(command: list[str], url: str, log: Path) -> Iterator[None]:
    """A server, from when `url` answers."""
    with log.open("w") as out:
        server = subprocess.Popen(command, cwd=log.parent, stdout=out, stderr=out)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), urlopen(url, timeout=1):
                break
            assert server.poll() is None, log.read_text()
            SYSTEM.sleep(0.05)
        else:
            pytest.fail(f"{command[0]} does not answer: {log.read_text()}")
        yield
    finally:
        server.terminate()
        server.wait(timeout=30)


class Prometheus(NamedTuple):
    """A server that scrapes one port, five times a second."""

    port: int
    scraped: int
    """The port it scrapes."""

    def value(self, query: str) -> float | None:
        """What the query gives now; None for nothing."""
        with urlopen(f"http://127.0.0.1:{self.port}/api/v1/query?query={quote(query)}", timeout=5) as answer:
            found: list[Any] = json.load(answer)["data"]["result"]
        return float(found[0]["value"][1]) if found else None

    def wait_for(self, query: str, value: float) -> None:
        """Until the query gives this value. Fails after twenty seconds."""
        for _ in range(200):
            if self.value(query) == value:
                return
            SYSTEM.sleep(0.1)
        pytest.fail(f"{query} is {self.value(query)}, not {value}")


PROMETHEUS = """
global: {{scrape_interval: 200ms, evaluation_interval: 1m}}
scrape_configs:
  - job_name: luigi
    static_configs: [{{targets: ["127.0.0.1:{target}"]}}]
"""


@pytest.fixture
def prometheus_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """A Prometheus with a data base of its own."""
    program = shutil.which("prometheus")
    if program is None:
        pytest.skip("prometheus is not installed: apt-get install prometheus")
    folder = tmp_path_factory.mktemp("prometheus")
    port, target = free_port(), free_port()
    (folder / "config.yml").write_text(PROMETHEUS.format(target=target))
    command = [
        program,
        f"--config.file={folder / 'config.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with running(command, f"http://127.0.0.1:{port}/-/ready", folder / "log"):
        yield Prometheus(port, target)


@pytest.fixture
def pushgateway_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Pushgateway."""
    program = shutil.which("prometheus-pushgateway") or shutil.which("pushgateway")
    if program is None:
        pytest.skip("the Pushgateway is not installed: apt-get install prometheus-pushgateway")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with running(
        [program, f"--web.listen-address=127.0.0.1:{port}"],
        f"{url}/-/ready",
        tmp_path_factory.mktemp("pushgateway") / "log",
    ):
        yield url


@pytest.fixture
def datagrams() -> Iterator[UdpSink]:
    """A listener for what StatsD would get."""
    with UdpSink() as sink:
        yield sink
