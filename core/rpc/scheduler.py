"""A scheduler elsewhere: what workers say and are told, in calls of the server's API.

The server takes one task a call and knows no tokens: they are given out and checked on this side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from luigi.clock import SYSTEM, Clock
from luigi.interfaces import Assignment, Counts, Order, Progress, Question, Reply, Report, TaskSpec
from luigi.rpc.calls import Calls, RPCError
from luigi.rpc.operators import carry_out, look_up, written_explanation
from luigi.task_status import DONE, RUNNING, UNKNOWN

NO_COUNTS = Counts(0, 0, 0)


class RemoteScheduler:
    """A line to a scheduler's server. Several threads may use it.

    `url`: `http://…` or `https://…`, with `user:password@` before the host if the server asks for it, or
    `http+unix://%2Fpath%2Fof%2Fsocket/`. `connect_timeout`: seconds until a silent server counts as gone, by default
    `[core] rpc_connect_timeout`. A call that does not reach the server is tried `[core] rpc_retry_attempts` times,
    `rpc_retry_wait` seconds apart. Every method raises RPCError when that does not help or the server fails.
    """

    def __init__(
        self, url: str = "http://localhost:8082/", connect_timeout: float | None = None, *, clock: Clock = SYSTEM
    ) -> None:
        self._calls = Calls(url, connect_timeout, clock)
        self._tokens = count(1)
        self._info: dict[str, dict[str, Any]] = {}  # worker → what it said of itself
        self._specs: dict[str, TaskSpec] = {}  # tasks that may be assigned: reports on them repeat what was declared
        self._running: dict[str, dict[str, int]] = {}  # worker → its assignments: task id → token
        self._counts: dict[str, Counts] = {}  # worker → what was left when last told

    def close(self) -> None:
        """Close the connections. The next call opens new ones."""
        self._calls.close()

    def call(self, method: str, /, **arguments: Any) -> Any:
        """One call of the server's API as it is: its answer to `method` with `arguments`, which travel as JSON."""
        return self._calls.call(method, arguments)

    # --- workers -----------------------------------------------------------------------------------------------

    def add_worker(self, worker: str, info: Iterable[tuple[str, Any]]) -> None:
        """Introduce a worker: `info` is what it says of itself, as pairs (host, pid, first_task …)."""
        self._info[worker] = dict(info)
        self.call("add_worker", worker=worker, info=list(self._info[worker].items()))

    def ping(self, worker: str) -> Sequence[Mapping[str, Any]]:
        """Say that a worker lives; gives the messages waiting for it. Tried once: the next one comes anyway."""
        answer = self._calls.call("ping", {"worker": worker}, attempts=1)
        return answer["rpc_messages"] if answer else ()

    # --- the four verbs ----------------------------------------------------------------------------------------

    def declare(self, worker: str, tasks: Sequence[TaskSpec]) -> None:
        """Make tasks known and say how they stand. Repeating it changes nothing."""
        if worker not in self._info:
            self.add_worker(worker, ())
        for spec in tasks:
            if spec.status == UNKNOWN:
                self._announce_failure(worker, spec)
            # What a finished or broken task requires was not asked for: the server keeps what it knows of that.
            deps = None if spec.status in (DONE, UNKNOWN) else list(spec.deps)
            expl = written_explanation(spec.explanation)
            self._add_task(worker, spec, status=spec.status, deps=deps, runnable=spec.runnable, expl=expl)
            if spec.runnable:
                self._specs[spec.task_id] = spec

    def exchange(self, worker: str, reports: Sequence[Report | Progress], want: int) -> Reply:
        """Hand in outcomes and progress, take up to `want` new assignments.

        Mere progress changes no counts, so those last told are given then.
        """
        refused = [said.task_id for said in reports if not self._pass_on(worker, said)]
        assignments = list(self._assignments(worker, want))
        if not want and not (reports and all(isinstance(said, Progress) for said in reports)):
            self._note_counts(worker, self.call("count_pending", worker=worker))
        return Reply(assignments, self._counts.get(worker, NO_COUNTS), refused)

    def control(self, order: Order) -> None:
        """Carry out an operator's order. Raises KernelError when it does not apply, saying why."""
        carry_out(self.call, order)

    def view(self, question: Question) -> Any:
        """Answer a question: `counts` (status → number of tasks) or `task` (one task by id, None if unknown)."""
        return look_up(self.call, question)

    # --- reports -----------------------------------------------------------------------------------------------

    def _pass_on(self, worker: str, said: Report | Progress) -> bool:
        """Tell the server; False when the task is not this worker's by that assignment any more."""
        mine = self._running.get(worker, {})
        if mine.get(said.task_id) != said.token:
            return False
        if isinstance(said, Progress):
            self._progress(worker, said)
        else:
            self._report(worker, said)
            del mine[said.task_id]
        return True

    def _report(self, worker: str, said: Report) -> None:
        expl = written_explanation(said.explanation)
        spec = self._specs[said.task_id]
        self._add_task(worker, spec, status=said.status, new_deps=list(said.new_deps), runnable=None, expl=expl)
        if said.status == DONE:
            del self._specs[said.task_id]

    def _progress(self, worker: str, said: Progress) -> None:
        task_id = said.task_id
        if said.tracking_url is not None:
            self._add_task(worker, self._specs[task_id], status=RUNNING, tracking_url=said.tracking_url)
        if said.status_message is not None:
            self.call("set_task_status_message", task_id=task_id, status_message=said.status_message)
        if said.percentage is not None:
            self.call("set_task_progress_percentage", task_id=task_id, progress_percentage=said.percentage)
        if said.given_back:
            self.call("decrease_running_task_resources", task_id=task_id, decrease_resources=dict(said.given_back))

    def _add_task(self, worker: str, spec: TaskSpec, **said: Any) -> None:
        """Say something of a task, and all the rest again: the server takes what is left out for the default."""
        self.call(
            "add_task",
            worker=worker,
            task_id=spec.task_id,
            family=spec.family,
            module=spec.module,
            params=dict(spec.params),
            priority=spec.priority,
            resources=dict(spec.resources),
            retry_policy_dict=None if spec.retry_policy is None else spec.retry_policy._asdict(),
            assistant=self._assists(worker),
            **said,
        )

    def _announce_failure(self, worker: str, spec: TaskSpec) -> None:
        """Have the server tell people that a task's check raised."""
        shown = ", ".join(f"{name}={value}" for name, value in spec.params.items())
        self.call(
            "announce_scheduling_failure",
            worker=worker,
            task_name=f"{spec.family}({shown})",
            family=spec.family,
            params=dict(spec.params),
            expl=spec.explanation,
            owners=[],
        )

    # --- assignments -------------------------------------------------------------------------------------------

    def _assignments(self, worker: str, want: int) -> Iterator[Assignment]:
        mine = self._running.setdefault(worker, {})
        host = self._info.get(worker, {}).get("host")
        for _ in range(want):
            # A task that runs here and is not listed would be handed out again: its first hand-out may have been lost.
            work = self.call(
                "get_work", worker=worker, host=host, assistant=self._assists(worker), current_tasks=list(mine)
            )
            self._note_counts(worker, work)
            if work.get("batch_task_ids"):
                batch = ", ".join(work["batch_task_ids"])
                raise RPCError(f"the scheduler handed out a batch, which this worker cannot run: {batch}")
            if work["task_id"] is None:
                return
            yield self._assigned(worker, work)

    def _assigned(self, worker: str, work: Mapping[str, Any]) -> Assignment:
        task_id, family, module, params = (work[f"task_{fact}"] for fact in ("id", "family", "module", "params"))
        token = self._running[worker][task_id] = next(self._tokens)
        if task_id not in self._specs:  # another worker declared it, and this one assists
            needs = self.call("get_running_task_resources", task_id=task_id)["resources"] or {}
            self._specs[task_id] = TaskSpec(task_id, family, module, params, resources=needs)
        return Assignment(task_id, token, family, module, params)

    def _assists(self, worker: str) -> bool:
        return bool(self._info.get(worker, {}).get("assistant", False))

    def _note_counts(self, worker: str, told: Mapping[str, Any]) -> None:
        """Note what is left, from an answer that says so. A disabled worker is not told what it declared last."""
        elsewhere = {task["task_id"]: task["worker"] for task in told["running_tasks"] if task["worker"] != worker}
        last = told.get("n_pending_last_scheduled", 0)
        self._counts[worker] = Counts(told["n_pending_tasks"], told["n_unique_pending"], last, elsewhere)
