"""Luigi's scheduler methods over the four verbs: one method for each call of the wire, `/api/<method>`.

Arguments and answers are those of Luigi 3.8; docs/decisions says where the behaviour is another on purpose.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from luigi.metrics import MetricsCollectors
from luigi.scheduler.events import Effect, Event
from luigi.scheduler.facade.operator_calls import OperatorCalls
from luigi.scheduler.facade.page_calls import PageCalls
from luigi.scheduler.facade.task_calls import TaskCalls
from luigi.scheduler.facade.worker_calls import WorkerCalls

Method = TypeVar("Method", bound=Callable[..., Any])


def rpc_method(**request_args: Any) -> Callable[[Method], Method]:
    """Mark a method as one that may be called over the wire.

    `request_args` say how a client calls it (`attempts`, `allow_null`); they are kept as `rpc_request_args`.
    """

    def mark(method: Method) -> Method:
        method.rpc_request_args = request_args  # type: ignore[attr-defined]
        return method

    return mark


class LuigiApi(TaskCalls, OperatorCalls, PageCalls):
    """What workers, operators and pages of Luigi call."""


class Scheduler(LuigiApi):
    """The scheduler in this process, by Luigi's names and by the four verbs.

    Keywords are those of `Service`. One that is told by its options to collect metrics, keep history or send mails of
    failures together does so by the plugins at hand, unless a run, or a server, has it use its own.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self._has_somebody_to_tell():
            self.__dict__["_handle"] = self._handle_first

    def _has_somebody_to_tell(self) -> bool:
        config, metrics = self._config, self._config.metrics_collector
        asked = config.batch_emails or config.record_task_history or self.history is not None
        return asked or metrics is not MetricsCollectors.default

    def _handle_first(self, *happened: Event, call: tuple[str, int] = ("", 0)) -> list[Effect]:
        """The first call of all: nobody has given the scheduler its observers until now, so it finds them itself."""
        self.__dict__.pop("_handle", None)
        if self.observers is None:
            from luigi.observers import observers
            from luigi.plugin_manager import here

            observers(here(), self._config, history=self.history).attach(self)
        return self._handle(*happened, call=call)

    def dump(self) -> None:
        """Write all there is to remember to `[scheduler] state_path`, as JSON: whole, or not at all.

        Luigi keeps a pickle there, which nobody else can read; neither can the other's file be loaded.
        """
        from luigi.local_target import LocalTarget
        from luigi.scheduler.facade.dump import lines_of

        with LocalTarget(self._config.state_path).open("w") as file, self._lock:
            file.writelines(lines_of(self._machine))

    def state(self) -> dict[str, Any]:
        """All there is to remember, as one value that JSON can have."""
        from luigi.scheduler.facade.dump import state_of

        with self._lock:
            return state_of(self._machine)

    def load(self) -> None:
        """Take in what `dump` wrote, if there is anything. For a new scheduler, before any call.

        Raises KernelError when the file is not of that kind.
        """
        from pathlib import Path

        from luigi.scheduler.facade.dump import machine_from

        path = Path(self._config.state_path)
        if path.exists():
            with path.open("rb") as lines:
                self.go_on_from(machine_from(lines))


ATTEMPTS: Final[Mapping[str, Mapping[str, Any]]] = {"ping": {"attempts": 1}, "get_work": {"allow_null": False}}
"""Calls that a client makes in another way than the rest."""

RPC_METHODS: Final[Mapping[str, Callable[..., Any]]] = {
    name: rpc_method(**ATTEMPTS.get(name, {}))(method)
    for room in (WorkerCalls, TaskCalls, OperatorCalls, PageCalls)
    for name, method in vars(room).items()
    if not name.startswith("_") and callable(method) and name not in ("resources", "dump", "load")
}
"""The methods that the wire offers, by name."""
