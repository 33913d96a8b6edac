"""Plays calls of the scheduler's methods on whatever package this interpreter calls `luigi`, and tells the answers.

usage: player.py < plays.json > answers.json

A play has `config` (keywords of `luigi.scheduler.Scheduler`), `condensed`, and `steps`: each the name of a method and
its arguments, or `["pass", seconds]`. Time passes only then, and a quarter of a second with each call.
Knows nothing of either package but the names that Luigi documents.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping
from copy import deepcopy
from operator import itemgetter
from typing import Any

START = 1_000_000.0
CALL_TAKES = 0.25
now = [START]
time.time = lambda: now[0]  # before luigi is imported: ours takes hold of it then

Answer = Any


class Player:
    """One scheduler, and the time around it."""

    def __init__(self, config: Mapping[str, Any], condensed: bool = False) -> None:
        from luigi.scheduler import Scheduler

        now[0] = START
        self._scheduler = Scheduler(**deepcopy(dict(config)))  # Luigi's changes the dict of resources it is given
        self._condensed = condensed
        self._rows: dict[str, Any] = {}
        self._ids: dict[str, str] = {}  # the name that a recording gives to a message or a batch → its id

    def play(self, name: str, arguments: Any) -> Answer:
        """The answer to one step, as JSON has it. An error is told by its kind."""
        if name == "pass":
            now[0] += arguments
            return None
        now[0] += CALL_TAKES
        try:
            answer = getattr(self._scheduler, name)(**self._with_ids(arguments))
        except Exception:
            return {"raised": True}
        return self._condense(name, self._without_chance(json.loads(json.dumps(answer))))

    # --- chance ------------------------------------------------------------------------------------------------

    def _with_ids(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        named = ("message_id", "batch_id")
        return {name: self._ids.get(value, value) if name in named else value for name, value in arguments.items()}

    def _without_chance(self, answer: Answer) -> Answer:
        """With names for ids that each package makes up in its own way, and with sets sorted."""
        for said in _dicts(answer):
            if said.get("message_id"):
                said["message_id"] = self._name(said["message_id"])
            if said.get("batch_id"):
                name = "+".join(said["batch_task_ids"])
                self._ids[name], said["batch_id"] = said["batch_id"], name
            if isinstance(said.get("deps"), list):
                said["deps"].sort()
            if "running_tasks" in said:
                said["running_tasks"].sort(key=itemgetter("task_id"))
        if isinstance(answer, list):
            answer.sort(key=itemgetter("name"))
        return answer

    def _name(self, message_id: str) -> str:
        known = next((name for name, value in self._ids.items() if value == message_id), None)
        name = known or f"message {sum(name.startswith('message ') for name in self._ids) + 1}"
        self._ids[name] = message_id
        return name

    # --- long answers in few words -----------------------------------------------------------------------------

    def _condense(self, name: str, answer: Answer) -> Answer:
        """Of many rows: what changed since the last `graph`, ids, and counts."""
        if not self._condensed or answer is None:
            return answer
        if name == "graph":
            return self._changes(answer)
        if name in ("task_list", "dep_graph", "inverse_dep_graph"):
            return {task_id: row if task_id == "num_tasks" else row["status"] for task_id, row in answer.items()}
        if name == "worker_list":
            rows: dict[str, Any] = {row.pop("name"): row for row in answer}
            for row in rows.values():
                row["running"] = sorted(row["running"])
            return rows
        return answer

    def _changes(self, rows: dict[str, Any]) -> Answer:
        before, self._rows = self._rows, rows
        changed = {
            task_id: {key: value for key, value in row.items() if before.get(task_id, {}).get(key, ()) != value}
            for task_id, row in rows.items()
        }
        return {
            "changed": {task_id: row for task_id, row in changed.items() if row},
            "gone": sorted(before.keys() - rows.keys()),
        }


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _dicts(inner)


def perform(play: Mapping[str, Any]) -> list[Answer]:
    """The answers to all steps of a play."""
    player = Player(play["config"], play["condensed"])
    return [player.play(name, arguments) for name, arguments in play["steps"]]


if __name__ == "__main__":
    print(json.dumps([perform(play) for play in json.load(sys.stdin)]))
