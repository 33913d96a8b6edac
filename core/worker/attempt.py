"""One try at one task, in whatever process: check its requirements, run it, tell its events, say how it ended.

A `run()` that yields is kept suspended here and goes on with the outputs of what it yielded; it starts from the top
only when this object is gone.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Generator, Sequence
from typing import TYPE_CHECKING, Any

from luigi.clock import SYSTEM
from luigi.errors import BadRequirement, KernelError
from luigi.event import Event
from luigi.graph import describe_outputs, is_external
from luigi.interfaces import Outcome
from luigi.running_now import running_now
from luigi.target import replacing
from luigi.task import DynamicRequirements, Task
from luigi.task_status import DONE, FAILED, PENDING
from luigi.worker.context import Context, Reporter, Rules

if TYPE_CHECKING:
    from luigi.hookspecs import Ran

logger = logging.getLogger("luigi-interface")

IsComplete = Callable[[Task], bool]
RunTask = Callable[[Task, Context], "Ran"]


class UnfulfilledDependencies(KernelError, RuntimeError):
    """Requirements that were complete, or ran, are not there when the task is to run."""

    def __init__(self, missing: list[Task]) -> None:
        noun = "dependency" if len(missing) == 1 else "dependencies"
        super().__init__(f"Unfulfilled {noun} at run time: {', '.join(map(_with_outputs, missing))}")
        self.hint = "the task that makes it succeeded without writing it, or it was removed since"
        self.missing = [task.task_id for task in missing]


def _with_outputs(task: Task) -> str:
    outputs = describe_outputs(task)
    return f"{task.task_id} ({outputs})" if outputs else task.task_id


class NotComplete(KernelError):
    """A task ended and is still not complete."""


class BadYield(BadRequirement):
    """`run()` yielded something that is not a Task."""


class Attempt:
    """One try at `task`. `go()` begins it, and goes on with it after it was suspended."""

    __slots__ = ("_generator", "_is_complete", "_rules", "_run_task", "_seconds", "_yielded", "task")

    def __init__(self, task: Task, rules: Rules, is_complete: IsComplete, run_task: RunTask) -> None:
        self.task = task
        self._rules = rules
        self._is_complete = is_complete
        self._run_task = run_task
        self._generator: Generator[Any, Any, Any] | None = None
        self._yielded: DynamicRequirements | None = None
        self._seconds = 0.0

    def go(self, token: int, reporter: Reporter) -> Outcome:
        """Run the task until it ends or waits for new requirements. Only KeyboardInterrupt gets out."""
        enter = self._rules.process_context
        if enter is None:
            return self._go(token, reporter)
        from luigi.worker.task_process import RunningHere

        try:
            with enter(RunningHere(self.task, self._rules, reporter)):
                return self._go(token, reporter)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # the context's own: `_go` raises none
            return self._failed(token, error)

    def _go(self, token: int, reporter: Reporter) -> Outcome:
        task = self.task
        task.__dict__["_reporter"] = reporter
        before = running_now.set((task, token, self._rules.run_id))
        try:
            waits_for = self._step(Context(self._rules.worker_id, token, self._run, self._rules.run_id))
            if waits_for is not None:
                self._log("new requirements      ")
                return Outcome(task, token, PENDING, None, waits_for, (), self._seconds)
            return Outcome(task, token, DONE, self._succeed(), (), (), self._seconds)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a task may raise anything, SystemExit too: that is a failure of the task
            return self._failed(token, error)
        finally:
            running_now.reset(before)
            task.__dict__.pop("_reporter", None)

    def _failed(self, token: int, error: BaseException) -> Outcome:
        self.close()
        missing = error.missing if isinstance(error, UnfulfilledDependencies) else ()
        explanation = self._fail(error)
        return Outcome(self.task, token, FAILED, explanation, (), missing, self._seconds, self._is_retriable(error))

    def close(self) -> None:
        """Give up a suspended run: its `finally` blocks are run."""
        generator, self._generator = self._generator, None
        if generator is None:
            return
        try:
            generator.close()
        except (Exception, SystemExit):
            logger.exception("%s: raised while its suspended run() was given up", self.task)

    # --- running -----------------------------------------------------------------------------------------------

    def _step(self, context: Context) -> Sequence[Task] | None:
        """Begin or go on; what the task now waits for, or None when it has ended."""
        task = self.task
        if self._generator is None:
            if self._rules.check_unfulfilled_deps:
                self._check_dependencies()
            self._log("running  ")
            task.trigger_event(Event.START, task)
        if is_external(task):
            self._look_again()
            return None
        started = SYSTEM.monotonic()
        before = replacing.set(task.task_id in self._rules.redone)
        try:
            return self._run_task(task, context).waits_for
        finally:
            replacing.reset(before)
            self._seconds += SYSTEM.monotonic() - started

    def _check_dependencies(self) -> None:
        missing = [dep for dep in self.task.deps() if not self._is_complete(dep)]
        if missing:
            raise UnfulfilledDependencies(missing)

    def _look_again(self) -> None:
        """What running an external task comes to."""
        if not self._is_complete(self.task):
            raise NotComplete("Task is an external data dependency and data does not exist (yet?).")

    def _run(self) -> list[Task] | None:
        """One stretch: from the start, or from where the task waited, to its end or its next wait."""
        if self._generator is not None:
            return self._resume()
        result = self.task.run()
        if not isinstance(result, Generator):
            return None
        self._generator = result
        return self._advance(None)

    def _resume(self) -> list[Task] | None:
        """Go on after a wait; what was waited for must be there, or the wait goes on."""
        assert self._yielded is not None
        if not self._yielded.complete(self._is_complete):
            return self._yielded.flat_requirements
        return self._advance(self._yielded.paths)

    def _advance(self, answer: Any) -> list[Task] | None:
        """Run the generator on while what it yields is complete."""
        assert self._generator is not None
        while True:
            try:
                wanted = self._generator.send(answer)
            except StopIteration:
                return None
            self._yielded = yielded = _requirements(self.task, wanted)
            if not yielded.complete(self._is_complete):
                return yielded.flat_requirements
            answer = yielded.paths

    # --- ends --------------------------------------------------------------------------------------------------

    def _succeed(self) -> str | None:
        task = self.task
        if self._rules.check_complete_on_run and not self._is_complete(task):
            raise NotComplete("Task finished running, but complete() is still returning false.")
        task.trigger_event(Event.PROCESSING_TIME, task, self._seconds)
        explanation = task.on_success()
        self._log("done     ")
        task.trigger_event(Event.SUCCESS, task)
        return None if explanation is None else str(explanation)

    def _fail(self, error: BaseException) -> str | None:
        task = self.task
        if isinstance(error, UnfulfilledDependencies | NotComplete | BadYield):  # no line of the task's is to blame
            logger.error("[pid %s] Worker %s failed    %s: %s", os.getpid(), self._rules.worker_id, task, error)
        else:
            self._log_traceback(error)
        task.trigger_event(Event.FAILURE, task, error)
        try:
            explanation = task.on_failure(error)
        except (Exception, SystemExit):
            logger.exception("%s: on_failure() raised", task)
            explanation = _traceback()
        return None if explanation is None else _masked(task, error, str(explanation))

    def _log_traceback(self, error: BaseException) -> None:
        facts = os.getpid(), self._rules.worker_id, self.task
        text = _traceback()
        shown = _masked(self.task, error, text)
        if shown == text:
            logger.exception("[pid %s] Worker %s failed    %s", *facts)
        else:
            logger.error("[pid %s] Worker %s failed    %s\n%s", *facts, shown)

    def _is_retriable(self, error: BaseException) -> bool:
        """Whether trying again may help: the task's `retry_on` names what that is true of, None means anything.

        What was missing before or after the run is not for `retry_on` to say: nothing was raised by the task.
        """
        retry_on = self.task.retry_on
        try:
            return retry_on is None or isinstance(error, (retry_on, UnfulfilledDependencies, NotComplete))
        except TypeError:
            text = "%s: retry_on is %r, not exception classes; the task is tried again after any failure"
            logger.warning(text, self.task.task_family, retry_on)
            return True

    def _log(self, what: str) -> None:
        if logger.isEnabledFor(logging.INFO):
            logger.info("[pid %s] Worker %s %s %s", os.getpid(), self._rules.worker_id, what, self.task)


def _traceback() -> str:
    import traceback

    return traceback.format_exc()


def _masked(task: Task, error: BaseException, text: str) -> str:
    """The text without the values of private parameters, which leave the process with nothing."""
    from luigi.private_values import masked_error

    return masked_error(task, error, text)


def _requirements(task: Task, yielded: Any) -> DynamicRequirements:
    requirements = yielded if isinstance(yielded, DynamicRequirements) else DynamicRequirements(yielded)
    for required in requirements.flat_requirements:
        if not isinstance(required, Task):
            raise BadYield(task, required, by="run() yielded")
    return requirements
