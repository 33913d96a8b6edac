"""The four verbs over Luigi's own API, for Luigi's server: one task a call, and neither tokens nor numbers of calls.

What the server lacks is made up for here: tokens (`leases`), and how far a call came whose rest did not arrive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

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
from luigi.rpc.failures import KERNEL_HINT, NotSpoken
from luigi.rpc.leases import Leases
from luigi.rpc.operators import carry_out, written_explanation
from luigi.rpc.questions import look_up
from luigi.rpc.servers import attempts_for
from luigi.task_status import DONE, RUNNING, UNKNOWN

NO_COUNTS = Counts(0, 0, 0)
NEWER_FACTS = frozenset({"command", "code_version", "roots"})
"""What workers say of themselves and Luigi's server does not know."""


@dataclass(slots=True)
class Made:
    """How far one call of a worker came."""

    call: int
    said: int = 0
    """How much of what was to be said has arrived."""
    refused: list[str] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)


class LuigiWire:
    """Speaks by `calls`. Several threads may. A call with a number is tried once: who numbers it makes it again.

    Made again under its number, an exchange goes on from where it stopped. Every method raises RPCError.
    """

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._leases = Leases()
        self._info: dict[str, dict[str, Any]] = {}  # worker → what it said of itself
        self._counts: dict[str, Counts] = {}  # worker → what was left when last told
        self._disabled: set[str] = set()  # workers that an operator has disabled
        self._made: dict[str, Made] = {}  # worker → its last numbered exchange

    def introduce(self, worker: str, info: Mapping[str, Any], attempts: int | None = None) -> None:
        """Make a worker known, and what it says of itself."""
        known = {name: value for name, value in info.items() if name not in NEWER_FACTS}
        self._calls.call("add_worker", {"worker": worker, "info": list(known.items())}, attempts)
        self._info[worker] = known

    def ping(self, worker: str) -> Mapping[str, Any]:
        """A sign of life, and what it brings. Tried once: the next one comes anyway."""
        return self._calls.call("ping", {"worker": worker}, attempts=1) or {"rpc_messages": ()}

    def farewell(self, worker: str, status: str) -> None:
        """This server does not ask how a run ended."""

    # --- the four verbs ----------------------------------------------------------------------------------------

    def declare(
        self, worker: str, tasks: Sequence[TaskSpec], batchers: Sequence[Batcher], call: int, submission: str = ""
    ) -> None:
        """Make tasks known and say how they stand. Repeating it changes nothing. Raises NotSpoken for submissions."""
        if submission:
            raise NotSpoken("the scheduler knows no submissions", hint=KERNEL_HINT)
        if worker not in self._info:
            self.introduce(worker, {}, attempts_for(call))
        say = self._saying(call)
        for family, batched, size in batchers:
            say("add_task_batcher", worker=worker, task_family=family, batched_args=list(batched), max_batch_size=size)
        for spec in tasks:
            if spec.status == UNKNOWN:
                say("announce_scheduling_failure", worker=worker, **arguments.of_broken_task(spec))
            # What a finished or broken task requires was not asked for: the server keeps what it knows of that.
            deps = None if spec.deps is None or spec.status in (DONE, UNKNOWN) else list(spec.deps)
            expl = written_explanation(spec.explanation)
            self._add_task(say, worker, spec, status=spec.status, deps=deps, runnable=spec.runnable, expl=expl)
            if spec.runnable:
                self._leases.specs[spec.task_id] = spec

    def exchange(self, worker: str, said: Sequence[Said], want: int, call: int, waits: int = 0) -> Reply:
        """Hand in what a worker says, take up to `want` new assignments. A task that only waits is one like others.

        Only reports change counts: with anything else and no wants, those last told are given.
        """
        say, made = self._saying(call), self._made_of(worker, call)
        for one in said[made.said :]:
            if not self._pass_on(say, worker, one):
                made.refused.append(_subject(one))
            made.said += 1
        self._take(say, worker, want, made.assignments)
        if not want and (not said or any(isinstance(one, Report) for one in said)):
            self._note_counts(worker, say("count_pending", worker=worker))
        counts, enabled = self._counts.get(worker, NO_COUNTS), worker not in self._disabled
        return Reply(made.assignments, counts, made.refused, enabled=enabled)

    def control(self, order: Order) -> Any:
        """Carry out an operator's order. Raises KernelError when it does not apply, saying why."""
        return carry_out(self._saying(0), order)

    def view(self, question: Question) -> Any:
        """Answer a question; `luigi.rpc.questions` says which nouns there are."""
        return look_up(self._saying(0), question)

    def _saying(self, call: int) -> Callable[..., Any]:
        """What makes calls of the API for one of ours."""
        attempts = attempts_for(call)
        return lambda method, **arguments: self._calls.call(method, arguments, attempts)

    def _made_of(self, worker: str, call: int) -> Made:
        """How far the call came before."""
        made = self._made.get(worker)
        if made is None or not call or made.call != call:
            made = Made(call)
            if call:
                self._made[worker] = made
        return made

    # --- what is said ------------------------------------------------------------------------------------------

    def _pass_on(self, say: Callable[..., Any], worker: str, said: Said) -> bool:
        """Tell the server; False when the task is not this worker's by that assignment any more."""
        if isinstance(said, Answer):
            task_id, message_id, text = said
            say("add_scheduler_message_response", task_id=task_id, message_id=message_id, response=text)
            return True
        if isinstance(said, Began):
            return self._begin(say, worker, said)
        if not self._leases.believes(worker, said.task_id, said.token):
            return False
        if isinstance(said, Progress):
            self._progress(say, worker, said)
        else:
            self._report(say, worker, said)
        return True

    def _begin(self, say: Callable[..., Any], worker: str, began: Began) -> bool:
        batch = self._leases.batch(worker, began.token)
        if batch is None:
            return False
        self._add_task(say, worker, began.spec, status=RUNNING, batch_id=batch.batch_id)
        self._leases.begin(worker, *began)
        return True

    def _report(self, say: Callable[..., Any], worker: str, said: Report) -> None:
        expl, specs = written_explanation(said.explanation), self._leases.specs
        members = self._leases.members(said.task_id, said.token)
        for task_id in members:
            new_deps = list(said.new_deps)
            self._add_task(say, worker, specs[task_id], status=said.status, new_deps=new_deps, runnable=None, expl=expl)
        self._leases.end(worker, said.task_id, said.token)
        if said.status == DONE:
            for task_id in members:
                del specs[task_id]

    def _progress(self, say: Callable[..., Any], worker: str, said: Progress) -> None:
        task_id = said.task_id
        if said.tracking_url is not None:
            self._add_task(say, worker, self._leases.specs[task_id], status=RUNNING, tracking_url=said.tracking_url)
        if said.status_message is not None:
            say("set_task_status_message", task_id=task_id, status_message=said.status_message)
        if said.percentage is not None:
            say("set_task_progress_percentage", task_id=task_id, progress_percentage=said.percentage)
        if said.given_back:
            say("decrease_running_task_resources", task_id=task_id, decrease_resources=dict(said.given_back))

    def _add_task(self, say: Callable[..., Any], worker: str, spec: TaskSpec, **said: Any) -> None:
        """Say something of a task, and all the rest again."""
        say("add_task", worker=worker, assistant=self._assists(worker), **arguments.of_task(spec), **said)

    # --- assignments -------------------------------------------------------------------------------------------

    def _take(self, say: Callable[..., Any], worker: str, want: int, taken: list[Assignment]) -> None:
        """Ask for work until that is as much as is wanted, or there is none."""
        for assignment in self._assignments(say, worker, want - len(taken)):
            taken.append(assignment)

    def _assignments(self, say: Callable[..., Any], worker: str, want: int) -> Iterator[Assignment]:
        host = self._info.get(worker, {}).get("host")
        for _ in range(want):
            # A task that runs here and is not listed would be handed out again: its first hand-out may have been lost.
            running = self._leases.running(worker)
            work = say("get_work", worker=worker, host=host, assistant=self._assists(worker), current_tasks=running)
            self._note_counts(worker, work)
            if work["task_id"] is None and not work.get("batch_task_ids"):
                return
            members = work.get("batch_task_ids") or [work["task_id"]]
            specs = [self._complete_spec(say, task_id, work) for task_id in members]
            self._leases.specs.update({spec.task_id: spec for spec in specs})
            yield self._leases.assign(worker, work)

    def _complete_spec(self, say: Callable[..., Any], task_id: str, work: Mapping[str, Any]) -> TaskSpec:
        """What to repeat in reports on a task, also on one that another worker declared and this one assists with."""
        spec = self._leases.specs.get(task_id)
        if spec is not None:
            return spec
        needs = say("get_running_task_resources", task_id=task_id)["resources"] or {}
        params = {} if work.get("batch_task_ids") else work["task_params"]
        return TaskSpec(task_id, work["task_family"], work["task_module"], params, resources=needs)

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
