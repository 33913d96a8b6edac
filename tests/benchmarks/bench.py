"""Measures this project against Luigi, doit and a plain loop, and says which of the issue's bars are met.

Run by `make bench`, with the interpreter of an environment in which this project is installed as a user would install
it. What is measured lies inside the process, from before the first task instance is made to after build() has returned
(for import and --help: the whole process; for a scheduler alone: its calls). A number is CPU time, user and system,
children included, unless its row says p99, wall or memory; a median of three runs (nine of the shortest, one of the
longest), taken in turns with the other contestants' in this one session. Ends with 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from pathlib import Path

from bars import bars
from figures import Bar, Quantity
from runs import Times, collect, median, scratch_folder


def units(bar: Bar, times: Times) -> list[float]:
    """Seconds or bytes a unit of work for each figure."""
    return [median(times, figure) / figure.count for figure in bar.figures]


def verdict(bar: Bar, times: Times) -> tuple[float, bool]:
    """The number that the bar speaks of, and whether the bar is met."""
    each = units(bar, times)
    if bar.kind == "faster":
        return each[1] / each[0], each[1] / each[0] >= bar.limit
    found = {"within": each[0] / each[-1], "cost": each[0], "flat": max(each) / min(each)}[bar.kind]
    return found, found <= bar.limit


def line(bar: Bar, times: Times) -> dict[str, str]:
    """One row of the table."""
    found, met = verdict(bar, times)
    quantity = bar.figures[0].quantity
    each = [amount(unit, quantity) for unit in units(bar, times)]
    compared = bar.kind in ("faster", "within")
    sign = "≥" if bar.kind == "faster" else "≤"
    shown = [amount(number, quantity) if bar.kind == "cost" else f"{number:.4g}×" for number in (found, bar.limit)]
    return {
        "work": bar.work,
        "ours": each[0] if compared else " / ".join(each),
        "against": bar.figures[1].job.who if compared else "",
        "theirs": each[1] if compared else "",
        "found": shown[0],
        "bar": f"{sign} {shown[1]}",
        "met": "met" if met else "MISSED",
    }


def amount(number: float, quantity: Quantity) -> str:
    """A number in the unit in which people read it."""
    if quantity == "bytes":
        return f"{number / 1024:.2f} KiB"
    if quantity == "count":
        return f"{number:.3g}"
    if number >= 1:
        return f"{number:.2f} s"
    return f"{number * 1e3:.0f} ms" if number >= 0.01 else f"{number * 1e6:.1f} µs"


def show(rows: list[dict[str, str]]) -> None:
    heads = {"work": "work", "ours": "ours", "against": "against", "theirs": "theirs", "found": "found"}
    heads |= {"bar": "bar", "met": ""}
    table = [heads, *rows]
    widths = {key: max(len(str(row[key])) for row in table) for key in heads}
    for row in table:
        print("  ".join(str(row[key]).ljust(widths[key]) for key in heads).rstrip())


def record(path: Path, rows: list[dict[str, str]], times: Times, facts: dict[str, str]) -> None:
    """Keep everything that was measured, for whoever wants to compare with another day."""
    runs = [
        {"who": job.who, "command": job.command, "block": block, quantity: found}
        for (job, block, quantity), found in times.items()
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(facts | {"bars": rows, "runs": runs}, indent=1, ensure_ascii=False) + "\n", "utf-8")


def load() -> str:
    """How busy the machine is: runnable processes, on average over one, five and fifteen minutes."""
    return " ".join(f"{number:.2f}" for number in os.getloadavg())


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peer", type=Path, required=True, help="python of the environment with Luigi and doit")
    parser.add_argument("--quick", action="store_true", help="smaller sizes, each run once: for a first look")
    parser.add_argument("--only", default="", help="only the bars whose work contains this text")
    parser.add_argument("--rounds", type=int, default=0, help="runs of each figure (3; with --quick 1)")
    parser.add_argument("--json", type=Path, help="where to keep the numbers")
    return parser.parse_args()


def main() -> int:
    asked = arguments()
    facts = {"python": platform.python_version(), "machine": platform.platform(), "load_before": load()}
    peer = asked.peer.absolute()
    pythons = {"ours": Path(sys.executable), "loop": Path(sys.executable), "luigi": peer, "doit": peer}
    chosen = [bar for bar in bars(asked.quick) if asked.only in bar.work]
    jobs = [figure.job for bar in chosen for figure in bar.figures]
    times = collect(jobs, pythons, asked.rounds or (1 if asked.quick else 3))
    facts["load_after"] = load()
    rows = [line(bar, times) for bar in chosen]
    print("CPU time, user + system, a unit of work, unless its row says otherwise")
    print(f"files in {scratch_folder()}; " + "; ".join(f"{name} {fact}" for name, fact in facts.items()))
    show(rows)
    if asked.json:
        record(asked.json, rows, times, facts)
    missed = sum(row["met"] != "met" for row in rows)
    print(f"{len(rows) - missed} bars met, {missed} missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
