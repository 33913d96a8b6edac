"""Random walks over the scheduler's methods: workers that declare, run, report and fall silent, and operators.

A walk is what a seed makes of the answers it gets, so it must be recorded to be played again. In a wild one, anybody
says anything about any task.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from player import Player

LONG = 999999999
STATUSES = ["PENDING", "DONE", "FAILED", "UNKNOWN", "DISABLED", "RUNNING"]
UPSTREAM = ["UPSTREAM_RUNNING", "UPSTREAM_MISSING_INPUT", "UPSTREAM_FAILED", "UPSTREAM_DISABLED"]


@dataclass
class Client:
    """A worker, as far as a walk knows it."""

    name: str
    assistant: bool
    running: list[str] = field(default_factory=list)
    batches: list[tuple[str, list[str]]] = field(default_factory=list)
    """Handed out, but not begun: batch id and members."""


class Walk:
    """Makes one walk up on the way."""

    def __init__(self, seed: int, length: int) -> None:
        self.chance = chance = random.Random(seed)
        self.wild = seed % 3 == 2
        self.batches = seed % 4 == 1
        self.config: dict[str, Any] = {
            "retry_delay": chance.choice([10, 30, 60, -1]),
            "remove_delay": chance.choice([30, 120]),
            "worker_disconnect_delay": chance.choice([40, 1000]),
            "retry_count": chance.choice([1, 2, 3, LONG]),
            "disable_window": chance.choice([20, 3600]),
            "disable_hard_timeout": chance.choice([40, LONG, LONG]),
            "disable_persist": chance.choice([50, 86400]),
            "prune_on_get_work": chance.random() < 0.3,
            "resources": chance.choice([{}, {"r": 2}, {"r": 3, "s": 2}]),
        }
        self.length = length
        self.steps: list[tuple[str, Any]] = []
        self.answers: list[Any] = []
        self.player = Player(self.config, condensed=True)
        assistant = chance.random() < 0.3
        names = "abcd"[: chance.randint(1, 4)]
        self.workers = [Client(name, assistant and name == names[-1]) for name in names]
        self.tasks: list[dict[str, Any]] = []
        for number in range(chance.randint(4, 12)):
            self.tasks.append(self._made_up(number))
        self.messages = 0

    def take(self) -> None:
        """Walk."""
        for worker in self.workers:
            if self.chance.random() < 0.8:
                self.introduce(worker)
        for task in self.tasks:
            for worker in self.chance.sample(self.workers, k=self.chance.randint(1, len(self.workers))):
                self._declare(task, worker)
        for worker in self.workers if self.batches else ():
            size = {} if self.chance.random() < 0.5 else {"max_batch_size": self.chance.choice([2, 3])}
            self.say("add_task_batcher", worker=worker.name, task_family="B", batched_args=["x"], **size)
        acts, weights = zip(*self._acts().items(), strict=True)
        while len(self.steps) < self.length:
            (act,) = self.chance.choices(acts, weights)
            getattr(self, act)(self.chance.choice(self.workers))
            if self.chance.random() < 0.15:
                self.say("graph")
        self.say("graph")

    def _acts(self) -> Mapping[str, float]:
        wild = 4.0 if self.wild else 0.0
        return {
            "declare": 8, "ask": 26, "report": 30, "begin_batch": 8, "progress": 2, "lower": 2, "ping": 6,
            "pass_time": 5, "forgive": 1, "mark_done": 0.5, "re_enable": 1.5, "disable_worker": 0.15, "pause": 0.3,
            "message": 1, "limit": 0.5, "look": 4, "introduce": 0.5, "set_processes": 0.4, "claim": wild,
            "stray_report": wild,
        }  # fmt: skip

    def say(self, method: str, **arguments: Any) -> Any:
        """Make one call, and note it with its answer."""
        answer = self.player.play(method, arguments)
        self.steps.append((method, arguments))
        self.answers.append(answer)
        return answer

    # --- tasks -------------------------------------------------------------------------------------------------

    def _made_up(self, number: int) -> dict[str, Any]:
        """What a worker says of a task. Batched tasks are all of the family B, and differ in x."""
        chance = self.chance
        batched = self.batches and chance.random() < 0.7
        family = "B" if batched else chance.choice(["A", "C"])
        known = [task["task_id"] for task in self.tasks]
        deps = chance.sample(known, k=min(len(known), chance.choice([0, 0, 0, 1, 2])))
        return {
            "task_id": f"{family}_{number}",
            "family": family,
            "module": "m",
            "params": {"x": str(number), "y": str(chance.randint(0, 1))},
            "deps": deps,
            "priority": chance.choice([0, 0, 0, -3, 2, 5, 0.5]),
            "resources": chance.choice([{}, {}, {"r": 1}, {"r": 2}, {"s": 1}, {"r": 1, "s": 1}]),
            "batchable": batched,
            "retry_policy_dict": chance.choice([None, None, {"retry_count": 2}]),
            "accepts_messages": chance.random() < 0.3,
        }

    def declare(self, worker: Client) -> None:
        """Usually all of a graph's part, at times one task that has changed."""
        for task in self.chance.sample(self.tasks, k=min(len(self.tasks), self.chance.choice([1, 2, 4]))):
            if self.chance.random() < 0.2:
                task["priority"] = self.chance.choice([0, 1, -1, 7])
            self._declare(task, worker)

    def _declare(self, task: dict[str, Any], worker: Client) -> None:
        status = self.chance.choices(STATUSES[:5], [25, 1, 1, 1, 0.5])[0]
        runnable = status != "UNKNOWN" and self.chance.random() < 0.9
        assistant = {"assistant": True} if worker.assistant else {}
        self.say("add_task", worker=worker.name, status=status, runnable=runnable, **assistant, **task)

    # --- work --------------------------------------------------------------------------------------------------

    def ask(self, worker: Client) -> None:
        forgets = self.chance.random() < 0.05
        current = {} if self.chance.random() < 0.05 else {"current_tasks": [] if forgets else list(worker.running)}
        work = self.say("get_work", worker=worker.name, host="h", assistant=worker.assistant, **current)
        if work.get("batch_id"):
            worker.batches.append((work["batch_id"], work["batch_task_ids"]))
        elif work["task_id"] and work["task_id"] not in worker.running:
            worker.running.append(work["task_id"])

    def begin_batch(self, worker: Client) -> None:
        """Run a batch: as one of its members, or as a task that stands for all."""
        if not worker.batches:
            return
        batch_id, members = worker.batches.pop()
        runner = self.chance.choice([*members, f"B_all_{len(self.steps)}"])
        params = {"x": "9", "y": "0"}
        self.say("add_task", worker=worker.name, task_id=runner, family="B", module="m", params=params,
                 status="RUNNING", batch_id=batch_id)  # fmt: skip
        worker.running.append(runner)

    def report(self, worker: Client) -> None:
        if not worker.running:
            return
        task_id = worker.running.pop(self.chance.randrange(len(worker.running)))
        self._report(worker, task_id, self.chance.choices(["DONE", "FAILED", "PENDING"], [7, 4, 1])[0])

    def _report(self, worker: Client, task_id: str, status: str) -> None:
        task = next((task for task in self.tasks if task["task_id"] == task_id), self._unheard_of(task_id))
        said = {name: task[name] for name in ("family", "module", "params", "resources", "retry_policy_dict")}
        lower = [other["task_id"] for other in self.tasks[: self.tasks.index(task)]] if task in self.tasks else []
        new_deps = [self.chance.choice(lower)] if status == "PENDING" and lower else []
        expl = "it broke" if status == "FAILED" else None
        self.say("add_task", worker=worker.name, task_id=task_id, status=status, runnable=None, expl=expl,
                 new_deps=new_deps, assistant=worker.assistant, **said)  # fmt: skip

    def _unheard_of(self, task_id: str) -> dict[str, Any]:
        params = {"x": "9", "y": "0"}
        return {"family": task_id[0], "module": "m", "params": params, "resources": {}, "retry_policy_dict": None}

    def progress(self, worker: Client) -> None:
        for task_id in worker.running[:1]:
            kind = self.chance.choice(["message", "percentage", "url"])
            if kind == "message":
                self.say("set_task_status_message", task_id=task_id, status_message=f"at {len(self.steps)}")
            elif kind == "percentage":
                self.say("set_task_progress_percentage", task_id=task_id, progress_percentage=len(self.steps))
            else:
                self.say("add_task", task_id=task_id, worker=worker.name, status="RUNNING", tracking_url="http://x")

    def lower(self, worker: Client) -> None:
        for task_id in worker.running[:1]:
            self.say("decrease_running_task_resources", task_id=task_id, decrease_resources={"r": 1})
            self.say("get_running_task_resources", task_id=task_id)

    # --- time and operators ------------------------------------------------------------------------------------

    def ping(self, worker: Client) -> None:
        self.say("ping", worker=worker.name)

    def introduce(self, worker: Client) -> None:
        assistant = [["assistant", True]] if worker.assistant else []
        self.say("add_worker", worker=worker.name, info=[["workers", 2], ["host", "h"], *assistant])

    def pass_time(self, worker: Client) -> None:
        """Let some time go by, in which not every worker falls silent."""
        seconds = self.chance.choice([2, 5, 12, 35, 45, 130]) + 1 / 16  # so that no delay ends with a call
        for _ in range(2):
            self.steps.append(("pass", seconds / 2))
            self.answers.append(self.player.play("pass", seconds / 2))
            for other in self.workers:
                if self.chance.random() < 0.7:
                    self.ping(other)
        if self.chance.random() < 0.5:
            self.say("prune")

    def forgive(self, worker: Client) -> None:
        self.say("forgive_failures", task_id=self._some_task())

    def mark_done(self, worker: Client) -> None:
        self.say("mark_as_done", task_id=self._some_task())

    def re_enable(self, worker: Client) -> None:
        self.say("re_enable_task", task_id=self._some_task())

    def _some_task(self) -> str:
        return str(self.chance.choice(self.tasks)["task_id"])

    def disable_worker(self, worker: Client) -> None:
        self.say("disable_worker", worker=worker.name)

    def pause(self, worker: Client) -> None:
        self.say("pause")
        self.ask(worker)
        self.say("unpause")

    def message(self, worker: Client) -> None:
        for task_id in worker.running[:1]:
            self.messages += 1
            message_id = f"message {self.messages}"
            self.say("send_scheduler_message", worker=worker.name, task=task_id, content="hello")
            self.ping(worker)
            if self.chance.random() < 0.7:
                self.say("add_scheduler_message_response", task_id=task_id, message_id=message_id, response="hi")
            self.say("get_scheduler_message_response", task_id=task_id, message_id=message_id)

    def limit(self, worker: Client) -> None:
        self.say("update_resource", resource=self.chance.choice("rs"), amount=self.chance.randint(1, 3))

    def set_processes(self, worker: Client) -> None:
        self.say("set_worker_processes", worker=worker.name, n=3)

    def look(self, worker: Client) -> None:
        kind = self.chance.choice(["counts", "workers", "resources", "tasks", "upstream", "error", "deps"])
        if kind == "counts":
            self.say("count_pending", worker=worker.name)
        elif kind == "workers":
            self.say("worker_list")
        elif kind == "resources":
            self.say("resource_list")
        elif kind == "tasks":
            self.say("task_list", status=self.chance.choice(STATUSES), upstream_status="")
        elif kind == "upstream":
            self.say("task_list", status="PENDING", upstream_status=self.chance.choice(UPSTREAM))
        elif kind == "error":
            self.say("fetch_error", task_id=self._some_task())
        else:
            self.say("dep_graph", task_id=self._some_task(), include_done=self.chance.random() < 0.5)

    # --- what no worker should do ------------------------------------------------------------------------------

    def claim(self, worker: Client) -> None:
        """Say something of a task, whoever runs it."""
        task = self.chance.choice(self.tasks)
        status = self.chance.choice(STATUSES[:5])
        self.say("add_task", worker=worker.name, status=status, **task)

    def stray_report(self, worker: Client) -> None:
        """Report on a task, whoever runs it."""
        self._report(worker, self._some_task(), self.chance.choice(["DONE", "FAILED", "PENDING"]))
