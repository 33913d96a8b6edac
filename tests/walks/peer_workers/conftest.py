"""The released Luigi's workers as processes, with a server of ours to work for."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
from base64 import b64encode
from collections.abc import Callable, Generator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

import pytest

from luigi.clock import SYSTEM

PEER = Path(os.environ.get("LUIGI_PEER", Path(__file__).parents[3] / ".venv-peer"))
PROGRAMS = Path(__file__).parent

SETTINGS = """
[core]
rpc_retry_wait = 1
rpc_retry_attempts = {attempts}
[worker]
keep_alive = {keep_alive}
wait_interval = 0.1
wait_jitter = 0
ping_interval = 0.2
[retcode]
already_running = 10
missing_data = 20
not_run = 25
task_failed = 30
scheduling_error = 35
unhandled_exception = 40
"""

QUICK = """
[scheduler]
retry_delay = 0.5
worker_disconnect_delay = 5
[server]
tick_interval = 0.1
"""
"""The server's configuration, so that nobody waits for long."""

REQUESTS = ("requests", "urllib3", "certifi", "idna", "charset_normalizer")

Started = subprocess.Popen[str]


class Peer:
    """Luigi's own workers in `folder`, with the server at `url`."""

    def __init__(self, python: str, folder: Path, url: str) -> None:
        self.python, self.folder, self.url = python, folder, url
        self.path = [str(PROGRAMS)]
        self.started: list[Started] = []
        folder.mkdir(exist_ok=True)
        self.settings()

    def settings(self, keep_alive: str = "true", attempts: str = "20") -> None:
        """Configure the workers started from now on."""
        (self.folder / "luigi.cfg").write_text(SETTINGS.format(keep_alive=keep_alive, attempts=attempts))

    def start(self, task: str, *flags: str) -> Started:
        """Start a worker; it goes on beside the test."""
        command = [self.python, "-W", "ignore", "-m", "luigi", "--module", "peer_pipelines", *task.split(), *flags]
        self.started.append(
            subprocess.Popen(
                [*command, "--scheduler-url", self.url],
                cwd=self.folder,
                env={"PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(self.path), "PYTHONDONTWRITEBYTECODE": "1"},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
        return self.started[-1]

    def run(self, task: str, *flags: str, code: int = 0) -> str:
        """Run a worker to its end, which must be with `code`. Gives what it printed."""
        return self.ended(self.start(task, *flags), code)

    def ended(self, worker: Started, *codes: int) -> str:
        """What a worker printed. It must end with one of these, by default 0."""
        printed, _ = worker.communicate(timeout=50)
        assert worker.returncode in (codes or (0,)), printed
        return printed

    def wait_until(self, condition: Callable[[], Any]) -> Any:
        """What `condition` gives, once that is something."""
        end = SYSTEM.monotonic() + 40
        while SYSTEM.monotonic() < end:
            if found := condition():
                return found
            SYSTEM.sleep(0.05)
        raise AssertionError("it did not come to that")

    def ask_as(self, url: str, method: str, **said: Any) -> Any:
        """One of Luigi's calls, by whoever the server's URL names."""
        return call(url, method, said)

    def use_requests(self, folder: Path) -> None:
        """Have them find `requests`, out of this environment."""
        self.path.append(str(with_requests(folder)))

    def has_requests(self) -> bool:
        """Whether they call by `requests`; otherwise by urllib."""
        program = "import luigi.rpc; raise SystemExit(not luigi.rpc.HAS_REQUESTS)"
        environment = {"PYTHONPATH": ":".join(self.path), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run([self.python, "-c", program], env=environment, timeout=50, check=False).returncode == 0

    def runs(self) -> list[str]:
        """What the pipelines have noted."""
        runs = self.folder / "runs"
        return runs.read_text().splitlines() if runs.exists() else []

    def begun(self) -> list[str]:
        """The names of tasks in the order they began."""
        return [line.removeprefix("begin ") for line in self.runs() if line.startswith("begin ")]

    def ask(self, method: str, **said: Any) -> Any:
        """One of Luigi's calls, by somebody who is no worker."""
        return call(self.url, method, said)

    def statuses(self) -> dict[str, str]:
        """Family or name of each task → its status."""
        rows: Mapping[str, Any] = self.ask("task_list", status="", upstream_status="")
        return {row["params"].get("name", row["name"]): row["status"] for row in rows.values()}

    def id_of(self, name: str) -> str:
        """The id of a task that the server knows."""
        (found,) = [key for key, row in self.ask("task_list").items() if row["params"].get("name") == name]
        return str(found)

    def go_on(self, name: str = "go") -> None:
        """Leave the file that a pipeline waits for."""
        (self.folder / name).touch()


def call(url: str, method: str, said: Mapping[str, Any]) -> Any:
    place = urlsplit(url)
    request = Request(
        f"http://{place.hostname}:{place.port}/api/{method}", urlencode({"data": json.dumps(said)}).encode()
    )
    if place.username:
        login = b64encode(f"{place.username}:{place.password}".encode()).decode()
        request.add_header("Authorization", f"Basic {login}")
    with urlopen(request, timeout=30) as answer:
        return json.load(answer)["response"]


@pytest.fixture(scope="session")
def luigi_service() -> str:
    """The interpreter of the environment with the released Luigi."""
    python = PEER / "bin" / "python"
    if not python.exists():
        pytest.skip(f"there is no {python}: run `make peer`, or point LUIGI_PEER at an environment")
    return str(python)


@pytest.fixture
def peer_of(luigi_service: str, tmp_path: Path) -> Generator[Callable[..., Peer], None, None]:
    """Makes Luigi's workers for a server's URL."""
    made: list[Peer] = []

    def make(url: str) -> Peer:
        made.append(Peer(luigi_service, tmp_path / "work", url))
        return made[-1]

    yield make
    for worker in (worker for peer in made for worker in peer.started):
        with suppress(ProcessLookupError):
            worker.kill()
        worker.wait(timeout=30)
        if worker.stdout is not None:
            worker.stdout.close()


@pytest.fixture
def peer(peer_of: Callable[..., Peer], start_server: Any) -> Peer:
    """Luigi's workers with a server of their own, where time passes quickly."""
    return peer_of(start_server(config=QUICK + "[resources]\nbench = 1\n").url)


def with_requests(folder: Path) -> Path:
    """A folder with `requests` and what it needs, out of this environment, for Luigi's workers to import."""
    folder.mkdir()
    for name in REQUESTS:
        found = importlib.util.find_spec(name)
        if found is None or found.origin is None:
            pytest.skip(f"{name} is not installed")
        place = Path(found.origin)
        source = place.parent if place.name == "__init__.py" else place
        (folder / source.name).symlink_to(source)
    return folder
