"""Measures this project against Luigi, doit and a plain loop, and says which of the issue's bars are met.

Run by `make bench`, with the interpreter of an environment in which this project is installed as a user would install
it. What is measured lies inside the process, from before the first task instance is made to after build() has returned
(for import and --help: the whole process). Every number is CPU time, user and system, children included; a median of
three runs (nine of the shortest), taken in turns with the other contestants' in this one session. Ends with 1 when a
bar is missed.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from pathlib import Path

from figures import Bar, bars
from runs import Times, collect, median, scratch_folder


def units(bar: Bar, times: Times) -> list[float]:
    """Seconds a unit of work for each figure."""
    return [median(times, figure) / figure.count for figure in bar.figures]


def verdict(bar: Bar, times: Times) -> tuple[float, bool]:
    """The number that the bar speaks of, and whether the bar is met."""
    each = units(bar, times)
    if bar.kind == "faster":
        return each[1] / each[0], each[1] / each[0] >= bar.limit
    found = {"within": each[0] / each[-1], "cost": each[0], "flat": max(each) / min(each)}[bar.kind]
    return found, found <= bar.limit


def line(bar: Bar, times: Times) -> dict[str, object]:
    """One row of the table."""
    found, met = verdict(bar, times)
    each = [_duration(unit) for unit in units(bar, times)]
    compared = bar.kind in ("faster", "within")
    sign, show_number = ("≥" if bar.kind == "faster" else "≤"), (_duration if bar.kind == "cost" else _ratio)
    return {
        "work": bar.work,
        "ours": each[0] if compared else " / ".join(each),
        "against": bar.figures[1].job.who if compared else "",
        "theirs": each[1] if compared else "",
        "found": show_number(found),
        "bar": f"{sign} {show_number(bar.limit)}",
        "met": "met" if met else "MISSED",
    }


def _ratio(number: float) -> str:
    return f"{number:.3g}×"


def _duration(seconds: float) -> str:
    if seconds >= 0.01:
        return f"{seconds * 1e3:.0f} ms"
    return f"{seconds * 1e6:.1f} µs"


def show(rows: list[dict[str, object]]) -> None:
    heads = {"work": "work", "ours": "ours", "against": "against", "theirs": "theirs", "found": "found"}
    heads |= {"bar": "bar", "met": ""}
    table = [heads, *rows]
    widths = {key: max(len(str(row[key])) for row in table) for key in heads}
    for row in table:
        print("  ".join(str(row[key]).ljust(widths[key]) for key in heads).rstrip())


def record(path: Path, rows: list[dict[str, object]], times: Times) -> None:
    """Keep everything that was measured, for whoever wants to compare with another day."""
    runs = [{"who": job.who, "command": job.command, "block": block, "cpu": cpu} for (job, block), cpu in times.items()]
    facts = {"python": platform.python_version(), "machine": platform.platform(), "bars": rows, "runs": runs}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peer", type=Path, required=True, help="python of the environment with Luigi and doit")
    parser.add_argument("--quick", action="store_true", help="smaller sizes, each run once: for a first look")
    parser.add_argument("--only", default="", help="only the bars whose work contains this text")
    parser.add_argument("--rounds", type=int, default=0, help="runs of each figure (3; with --quick 1)")
    parser.add_argument("--json", type=Path, help="where to keep the numbers")
    arguments = parser.parse_args()
    peer = arguments.peer.absolute()
    pythons = {"ours": Path(sys.executable), "loop": Path(sys.executable), "luigi": peer, "doit": peer}
    chosen = [bar for bar in bars(arguments.quick) if arguments.only in bar.work]
    jobs = [figure.job for bar in chosen for figure in bar.figures]
    times = collect(jobs, pythons, arguments.rounds or (1 if arguments.quick else 3))
    rows = [line(bar, times) for bar in chosen]
    print(f"CPU time, user + system, a unit of work; files in {scratch_folder()}; Python {platform.python_version()}")
    show(rows)
    if arguments.json:
        record(arguments.json, rows, times)
    missed = sum(row["met"] != "met" for row in rows)
    print(f"{len(rows) - missed} bars met, {missed} missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
