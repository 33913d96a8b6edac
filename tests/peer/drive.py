"""Run graphs as black boxes, each in a directory of its own, and tell what came of them as JSON.

usage: drive.py [--python PYTHON] GRAPH           print what PYTHON's luigi does with the graph
       drive.py --record --python PYTHON [GRAPH]  keep it in recorded/, for one graph or all
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
GRAPHS = HERE / "graphs"
RECORDED = HERE / "recorded"
RULER = "===== Luigi Execution Summary ====="


def drive(graph: str, python: str, seed: int = 0) -> dict[str, Any]:
    """All that is observed of a graph: its builds, its command lines, the files that they made.

    `seed` sets the order of sets of texts, which must not matter.
    """
    settings = read_settings(graph)
    with tempfile.TemporaryDirectory(prefix="peer-") as place:
        command = [python, "-W", "ignore", str(HERE / "observe.py"), graph]
        built = run(command, Path(place), settings, seed)
        if built.returncode:
            raise SystemExit(f"{graph}: observe.py ended with {built.returncode}\n{built.stderr}")
        told: dict[str, Any] = json.loads(built.stdout.rpartition("\x1e")[2])
        told["files"] = files_in(Path(place))
    told["commands"] = [drive_command(line, python, settings, seed) for line in settings.get("COMMANDS", [])]
    return told


def drive_command(line: str, python: str, settings: dict[str, Any], seed: int) -> dict[str, Any]:
    """What a command line does, in a directory of its own."""
    with tempfile.TemporaryDirectory(prefix="peer-") as place:
        done = run([python, "-W", "ignore", "-m", "luigi", *line.split()], Path(place), settings, seed)
        inside = done.stderr.split(RULER)
        return {
            "line": line,
            "exit": done.returncode,
            "printed": done.stdout.splitlines(),
            "summary": inside[1].split("\n") if len(inside) == 3 else None,
            "files": files_in(Path(place)),
        }


def run(command: list[str], place: Path, settings: dict[str, Any], seed: int) -> subprocess.CompletedProcess[str]:
    (place / "luigi.cfg").write_text(settings.get("CONFIG", ""), encoding="utf-8")
    env = {name: value for name, value in os.environ.items() if not name.startswith(("LUIGI_", "PYTHON", "COV"))}
    env |= {
        "PYTHONPATH": str(GRAPHS),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": str(seed),
        "PYTHONUTF8": "1",
        "TZ": "UTC",
    }
    return subprocess.run(command, cwd=place, env=env, capture_output=True, text=True, encoding="utf-8", timeout=120)


def read_settings(graph: str) -> dict[str, Any]:
    """CONFIG and COMMANDS of a graph, read without importing it: importing it takes a luigi."""
    import ast

    tree = ast.parse((GRAPHS / f"{graph}.py").read_text(encoding="utf-8"))
    assigned = [node for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)]
    named = {node.targets[0].id: node.value for node in assigned}  # type: ignore[attr-defined]
    return {name: ast.literal_eval(named[name]) for name in ("CONFIG", "COMMANDS") if name in named}


def files_in(place: Path) -> dict[str, str]:
    """The files below `place`: name → text, or base64 of what is none.

    Without the configuration, and without what a failed task may have left under a temporary name, as Luigi does.
    """
    found = {}
    for path in sorted(place.rglob("*")):
        name = path.relative_to(place).as_posix()
        if name == "luigi.cfg" or "luigi-tmp" in name:
            continue
        found[f"{name}/" if path.is_dir() else name] = "" if path.is_dir() else content(path.read_bytes())
    return found


def content(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return "base64:" + base64.b64encode(data).decode("ascii")


def record(graph: str, python: str) -> None:
    """Keep what `python` does with a graph. Refuses what depends on chance."""
    told, again = drive(graph, python), drive(graph, python, seed=1)
    if told != again:
        raise SystemExit(f"{graph}: the order of a set changes the answer, so it cannot be recorded")
    RECORDED.mkdir(exist_ok=True)
    text = json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True)
    (RECORDED / f"{graph}.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("graph", nargs="?")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--record", action="store_true")
    given = parser.parse_args()
    python = os.path.abspath(given.python)
    graphs = [given.graph] if given.graph else sorted(path.stem for path in GRAPHS.glob("*.py"))
    for graph in graphs:
        if given.record:
            record(graph, python)
        else:
            print(json.dumps(drive(graph, python)))


if __name__ == "__main__":
    main()
