"""Why a task that waits for no other is not running yet: its worker, its resources, or an operator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

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
        yield _nobody_can_run(task)
    else:
        obstacles = [*_paused(machine, task), *(list(_resources(machine, task, now)) or _claimed(machine, task))]
        yield from obstacles or _next(machine, task, now)


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
    used, limit = machine.resources.used, machine.resources.limit
    lacking = [(name, amount) for name, amount in task.needs if used.get(name, 0) + amount > limit(name)]
    holders = holders_by_resource(machine) if lacking else {}
    for name, amount in lacking:
        if amount > limit(name):
            told = f"{display_name(task)} wants {amount} of {name}, and there are only {limit(name)} in all."
            yield step(task, "too much", told, "Set a higher limit, or let the task want less.")
            continue
        named = [
            f"{holder['amount']} by {holder['name']} on {holder['worker']} for {for_long(now - holder['since'])}"
            for holder in holders.get(name, [])
        ]
        more = f" and {len(named) - NAMED:,} more" if len(named) > NAMED else ""
        told = f"{display_name(task)} wants {amount} of {name}; {used[name]} of {limit(name)} in use: "
        yield step(task, "used up", f"{told}{', '.join(named[:NAMED])}{more}.")


def _claimed(machine: Machine, task: TaskRecord) -> Iterator[Step]:
    """Whether a better task stands before it for each worker that can run it, or for one that waits for work."""
    before = {
        worker: (_order(best), best, name, waits)
        for name, _ in task.needs
        for worker, waits, best in machine.claims(name)
        if _order(best) < _order(task)
    }
    if before and (any(waits for *_, waits in before.values()) or before.keys() >= set(task.runners)):
        worker, (_, best, name, _) = min(before.items(), key=lambda item: item[1][0])
        told = f"{display_name(task)} is ready, but {display_name(best)}, which comes before it, claims {name}"
        yield step(task, "claimed", f"{told} for {worker}.", f"It is handed out after {display_name(best)}.")


def _order(task: TaskRecord) -> tuple[float, int]:
    """Of two tasks, that which is handed out first is the lesser one."""
    return -task.rank, task.age


def _next(machine: Machine, task: TaskRecord, now: float) -> Iterator[Step]:
    """Nothing is in its way but that a worker has to ask for it."""
    runners = [worker for name in task.runners if (worker := machine.workers.get(name)) is not None]
    told = f"{display_name(task)} is ready. It is handed out when its turn comes, by priority, then age: "
    yield step(task, "ready", told + "; ".join([_worker(worker, now) for worker in runners]) + ".")
    yield from silence(task, runners, now)


def _worker(worker: WorkerRecord, now: float) -> str:
    asked = f"asked for work {ago(worker.asked, now)}" if worker.asked is not None else "has not asked for work yet"
    return f"{worker.worker_id} runs {len(worker.running)} and {asked}"
