"""A scheduler elsewhere: what workers say and are told, in calls of the server's API.

The server takes one task a call and knows neither tokens nor numbers of calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from luigi.clock import SYSTEM, Clock
from luigi.interfaces import (
    Answer,
    Assignment,
    Batcher,
    Began,
    Counts,
    Order,
    Progress,
    Question,
    Reply,
    Report,
    Said,
    TaskSpec,
)
from luigi.rpc import arguments
from luigi.rpc.calls import Calls
from luigi.rpc.leases import Leases
from luigi.rpc.operators import carry_out, written_explanation
from luigi.rpc.questions import look_up
from luigi.task_status import DONE, RUNNING, UNKNOWN

NO_COUNTS = Counts(0, 0, 0)


class RemoteScheduler:
    """A line to a scheduler's server. Several threads may use it.

    `url`: `http://…` or `https://…`, with `user:password@` before the host if the server asks for it, or
    `http+unix://%2Fpath%2Fof%2Fsocket/`. `connect_timeout`: seconds until a silent server counts as gone, by default
    `[core] rpc_connect_timeout`. A call that does not reach the server is tried `[core] rpc_retry_attempts` times,
    `rpc_retry_wait` seconds apart. Every method raises RPCError when that does not help or the server fails.

    Besides the four verbs it has a method for each call of the server's API, by its name (`add_task`, `get_work` …).
    """

    def __init__(
        self, url: str = "http://localhost:8082/", connect_timeout: float | None = None, *, clock: Clock = SYSTEM
    ) -> None:
        self._calls = Calls(url, connect_timeout, clock)
        self._leases = Leases()
        self._info: dict[str, dict[str, Any]] = {}  # worker → what it said of itself
        self._counts: dict[str, Counts] = {}  # worker → what was left when last told
        self._disabled: set[str] = set()  # workers that an operator has disabled

    def close(self) -> None:
        """Close the connections. The next call opens new ones."""
        self._calls.close()

    def call(self, method: str, /, **arguments: Any) -> Any:
        """One call of the server's API as it is: its answer to `method` with `arguments`, which travel as JSON."""
        return self._calls.call(method, arguments)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """The calls of the server's API that have no method of their own here."""
        if name.startswith("_"):
            raise AttributeError(name)
        from luigi.rpc.methods import remote_method

        return remote_method(self._calls, name)

    # --- workers -----------------------------------------------------------------------------------------------

    def add_worker(self, worker: str, info: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        """Introduce a worker: `info` is what it says of itself, as pairs (host, pid, first_task …)."""
        self._info[worker] = dict(info)
        self.call("add_worker", worker=worker, info=list(self._info[worker].items()), **kwargs)

    def ping(self, worker: str) -> Mapping[str, Any]:
        """Say that a worker lives; `rpc_messages` are those waiting for it. Tried once: the next one comes anyway."""
        return self._calls.call("ping", {"worker": worker}, attempts=1) or {"rpc_messages": ()}

    # --- the four verbs ----------------------------------------------------------------------------------------

    def declare(self, worker: str, tasks: Sequence[TaskSpec], batchers: Sequence[Batcher] = (), call: int = 0) -> None:
        """Make tasks known and say how they stand. Repeating it changes nothing."""
        if worker not in self._info:
            self.add_worker(worker, ())
        for family, batched, size in batchers:
            self.call(
                "add_task_batcher", worker=worker, task_family=family, batched_args=list(batched), max_batch_size=size
            )
        for spec in tasks:
            if spec.status == UNKNOWN:
                self.call("announce_scheduling_failure", worker=worker, **arguments.of_broken_task(spec))
            # What a finished or broken task requires was not asked for: the server keeps what it knows of that.
            deps = None if spec.deps is None or spec.status in (DONE, UNKNOWN) else list(spec.deps)
            expl = written_explanation(spec.explanation)
            self._add_task(worker, spec, status=spec.status, deps=deps, runnable=spec.runnable, expl=expl)
            if spec.runnable:
                self._leases.specs[spec.task_id] = spec

    def exchange(self, worker: str, said: Sequence[Said], want: int, call: int = 0) -> Reply:
        """Hand in what a worker says, take up to `want` new assignments.

        Only reports change counts: with anything else and no wants, those last told are given.
        """
        refused = [_subject(one) for one in said if not self._pass_on(worker, one)]
        assignments = list(self._assignments(worker, want))
        if not want and (not said or any(isinstance(one, Report) for one in said)):
            self._note_counts(worker, self.call("count_pending", worker=worker))
        counts, enabled = self._counts.get(worker, NO_COUNTS), worker not in self._disabled
        return Reply(assignments, counts, refused, enabled=enabled)

    def control(self, order: Order) -> Any:
        """Carry out an operator's order. Raises KernelError when it does not apply, saying why."""
        return carry_out(self.call, order)

    def view(self, question: Question) -> Any:
        """Answer a question; `luigi.rpc.questions` says which nouns there are."""
        return look_up(self.call, question)

    # --- what is said ------------------------------------------------------------------------------------------

    def _pass_on(self, worker: str, said: Said) -> bool:
        """Tell the server; False when the task is not this worker's by that assignment any more."""
        if isinstance(said, Answer):
            self.call(
                "add_scheduler_message_response",
                task_id=said.task_id,
                message_id=said.message_id,
                response=said.text,
            )
            return True
        if isinstance(said, Began):
            return self._begin(worker, said)
        if not self._leases.believes(worker, said.task_id, said.token):
            return False
        if isinstance(said, Progress):
            self._progress(worker, said)
        else:
            self._report(worker, said)
        return True

    def _begin(self, worker: str, began: Began) -> bool:
        batch = self._leases.begin(worker, *began)
        if batch is None:
            return False
        self._add_task(worker, began.spec, status=RUNNING, batch_id=batch.batch_id)
        return True

    def _report(self, worker: str, said: Report) -> None:
        expl, specs = written_explanation(said.explanation), self._leases.specs
        for task_id in self._leases.end(worker, said.task_id, said.token):
            new_deps = list(said.new_deps)
            self._add_task(worker, specs[task_id], status=said.status, new_deps=new_deps, runnable=None, expl=expl)
            if said.status == DONE:
                del specs[task_id]

    def _progress(self, worker: str, said: Progress) -> None:
        task_id = said.task_id
        if said.tracking_url is not None:
            self._add_task(worker, self._leases.specs[task_id], status=RUNNING, tracking_url=said.tracking_url)
        if said.status_message is not None:
            self.call("set_task_status_message", task_id=task_id, status_message=said.status_message)
        if said.percentage is not None:
            self.call("set_task_progress_percentage", task_id=task_id, progress_percentage=said.percentage)
        if said.given_back:
            self.call("decrease_running_task_resources", task_id=task_id, decrease_resources=dict(said.given_back))

    def _add_task(self, worker: str, spec: TaskSpec, **said: Any) -> None:
        """Say something of a task, and all the rest again."""
        self.call("add_task", worker=worker, assistant=self._assists(worker), **arguments.of_task(spec), **said)

    # --- assignments -------------------------------------------------------------------------------------------

    def _assignments(self, worker: str, want: int) -> Iterator[Assignment]:
        host = self._info.get(worker, {}).get("host")
        for _ in range(want):
            # A task that runs here and is not listed would be handed out again: its first hand-out may have been lost.
            running = self._leases.running(worker)
            work = self.call(
                "get_work", worker=worker, host=host, assistant=self._assists(worker), current_tasks=running
            )
            self._note_counts(worker, work)
            if work["task_id"] is None and not work.get("batch_task_ids"):
                return
            assignment = self._leases.assign(worker, work)
            for task_id in assignment.batch or [assignment.task_id]:
                self._complete_spec(task_id, assignment)
            yield assignment

    def _complete_spec(self, task_id: str, assignment: Assignment) -> None:
        """What to repeat in reports on a task that another worker declared, and this one assists with."""
        if task_id not in self._leases.specs:
            needs = self.call("get_running_task_resources", task_id=task_id)["resources"] or {}
            params = {} if assignment.batch else assignment.params
            self._leases.specs[task_id] = TaskSpec(
                task_id, assignment.family, assignment.module, params, resources=needs
            )

    def _assists(self, worker: str) -> bool:
        return bool(self._info.get(worker, {}).get("assistant", False))

    def _note_counts(self, worker: str, told: Mapping[str, Any]) -> None:
        """Note what is left, from an answer that says so. A disabled worker is not told what it declared last."""
        elsewhere = {task["task_id"]: task["worker"] for task in told["running_tasks"] if task["worker"] != worker}
        last = told.get("n_pending_last_scheduled", 0)
        self._counts[worker] = Counts(told["n_pending_tasks"], told["n_unique_pending"], last, elsewhere)
        if told.get("worker_state") == "disabled":
            self._disabled.add(worker)


def _subject(said: Said) -> str:
    """The task that something is said of."""
    return said.spec.task_id if isinstance(said, Began) else said.task_id
