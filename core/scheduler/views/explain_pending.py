"""Why a task that waits for no other is not running yet: its worker, its resources, or an operator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from luigi.resource_limits import per
from luigi.scheduler.lanes import POOLS
from luigi.scheduler.names import display_name
from luigi.scheduler.views.steps import Step, ago, for_long, silence, step
from luigi.scheduler.views.workers import holders_by_resource

if TYPE_CHECKING:
    from luigi.scheduler.machine import Machine
    from luigi.scheduler.records import TaskRecord
    from luigi.scheduler.workers import WorkerRecord

NAMED: Final = 3
"""How many of those that hold a resource are named."""


def will_not_run(machine: Machine, task: TaskRecord) -> bool:
    """Whether somebody has to act before this pending task, which waits for no other, can run."""
    return not task.runners or machine.resources.impossible(task.needs)


def pending(machine: Machine, task: TaskRecord, now: float) -> Iterator[Step]:
    """Each thing that keeps it waiting; if nothing does, when it is handed out."""
    if task.unmet:
        told = f"{display_name(task)} waits for tasks that wait for it in turn."
        yield step(task, "circle", told, "Let none of them require itself by way of others.")
    elif not task.runners:
        yield _held(machine, task) or _nobody_can_run(task)
    else:
        obstacles = [*_paused(machine, task), *(list(_resources(machine, task, now)) or _claimed(machine, task))]
        yield from obstacles or _next(machine, task, now)


def _held(machine: Machine, task: TaskRecord) -> Step | None:
    """What is asked for and not let go yet."""
    wanting = [machine.workers.get(name) for name in task.stakeholders]
    for worker in wanting:
        submission = worker.submission if worker is not None else None
        if worker is not None and submission is not None and task.task_id in submission.held:
            told = f"{display_name(task)} is held back: {worker.worker_id} has {submission.max_active} under way"
            return step(task, "held", f"{told} at a time, and {len(submission.held):,} to come.")
    return None


def _nobody_can_run(task: TaskRecord) -> Step:
    if not task.stakeholders:
        told = f"No worker is left that wants {display_name(task)} or can run it."
        return step(task, "nobody can run it", told, "Run it again; otherwise it is soon forgotten.")
    told = f"{display_name(task)} is not complete, and no worker can run it: an external task, or one without run()."
    return step(task, "nobody can run it", told, "See why what it stands for has not come; then run again.")


def _paused(machine: Machine, task: TaskRecord) -> Iterator[Step]:
    if machine.paused:
        yield step(task, "paused", "The scheduler is paused: nothing is handed out.", "Unpause it.")


def _resources(machine: Machine, task: TaskRecord, now: float) -> Iterator[Step]:
    resources, limit = machine.resources, machine.resources.limit
    used = {name: resources.used_at(name, now) for name, _ in task.needs}
    lacking = [(name, amount) for name, amount in task.needs if used[name] + amount > limit(name)]
    holders = holders_by_resource(machine) if lacking else {}
    for name, amount in lacking:
        if amount > limit(name):
            told = f"{display_name(task)} wants {amount} of {name}, and there are only {limit(name)} in all."
            yield step(task, "too much", told, "Set a higher limit, or let the task want less.")
            continue
        if name in resources.windows:
            yield _begun(machine, task, name, amount, now)
            continue
        named = [
            f"{holder['amount']} by {holder['name']} on {holder['worker']} for {for_long(now - holder['since'])}"
            for holder in holders.get(name, [])
        ]
        more = f" and {len(named) - NAMED:,} more" if len(named) > NAMED else ""
        told = f"{display_name(task)} wants {amount} of {name}; {used[name]} of {limit(name)} in use: "
        yield step(task, "used up", f"{told}{', '.join(named[:NAMED])}{more}.")


def _begun(machine: Machine, task: TaskRecord, name: str, amount: int, now: float) -> Step:
    resources = machine.resources
    rate = f"{resources.limit(name)} {per(resources.windows[name]).replace('/', 'per ')}"
    told = f"{display_name(task)} wants {amount} of {name}; {resources.used_at(name, now)} of {rate} were begun"
    until = resources.next_of(name, now)
    more = "" if until is None else f"; there is more of it in {for_long(until - now)}"
    return step(task, "used up", f"{told}{more}.")


def _claimed(machine: Machine, task: TaskRecord) -> Iterator[Step]:
    """Whether a better task stands before it for each worker that can run it, or for one that waits for work."""
    before = {
        worker: (_order(best), best, name, waits)
        for name, _ in task.needs
        for worker, waits, best in machine.claims(name)
        if _order(best) < _order(task)
    }
    if before and (any(waits for *_, waits in before.values()) or before.keys() >= _lines(machine, task)):
        worker, (_, best, name, _) = min(before.items(), key=lambda item: item[1][0])
        told = f"{display_name(task)} is ready, but {display_name(best)}, which comes before it, claims {name}"
        yield step(task, "claimed", f"{told} for {worker}.", f"It is handed out after {display_name(best)}.")


def _lines(machine: Machine, task: TaskRecord) -> set[str]:
    """For whom a task stands in line: workers of pools are one."""
    return {POOLS if name in machine.submissions else name for name in task.runners}


def _order(task: TaskRecord) -> tuple[float, int]:
    """Of two tasks, that which is handed out first is the lesser one."""
    return -task.rank, task.age


def _next(machine: Machine, task: TaskRecord, now: float) -> Iterator[Step]:
    """Nothing is in its way but that a worker has to ask for it."""
    runners = [worker for name in task.runners if (worker := machine.workers.get(name)) is not None]
    own = [worker for worker in runners if worker.submission is None]
    pools = [worker for worker in machine.workers if worker.pool is not None and worker.pool.takes(task.demand)]
    told = f"{display_name(task)} is ready. It is handed out when its turn comes, by priority, then age: "
    if len(own) == len(runners):
        yield step(task, "ready", told + "; ".join([_worker(worker, now) for worker in runners]) + ".")
    elif pools:
        yield step(task, "ready", f"{told}{len(pools):,} workers of pools take such tasks.")
    else:
        yield _no_pool(task)
    yield from silence(task, own or pools, now)


def _no_pool(task: TaskRecord) -> Step:
    queue, labels, module = task.demand
    wanted = [f"module {module}", f"queue {queue}" if queue else "no queue"]
    wanted += [f"labels {', '.join(labels)}"] if labels else []
    told = f"{display_name(task)} was submitted, and no worker of a pool is there that takes it: {', '.join(wanted)}."
    return step(task, "nobody can run it", told, "Start one: kernel worker, with --queue and --label as the task says.")


def _worker(worker: WorkerRecord, now: float) -> str:
    asked = f"asked for work {ago(worker.asked, now)}" if worker.asked is not None else "has not asked for work yet"
    return f"{worker.worker_id} runs {len(worker.running)} and {asked}"
