"""Real services in tests: a test marked `service("NAME")` gets the fixture `NAME_service`, which starts the server.

Such a fixture skips, saying why, where the server is not installed. With `--require-services` (as in CI) that skip is a
failure: what was promised to be tested must not go untested in silence.

Task classes that a test defines are forgotten after it: their names are free again for the next.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import subprocess
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from luigi.setup_logging import InterfaceLogging
from luigi.task import Task
from luigi.task_register import Register

PEER = Path(os.environ.get("LUIGI_PEER", Path(__file__).parents[1] / ".venv-peer"))
"""The environment with the released Luigi: `make .venv-peer/.stamp` makes it."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--require-services",
        action="store_true",
        help="fail, rather than skip, a test whose real server is not there",
    )


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
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program, "--address", "127.0.0.1", "--port", str(port), "--state-path", folder / "state"]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=folder, env=without_settings(), stdout=log, stderr=log)
    try:
        wait_until_it_listens(server, port, folder / "log")
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def without_settings() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith(("LUIGI", "PYTHON"))}


def wait_until_it_listens(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(600):
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), 1):
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            pytest.fail(f"luigid ended with {server.wait(timeout=0.05)}: {log.read_text()}")
    pytest.fail(f"luigid does not listen: {log.read_text()}")
