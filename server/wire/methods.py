"""Luigi's calls: who may make each, whether it changes anything, and what its arguments may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from luigi.errors import did_you_mean
from luigi.rpc.records import WrongField
from luigi.server.guard.identity import Role
from luigi.server.wire.kinds import (
    Kind,
    amount,
    anything,
    flag,
    how_many,
    level,
    list_of,
    maybe,
    name,
    name_or_none,
    number,
    object_of,
    pairs,
    status,
    text,
    whole,
)
from luigi.server.wire.privacy import without_private
from luigi.server.wire.sizes import Limit, fewer_running, just_number, just_number_found, near_ones, nothing_running

NOTHING: Final[Mapping[str, Kind]] = {}


@dataclass(frozen=True, slots=True)
class Method:
    """One call. `required` arguments must be there, `optional` ones may; unknown ones are left out where `lenient`."""

    name: str
    role: Role
    required: Mapping[str, Kind] = field(default_factory=dict)
    optional: Mapping[str, Kind] = field(default_factory=dict)
    lenient: bool = False
    rest: Kind | None = None
    """What arguments are that have names of the caller's own."""
    limit: Limit | None = None
    """What keeps its answer short."""

    @property
    def changes(self) -> bool:
        """Whether it changes anything: viewers may make all calls that do not."""
        return self.role > Role.VIEWER

    def read(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments, checked. Raises WrongField, naming the one that will not do."""
        found = {}
        for argument, value in said.items():
            kind = self.required.get(argument) or self.optional.get(argument) or self.rest
            if kind is not None:
                found[name(argument, argument)] = kind(value, argument)
            elif not self.lenient:
                self._refuse(argument, value)
        for argument in self.required:
            if argument not in found:
                raise WrongField(argument, "a value", None)
        return without_private(found)

    def _refuse(self, argument: str, value: Any) -> None:
        known = [*self.required, *self.optional]
        error = WrongField(argument, "no argument of that name", value)
        error.hint = did_you_mean(argument, known) or f"{self.name} takes {', '.join(known) or 'none'}"
        raise error


TEXTS: Final = list_of(text)
IDS: Final = list_of(name)
PARAMS: Final = object_of(text)
LEVELS: Final = object_of(level)
NEEDS: Final = object_of(whole)
RETRIES: Final = object_of(maybe(number), ("retry_count", "disable_hard_timeout", "disable_window"))
TASK: Final[Mapping[str, Kind]] = {"task_id": name}
ANY_TASK: Final[Mapping[str, Kind]] = {"task_id": text}
WORKER: Final[Mapping[str, Kind]] = {"worker": name}

RUNNING: Final = Limit(fewer_running)
LIST: Final = Limit(just_number, "max_shown_tasks", "max_shown_tasks")
SEARCH: Final = Limit(just_number_found, "max_shown_tasks", "max_shown_tasks")
GRAPH: Final = Limit(near_ones, "max_nodes", "max_graph_nodes")
ROWS: Final = Limit(nothing_running)

OF_WORKERS: Final = (
    Method("add_worker", Role.WORKER, {**WORKER, "info": pairs}, lenient=True),
    Method(
        "add_task",
        Role.WORKER,
        {**TASK, **WORKER},
        {
            "status": status,
            "runnable": maybe(flag),
            "deps": maybe(IDS),
            "new_deps": maybe(IDS),
            "expl": maybe(text),
            "resources": maybe(NEEDS),
            "priority": number,
            "family": name_or_none,
            "module": maybe(text),
            "params": maybe(PARAMS),
            "param_visibilities": maybe(LEVELS),
            "accepts_messages": flag,
            "assistant": flag,
            "tracking_url": maybe(text),
            "batchable": maybe(flag),
            "batch_id": maybe(text),
            "retry_policy_dict": maybe(RETRIES),
            "owners": maybe(TEXTS),
        },
        lenient=True,
    ),
    Method(
        "add_task_batcher",
        Role.WORKER,
        {**WORKER, "task_family": name_or_none, "batched_args": TEXTS},
        {"max_batch_size": how_many},
    ),
    Method(
        "announce_scheduling_failure",
        Role.WORKER,
        {"task_name": text, "family": name_or_none, "params": PARAMS, "expl": maybe(text), "owners": maybe(TEXTS)},
        {"param_visibilities": maybe(LEVELS)},
        lenient=True,
    ),
    Method(
        "get_work",
        Role.WORKER,
        WORKER,
        {"host": maybe(text), "assistant": flag, "current_tasks": maybe(TEXTS)},
        lenient=True,
        limit=RUNNING,
    ),
    Method("count_pending", Role.WORKER, WORKER, limit=RUNNING),
    Method("ping", Role.WORKER, WORKER, lenient=True),
    Method("set_task_status_message", Role.WORKER, {**TASK, "status_message": maybe(text)}),
    Method("set_task_progress_percentage", Role.WORKER, {**TASK, "progress_percentage": maybe(number)}),
    Method("decrease_running_task_resources", Role.WORKER, {**TASK, "decrease_resources": object_of(amount)}),
    Method("add_scheduler_message_response", Role.WORKER, {**TASK, "message_id": text, "response": text}),
    Method("report_task_statistics", Role.WORKER, {**TASK, "statistics": object_of(anything)}),
    Method("update_metrics_task_started", Role.WORKER, {"task": anything}),
    Method("prune", Role.WORKER),
)
"""What workers say."""

OF_OPERATORS: Final = (
    Method("forgive_failures", Role.OPERATOR, NOTHING, {"task_id": maybe(text)}),
    Method("mark_as_done", Role.OPERATOR, NOTHING, {"task_id": maybe(text)}),
    Method("re_enable_task", Role.OPERATOR, ANY_TASK),
    Method("disable_worker", Role.OPERATOR, WORKER),
    Method("set_worker_processes", Role.OPERATOR, {**WORKER, "n": amount}),
    Method("send_scheduler_message", Role.OPERATOR, {**WORKER, "task": name, "content": text}),
    Method("pause", Role.OPERATOR),
    Method("unpause", Role.OPERATOR),
    Method("update_resource", Role.OPERATOR, {"resource": name, "amount": anything}),
    Method("update_resources", Role.OPERATOR, rest=amount),
)
"""What operators order. An amount that makes no sense is answered with false by `update_resource`, as Luigi does."""

OF_PAGES: Final = (
    Method(
        "task_list",
        Role.VIEWER,
        NOTHING,
        {
            "status": text,
            "upstream_status": text,
            "limit": flag,
            "search": maybe(text),
            "max_shown_tasks": maybe(amount),
        },
        lenient=True,
        limit=LIST,
    ),
    Method("task_search", Role.VIEWER, {"task_str": text}, {"limit": flag}, lenient=True, limit=SEARCH),
    Method("worker_list", Role.VIEWER, NOTHING, {"include_running": flag, "limit": flag}, lenient=True, limit=ROWS),
    Method("resource_list", Role.VIEWER, limit=ROWS),
    Method("graph", Role.VIEWER, NOTHING, {"limit": flag}, lenient=True, limit=GRAPH),
    Method(
        "dep_graph",
        Role.VIEWER,
        ANY_TASK,
        {"include_done": flag, "limit": flag},
        lenient=True,
        limit=GRAPH,
    ),
    Method(
        "inverse_dep_graph",
        Role.VIEWER,
        ANY_TASK,
        {"include_done": flag, "limit": flag},
        lenient=True,
        limit=GRAPH,
    ),
    Method("fetch_error", Role.VIEWER, ANY_TASK, lenient=True),
    Method("get_task_status_message", Role.VIEWER, ANY_TASK),
    Method("get_task_progress_percentage", Role.VIEWER, ANY_TASK),
    Method("get_running_task_resources", Role.VIEWER, ANY_TASK),
    Method("get_scheduler_message_response", Role.VIEWER, {**ANY_TASK, "message_id": text}),
    Method("has_task_history", Role.VIEWER),
    Method("is_pause_enabled", Role.VIEWER),
    Method("is_paused", Role.VIEWER),
)
"""What pages ask."""

METHODS: Final = (*OF_WORKERS, *OF_OPERATORS, *OF_PAGES)
"""All calls: those of `luigi.scheduler.RPC_METHODS`."""
