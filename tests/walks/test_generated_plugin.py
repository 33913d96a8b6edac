"""From `kernel new plugin` to a package that works: written, installed, tested, listed, used, disabled.

The same with examples/plugin_slack, which began so.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from luigi.cli.plugin_writing import KINDS
from luigi.testing.http_sink import HttpSink

EXAMPLE = Path(__file__).parents[2] / "examples/plugin_slack"
NAMES = {kind: f"my-{kind}" for kind in ("command", "notifier", "observer", "target")}
"""tests/core/cli/test_new_command.py runs the tests of every kind, in this environment."""

FAILING = """
import luigi

class Fails(luigi.Task):
    def run(self):
        raise OSError("the stove is cold")
"""


@pytest.fixture(scope="module")
def written(make_environment: Callable[[str], Any], tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    """An environment with plugins of several kinds and the example in it, and the folder they were written to."""
    environment, folder = make_environment("generated"), tmp_path_factory.mktemp("plugins")
    for kind, name in NAMES.items():
        environment.run("kernel", "new", "plugin", name, "--kind", kind, "--into", str(folder))
    shutil.copytree(EXAMPLE, folder / "team-slack", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    environment.install(f"{folder / 'team-slack'}[test]")
    environment.install("setuptools>=77")  # so that not each of the many is built in an environment of its own
    environment.install("--no-build-isolation", *(str(folder / name) for name in NAMES.values()))
    return environment, folder


@pytest.mark.parametrize("name", [*NAMES.values(), "team-slack"])
def test_its_own_tests_pass(written: tuple[Any, Path], name: str) -> None:
    environment, folder = written
    done = environment.run("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=folder / name)
    assert " passed" in done.stdout


def test_all_are_listed(written: tuple[Any, Path], tmp_path: Path) -> None:
    environment, _ = written
    listed = environment.run("kernel", "plugins", "list", cwd=tmp_path).stdout
    for kind, name in NAMES.items():
        (line,) = [line.split() for line in listed.splitlines() if line.startswith(f"{KINDS[kind]}.{name} ")]
        assert line[1] == ("off" if kind == "observer" else "on")
        assert line[-1] == name
    assert environment.run("kernel", "plugins", "check", cwd=tmp_path).stdout.count("failed") == 0


@pytest.mark.parametrize("kind", NAMES)
def test_it_is_ready_or_waits_for_its_settings(written: tuple[Any, Path], tmp_path: Path, kind: str) -> None:
    environment, _ = written
    done = environment.run("kernel", "plugins", "check", NAMES[kind], cwd=tmp_path, code=None)
    expected = (1, "1 unset") if kind == "notifier" else (0, "1 ready")
    assert (done.returncode, done.stdout.splitlines()[-1]) == expected


def test_its_command_is_run(written: tuple[Any, Path], tmp_path: Path) -> None:
    environment, _ = written
    (tmp_path / "stove.py").write_text(FAILING)
    assert environment.run("kernel", "my-command", "stove", cwd=tmp_path).stdout == "Fails\n"


# --- a failing task, and who hears of it ---------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "said"), [("my-notifier", "the stove is cold"), ("team-slack", "*Luigi")])
def test_a_failing_task_is_told_of(written: tuple[Any, Path], tmp_path: Path, name: str, said: str) -> None:
    environment, _ = written
    (tmp_path / "stove.py").write_text(FAILING)
    with HttpSink() as sink:
        (tmp_path / "luigi.cfg").write_text(f"[{name}]\nurl = {sink.url}hook\n")
        environment.run("kernel", "run", "stove:Fails", cwd=tmp_path, code=30)
        (request,) = sink.requests
        assert request.path == "/hook"
        assert "Fails" in request.json()["text"]
        assert said in request.json()["text"]


@pytest.mark.parametrize("name", ["my-notifier", "team-slack"])
def test_one_that_is_disabled_is_silent(written: tuple[Any, Path], tmp_path: Path, name: str) -> None:
    environment, _ = written
    (tmp_path / "stove.py").write_text(FAILING)
    with HttpSink() as sink:
        disabled = f"[core]\ndisabled_plugins = notifiers.{name}\n"
        (tmp_path / "luigi.cfg").write_text(f"{disabled}[{name}]\nurl = {sink.url}hook\n")
        environment.run("kernel", "run", "stove:Fails", cwd=tmp_path, code=30)
        assert sink.requests == []
    listed = environment.run("kernel", "plugins", "list", cwd=tmp_path).stdout
    assert [f"notifiers.{name}", "disabled"] in [line.split() for line in listed.splitlines()]


def test_a_secret_address_is_told_to_nobody(written: tuple[Any, Path], tmp_path: Path) -> None:
    """The receiver is not there: the log says what was not delivered, and not where to."""
    environment, _ = written
    (tmp_path / "stove.py").write_text(FAILING)
    (tmp_path / "luigi.cfg").write_text("[team-slack]\nurl = http://127.0.0.1:9/s3cr3t\n")
    done = environment.run("kernel", "run", "stove:Fails", cwd=tmp_path, code=30)
    shown = environment.run("kernel", "plugins", "show", "team-slack", cwd=tmp_path).stdout
    checked = environment.run("kernel", "plugins", "check", "team-slack", cwd=tmp_path, code=1).stdout
    assert "team-slack" in done.stderr
    assert "s3cr3t" not in done.stdout + done.stderr + shown + checked
