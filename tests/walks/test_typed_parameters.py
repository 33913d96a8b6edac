"""mypy and pyright, without a plugin, over programs whose comments say what they must find.

In tests/walks/typed: `# error` marks a line both must refuse, `# error: mypy` one only mypy can; on every other line
they must find nothing. `# is: T` gives the type that `reveal_type` must show.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PROGRAMS = sorted((Path(__file__).parent / "typed").glob("*.py"))
EXAMPLES = ROOT / "examples"
BIN = Path(sys.executable).parent
FOUND_OR_NOT = (0, 1)  # of either type checker; a higher exit code means that it failed itself


Place = tuple[str, int]


class Found(NamedTuple):
    """What a type checker says, by file and line: its errors, and the types it reveals."""

    errors: dict[Place, str]
    types: dict[Place, str]


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the package `luigi` lies as it is imported, as `make types` lays it out."""
    folder = tmp_path_factory.mktemp("sources")
    (folder / "luigi").mkdir()
    for entry in [*(ROOT / "core").iterdir(), *(ROOT / name for name in ("plugins", "contrib", "server"))]:
        if entry.name != "__pycache__":
            (folder / "luigi" / entry.name).symlink_to(entry)
    return folder


def run(*command: str | Path, cwd: Path, allowed: tuple[int, ...] = (0,), **environment: str) -> str:
    done = subprocess.run(
        command, cwd=cwd, env=os.environ | environment, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode in allowed, done.stdout + done.stderr
    return done.stdout


def mypy(sources: Path, *paths: Path, search: tuple[Path, ...] = (), strict: bool = True) -> Found:
    """What mypy says of these files."""
    output = run(
        BIN / "mypy",
        *("--follow-imports=silent", "--no-error-summary", "--config-file="),
        *(["--strict"] if strict else []),
        f"--cache-dir={ROOT / '.mypy_cache' / 'walks'}",
        *paths,
        cwd=sources,
        allowed=FOUND_OR_NOT,
        MYPYPATH=os.pathsep.join(map(str, (sources, *search))),
    )
    found = Found({}, {})
    for file, line, kind, message in re.findall(r"^(.*?):(\d+): (error|note): (.*)$", output, re.MULTILINE):
        place = Path(file).name, int(line)
        if kind == "error":
            found.errors[place] = message
        elif shown := re.fullmatch(r'Revealed type is "(.*)"', message):
            found.types[place] = shown[1]
    return found


def pyright(sources: Path, *paths: Path, search: tuple[Path, ...] = (), strict: bool = True) -> Found:
    """What pyright says of these files."""
    project = sources.with_name(f"{sources.name}-pyright")
    project.mkdir(exist_ok=True)
    for path in paths:
        (project / path.name).write_bytes(path.read_bytes())
    settings = {"include": [path.name for path in paths], "extraPaths": [str(sources), *map(str, search)]}
    (project / "pyrightconfig.json").write_text(json.dumps(settings))
    answer = json.loads(run(BIN / "pyright", "--outputjson", cwd=project, allowed=FOUND_OR_NOT))
    found = Found({}, {})
    for note in answer["generalDiagnostics"]:
        place = Path(note["file"]).name, note["range"]["start"]["line"] + 1
        if note["severity"] == "error":
            found.errors[place] = note["message"]
        elif shown := re.fullmatch(r'Type of ".*" is "(.*)"', note["message"], re.DOTALL):
            found.types[place] = shown[1]
    return found


CHECKERS = {"mypy": mypy, "pyright": pyright}


def expected(program: Path, checker: str) -> tuple[set[Place], dict[Place, str]]:
    """The lines `checker` must refuse, and the types it must reveal."""
    errors: set[Place] = set()
    types: dict[Place, str] = {}
    for number, line in enumerate(program.read_text().splitlines(), start=1):
        if mark := re.search(r"  # error(?:: (\w+))?$", line):
            errors |= {(program.name, number)} if mark[1] in (None, checker) else set()
        if mark := re.search(r"  # is: (.*)$", line):
            types[program.name, number] = mark[1]
    return errors, types


def short(shown: str) -> str:
    """A type without its modules, and without the `| Any` that pyright adds to a task made of classic parameters."""
    return re.sub(r"[\w.]+\.(\w+)", r"\1", shown).removesuffix(" | Any")


@pytest.mark.parametrize("checker", CHECKERS)
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_a_type_checker_finds_what_is_wrong_and_nothing_else(sources: Path, program: Path, checker: str) -> None:
    found = CHECKERS[checker](sources, program)
    errors, types = expected(program, checker)
    surprising = {place: message for place, message in found.errors.items() if place not in errors}
    assert surprising == {}
    assert set(found.errors) == errors
    assert {place: short(shown) for place, shown in found.types.items()} == types


@pytest.mark.parametrize("checker", CHECKERS)
def test_the_examples_are_right_to_a_type_checker(sources: Path, checker: str) -> None:
    flights = EXAMPLES / "flights"
    paths = (*EXAMPLES.glob("*.py"), *flights.glob("*.py"))
    assert CHECKERS[checker](sources, *paths, search=(flights,), strict=False).errors == {}


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_what_a_type_checker_allows_runs(program: Path, tmp_path: Path) -> None:
    right = [line for line in program.read_text().splitlines() if "# error" not in line]
    (tmp_path / program.name).write_text("\n".join(right))
    run(sys.executable, program.name, cwd=tmp_path)
