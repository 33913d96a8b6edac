"""A folder with tasks to complete, and an index of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from luigi.clock import SYSTEM

PATIENCE = 60.0

SHOP = '''
import luigi

class Load(luigi.Task):
    """Loads a day."""
    day = luigi.DateParameter(description="which day")
    mode = luigi.ChoiceParameter(choices=["fast", "slow"], default="fast")
    dry = luigi.BoolParameter()

class Report(luigi.Task):
    country = luigi.Parameter(default="CH")
'''


def _filled(shell: Any) -> Any:
    """The shell, in a folder with the module `shop`, the package `stores`, and the run `nightly`."""
    shell.environ["XDG_CACHE_HOME"] = str(shell.directory / "cache")
    shell.write("shop.py", SHOP)
    shell.write("stores/basel.py", SHOP)
    shell.write("luigi.cfg", "[run.nightly]\nmodule = shop\ntask = Load\n")
    return shell


def _offered(shell: Any, *words: str) -> list[str]:
    ended = shell.kernel("completion", "answer", "zsh", *words)
    assert (ended.code, ended.err) == (0, "")
    return [line.partition("\t")[0] for line in ended.out.splitlines()]


def _in_time(shell: Any, wanted: list[str], *words: str) -> list[str]:
    until = SYSTEM.monotonic() + PATIENCE
    found = _offered(shell, *words)
    while found != wanted and SYSTEM.monotonic() < until:
        found = _offered(shell, *words)
    return found


@pytest.fixture(scope="session")
def offered() -> Callable[..., list[str]]:
    """What is offered, by the shell and the words behind `kernel`."""
    return _offered


@pytest.fixture(scope="session")
def offered_in_time() -> Callable[..., list[str]]:
    """The same as soon as it is what is wanted: what a busy machine has not learned in time is there the next time.

    Takes the shell, what is wanted, and the words.
    """
    return _in_time


@pytest.fixture
def shop(shell: Any) -> Any:
    """The folder, of which nothing is known yet."""
    (shell.directory / "tasks.py").unlink()
    return _filled(shell)


@pytest.fixture(scope="session")
def known_shop(tmp_path_factory: pytest.TempPathFactory, shell_in: Any) -> Any:
    """The same, of which all is known: not to be changed."""
    shell = _filled(shell_in(tmp_path_factory.mktemp("shop")))
    assert "shop:" in _in_time(shell, ["nightly", "shop:", "stores."], "run", "")
    for module in ("shop", "stores.basel"):
        assert _in_time(shell, [f"{module}:Load", f"{module}:Report"], "run", f"{module}:")
    return shell
