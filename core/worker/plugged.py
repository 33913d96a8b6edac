"""What plugins have a part in: how a worker's tasks are checked and run, by which executor, and who is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from luigi.executors import ExecutorSetup
from luigi.task import Task
from luigi.worker.checks.checks import Remembering
from luigi.worker.config import worker as worker_config
from luigi.worker.context import Rules, process_context
from luigi.worker.executor_choice import choose
from luigi.worker.record import RunRecord

if TYPE_CHECKING:
    from luigi.interfaces import Executor
    from luigi.notifying.of_worker import WorkerNotices
    from luigi.output.sink import Sink
    from luigi.plugin_manager import PluginManager
    from luigi.watchers import Telling
    from luigi.worker.context import Hearer


class Plugged:
    """One worker's plugins, the installed ones unless others are set, and what they make of the kernel's steps."""

    def __init__(self, config: worker_config, record: RunRecord) -> None:
        self.executor_name = ""
        """The executor that a user has named, if any."""
        self._config = config
        self._record = record

    @cached_property
    def plugins(self) -> PluginManager:
        """Set them before anything else is asked for."""
        from luigi.plugin_manager import PluginManager

        return PluginManager.with_installed()

    @cached_property
    def tell_watchers(self) -> Telling | None:
        """What tells those who watch `luigi_task_event`; None when nobody does."""
        return self.plugins.watchers("luigi_task_event")

    def notices(self) -> WorkerNotices:
        """What tells people of what goes wrong. Raises ConfigurationError and PluginError for a rule of the
        configuration that cannot be followed."""
        from luigi.notifying.of_worker import WorkerNotices

        return WorkerNotices(self.plugins, failures_mailed=self._config.send_failure_email)

    @cached_property
    def is_complete(self) -> Callable[[Task], bool]:
        """What checks one task: the task itself, what plugins put around it, and the memory of earlier answers."""
        from luigi.defaults import luigi_is_complete

        check = self.plugins.step("luigi_is_complete", luigi_is_complete)
        return Remembering(check, self._record) if self._config.cache_task_completion else check

    def executor(
        self,
        worker_id: str,
        line: Hearer,
        workers: int,
        output: Sink | None = None,
        redone: Iterable[str] = (),
    ) -> Executor:
        """What runs up to so many tasks at a time. `line` takes what they say of themselves, `output` what they print;
        `redone` are ids of tasks that are done again.

        Raises ConfigurationError for a `task_process_context` that there is not, and PluginError for an executor.
        """
        from luigi.defaults import luigi_run_task

        config = self._config
        setup = ExecutorSetup(
            Rules(
                worker_id,
                config.check_unfulfilled_deps,
                config.check_complete_on_run,
                process_context(config.task_process_context),
                self._record.run_id,
                frozenset(redone),
            ),
            self.is_complete,
            self.plugins.step("luigi_run_task", luigi_run_task),
            line,
            workers,
            self._discreet(output),
        )

        def make(name: str) -> Executor:
            return self.plugins.make("executors", name, setup)  # type: ignore[no-any-return]

        if name := self.executor_name or config.executor:
            return make(name)
        return choose(make, workers, config.force_multiprocessing)

    def _discreet(self, output: Sink | None) -> Sink | None:
        """What keeps the private values of tasks from `output`."""
        if output is None:
            return None
        from luigi.output.discretion import Discreet

        return Discreet(output, lambda task_id: seen.task if (seen := self._record.seen.get(task_id)) else None)
