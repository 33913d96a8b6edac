"""Record what the released Luigi's scheduler answers to the walks and the scenes, in recorded/.

usage: .venv-peer/bin/python tests/peer/scheduler/record.py [--walks N] [--length N]

Plays everything again under another order of sets, and leaves out walks whose answers change with it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from scenes import SCENES
from walks import Walk

HERE = Path(__file__).resolve().parent
RECORDED = HERE / "recorded"


def walk(seed: int, length: int) -> dict[str, Any]:
    made = Walk(seed, length)
    made.take()
    return {"seed": seed, "condensed": True, "config": made.config, "steps": made.steps, "answers": made.answers}


def scene(name: str) -> dict[str, Any]:
    from player import perform

    config, steps = SCENES[name]
    play = {"name": name, "condensed": False, "config": config, "steps": steps}
    return play | {"answers": perform(play)}


def played_again(plays: list[dict[str, Any]], seed: int) -> list[list[Any]]:
    """The answers under the order of sets that `seed` makes."""
    env = os.environ | {"PYTHONHASHSEED": str(seed)}
    command = [sys.executable, "-W", "ignore", str(HERE / "player.py")]
    done = subprocess.run(command, input=json.dumps(plays), env=env, capture_output=True, text=True, check=True)
    answers: list[list[Any]] = json.loads(done.stdout)
    return answers


def determined(plays: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those plays whose answers are no matter of chance."""
    kept = plays
    for seed in (1, 2, 3):
        kept = [play for play, again in zip(kept, played_again(kept, seed), strict=True) if again == play["answers"]]
    return kept


def keep(name: str, plays: list[dict[str, Any]]) -> None:
    plays = json.loads(json.dumps(plays))
    kept = determined(plays)
    lines = [json.dumps(play, separators=(",", ":"), sort_keys=True) for play in kept]
    (RECORDED / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    left_out = [play.get("name", play.get("seed")) for play in plays if play not in kept]
    print(f"{name}: {len(kept)} kept; a matter of chance, left out: {left_out}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--walks", type=int, default=62)
    parser.add_argument("--length", type=int, default=90)
    given = parser.parse_args()
    RECORDED.mkdir(exist_ok=True)
    keep("walks.jsonl", [walk(seed, given.length) for seed in range(given.walks)])
    keep("scenes.jsonl", [scene(name) for name in SCENES])


if __name__ == "__main__":
    main()
