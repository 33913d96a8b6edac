"""`kernel new plugin`: what it writes works, passes its own tests, and is as clean as the kernel's own code."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.cli.plugin_writing import KINDS, USES, BadName, FolderTaken, write_plugin
from luigi.hookspecs import KINDS as PLURALS

ROOT = Path(__file__).parents[3]
BIN = Path(sys.executable).parent


def environment(**more: str) -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith(("LUIGI", "PYTEST"))} | more


def run(*command: str | Path, cwd: Path, **more: str) -> str:
    """What the command prints; it must end well."""
    done = subprocess.run(
        command, cwd=cwd, env=environment(**more), capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def install(folder: Path) -> Path:
    """As an editable install would: what `src` must have beside the module to be found. `src`."""
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    ((name, module),) = project["entry-points"]["luigi"].items()
    package = folder / f"src/{module}-{project['version']}.dist-info"
    package.mkdir()
    (package / "entry_points.txt").write_text(f"[luigi]\n{name} = {module}\n")
    return folder / "src"


def test_there_is_a_beginning_for_every_kind() -> None:
    assert set(KINDS.values()) == set(PLURALS)
    assert set(KINDS) == set(USES)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_passes_its_own_tests(kind: str, tmp_path: Path) -> None:
    folder = Path(write_plugin("my-pager", kind, str(tmp_path)))
    source = install(folder)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    last = run(*command, cwd=folder, PYTHONPATH=str(source)).splitlines()[-1]
    assert " passed" in last
    assert "warning" not in last
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my-pager"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_is_clean(kind: str, tmp_path: Path) -> None:
    folder = Path(write_plugin("pager", kind, str(tmp_path)))
    rules = ["--isolated", "--line-length", "120"]
    run(BIN / "ruff", "check", *rules, "--select", "E,W,F,I,UP,B,C4,PIE,SIM,RET,PT,RUF", "--no-cache", ".", cwd=folder)
    run(BIN / "ruff", "format", "--check", *rules, "--no-cache", ".", cwd=folder)
    assert "$" not in "".join(path.read_text() for path in folder.rglob("*") if path.is_file())


def test_types_are_right(tmp_path: Path) -> None:
    types = tmp_path / "types/luigi"
    types.mkdir(parents=True)
    for entry in [*(ROOT / "core").iterdir(), *(ROOT / name for name in ("plugins", "contrib", "server"))]:
        (types / entry.name).symlink_to(entry)
    folders = [Path(write_plugin(f"my-{kind}".replace("_", "-"), kind, str(tmp_path))) for kind in KINDS]
    search = os.pathsep.join(map(str, [types.parent, *(folder / "src" for folder in folders)]))
    files = [file for folder in folders for file in folder.rglob("*.py")]
    checks = ["--strict", "--follow-imports=silent", "--config-file=", f"--cache-dir={tmp_path / 'cache'}"]
    run(BIN / "mypy", *checks, *files, cwd=tmp_path, MYPYPATH=search)


def test_the_readme_says_how_to_use_it(tmp_path: Path) -> None:
    text = (Path(write_plugin("to-pager", "metrics_collector", str(tmp_path))) / "README.md").read_text()
    assert "A metrics collector for" in text
    assert "`[scheduler] metrics_collector = to-pager`" in text
    assert "disabled_plugins = metrics_collectors.to-pager" in text
    assert text.endswith("\n")


def test_it_needs_this_version(tmp_path: Path) -> None:
    folder = Path(write_plugin("pager", "target", str(tmp_path)))
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    assert project["dependencies"] == [f"luigi-kernel>={luigi.__version__}"]
    assert project["entry-points"]["luigi"] == {"targets.pager": "pager"}


@pytest.mark.parametrize(("name", "cls"), [("to-pager", "ToPagerNotifier"), ("pager-notifier", "PagerNotifier")])
def test_the_class_says_what_it_is(name: str, cls: str, tmp_path: Path) -> None:
    folder = Path(write_plugin(name, "notifier", str(tmp_path)))
    (module,) = (folder / "src").iterdir()
    assert f"class {cls}:" in module.read_text()


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("Pager", "notifier", "no plugin can be named 'Pager'"),
        ("../pager", "notifier", "no plugin can be named '../pager'"),
        ("-pager", "notifier", "no plugin can be named '-pager'"),
        ("2pager", "notifier", "no plugin can be named '2pager'"),
        ("lambda", "notifier", "there is a module lambda already"),
        ("json", "notifier", "there is a module json already"),
        ("pluggy", "notifier", "there is a module pluggy already"),
        ("worker", "notifier", r"\[worker\] is a section of the configuration already"),
        ("resources", "notifier", r"\[resources\] is a section"),
        ("inline", "executor", "defaults offers 'inline' among the executors already"),
        ("run", "command", "defaults offers 'run' among the commands already"),
    ],
)
def test_a_name_that_would_hide_something_is_refused(name: str, kind: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(BadName, match=said) as caught:
        write_plugin(name, kind, str(tmp_path))
    assert caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "pager").write_text("mine")
    with pytest.raises(FolderTaken):
        write_plugin("pager", "notifier", str(tmp_path))
    assert (tmp_path / "pager").read_text() == "mine"


# --- the command ---------------------------------------------------------------------------------------------------


def test_the_command_writes_a_notifier_here(shell: Any) -> None:
    ended = shell.kernel("new", "plugin", "pager")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "wrote pager; its README.md says how to install it and run its tests\n"
    written = sorted(path.relative_to(shell.directory / "pager") for path in (shell.directory / "pager").rglob("*.*"))
    assert [str(path) for path in written] == ["README.md", "pyproject.toml", "src/pager.py", "tests/test_pager.py"]
    assert "def luigi_notifiers()" in (shell.directory / "pager/src/pager.py").read_text()


def test_the_command_writes_any_kind_anywhere(shell: Any) -> None:
    ended = shell.kernel("new", "plugin", "shelf", "--kind", "target", "--into", "some/where")
    assert ended.code == 0, ended.err
    assert "def luigi_targets()" in (shell.directory / "some/where/shelf/src/shelf.py").read_text()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["plugin", "pager", "--kind", "notifer"], 2, "invalid choice: 'notifer'"),
        (["plugin"], 2, "required: NAME"),
        (["task", "pager"], 2, "invalid choice: 'task'"),
        (["plugin", "json"], 1, "hint: say whose it is: my-json"),
        (["plugin", "pager", "--into", "tasks.py"], 1, "tasks.py/pager cannot be written"),
    ],
)
def test_mistakes_are_told(shell: Any, arguments: list[str], code: int, said: str) -> None:
    ended = shell.kernel("new", *arguments)
    assert (ended.code, ended.out) == (code, "")
    assert ended.err.startswith("error: ")
    assert said in ended.err
