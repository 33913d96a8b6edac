"""Fixtures for tests of tasks and plugins; pytest finds them by itself where luigi-kernel is installed.

None of them does anything until a test asks for it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from luigi.mock import MockFileSystem
    from luigi.testing.clock import FakeClock
    from luigi.testing.fakes import Recorder
    from luigi.testing.faults import Faults
    from luigi.testing.http_sink import HttpSink
    from luigi.testing.udp_sink import UdpSink

pytest.register_assert_rewrite("luigi.testing.contracts")


@pytest.fixture
def luigi_clock() -> FakeClock:
    """A clock that stands still until it is moved."""
    from luigi.testing.clock import FakeClock

    return FakeClock()


@pytest.fixture
def luigi_config() -> Iterator[Callable[..., None]]:
    """A function that sets options of one section for this test: `luigi_config("worker", keep_alive=True)`."""
    from luigi.configuration import get_config

    parser = type(get_config())
    before = parser._instance
    parser._instance = copy.deepcopy(before)
    try:
        yield _set
    finally:
        parser._instance = before


def _set(section: str, **options: Any) -> None:
    from luigi.configuration import LuigiTomlParser, get_config

    config = get_config()
    for option, value in options.items():
        config.set(section, option, value if isinstance(config, LuigiTomlParser) else _as_text(value))


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.fixture
def luigi_classes() -> Iterator[None]:
    """Task classes, task instances and event handlers that this test makes are forgotten after it."""
    from luigi.task import Task
    from luigi.task_register import Register

    families = {family: list(classes) for family, classes in Register._families.items()}
    handlers = {cls: {event: dict(those) for event, those in of.items()} for cls, of in Task._event_callbacks.items()}
    instances = Register._instances
    Register.clear_instance_cache()
    yield
    Register._families.clear()
    Register._families.update(families)
    Task._event_callbacks.clear()
    Task._event_callbacks.update(handlers)
    Register._instances = instances


@pytest.fixture
def luigi_files() -> Iterator[MockFileSystem]:
    """The file system in memory that `MockTarget`s are on, empty before this test and after it."""
    from luigi.mock import MockFileSystem

    files = MockFileSystem()
    files.clear()
    yield files
    files.clear()


@pytest.fixture
def luigi_recorder() -> Recorder:
    """A plugin that keeps every moment, notice, mail, figure and history it is told; for `plugins=[luigi_recorder]`."""
    from luigi.testing.fakes import Recorder

    return Recorder()


@pytest.fixture
def luigi_faults(tmp_path: Path) -> Faults:
    """A plugin that makes tasks fail: `plugins=[luigi_faults.fail("Load", times=2)]`."""
    from luigi.testing.faults import Faults

    folder = tmp_path / "luigi-faults"
    folder.mkdir()
    return Faults(folder)


@pytest.fixture
def luigi_http_sink() -> Iterator[HttpSink]:
    """An HTTP server on the loopback that keeps what it is sent."""
    from luigi.testing.http_sink import HttpSink

    with HttpSink() as sink:
        yield sink


@pytest.fixture
def luigi_udp_sink() -> Iterator[UdpSink]:
    """A UDP socket on the loopback that keeps what it is sent."""
    from luigi.testing.udp_sink import UdpSink

    with UdpSink() as sink:
        yield sink
