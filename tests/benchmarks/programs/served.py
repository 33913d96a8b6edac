"""Starts the scheduler's server for a measured program, by `luigid`, which both have, and says what it uses."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 120.0


class Server:
    """A running server, and what it has used so far."""

    def __init__(self, folder: Path, port: int, config: str) -> None:
        self.url = f"http://127.0.0.1:{port}/"
        self.port = port
        self._folder = folder
        self.config = folder / "luigi.cfg"
        self.config.write_text(config)

    def start(self) -> float:
        """Start it; seconds until it answers."""
        began = time.perf_counter()
        command = [Path(sys.executable).parent / "luigid", "--address", "127.0.0.1", "--port", str(self.port)]
        environment = {**os.environ, "LUIGI_CONFIG_PATH": str(self.config)}
        with open(self._folder / "log", "ab") as log:
            self._process = subprocess.Popen(
                [*command, "--state-path", str(self._folder / "state.pickle")], stdout=log, stderr=log, env=environment
            )
        while time.perf_counter() - began < PATIENCE:
            with suppress(OSError), closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
                connection.request("HEAD", "/")
                connection.getresponse().read()
                return time.perf_counter() - began
            if self._process.poll() is not None:
                break
            time.sleep(0.01)
        raise SystemExit(f"the server does not listen: {(self._folder / 'log').read_text()[-2000:]}")

    def kill(self) -> None:
        """End it as a crash would."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> float:
        """End it as an operator does; seconds until it has kept all and is gone."""
        began = time.perf_counter()
        self._process.terminate()
        self._process.wait()
        return time.perf_counter() - began

    @property
    def cpu(self) -> float:
        """Seconds of CPU it has used, user and system."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    @property
    def resident(self) -> int:
        """Bytes of memory it holds."""
        pages = Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def server(config: str = "", folder: str | None = None) -> Iterator[Server]:
    """A server of its own, with `config` as its luigi.cfg. `folder`: where it keeps its state, by default where
    temporary files of the run go."""
    with socket.socket() as free, tempfile.TemporaryDirectory(dir=folder) as place:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        running = Server(Path(place), port, config)
        running.start()
        try:
            yield running
        finally:
            running.kill()
