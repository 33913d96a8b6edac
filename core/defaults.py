"""The essential plugin: what the kernel needs to run a graph alone, through the same hooks as everybody's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from luigi.hookspecs import Command, Provider, Ran, hookimpl

if TYPE_CHECKING:
    from luigi.executors import ExecutorSetup
    from luigi.interfaces import Executor, Kept
    from luigi.plugin_manager import PluginManager
    from luigi.target import Target
    from luigi.task import Task
    from luigi.telling import Notifier
    from luigi.worker.context import Context


@hookimpl
def luigi_configure(config: Any, plugins: PluginManager) -> None:
    """Refuse a way to send mail that there is not, before it is needed."""
    method = config.get("email", "method", "") or config.get("email", "type", "")
    if method:
        plugins.provider("mailers", method)


@hookimpl
def luigi_targets() -> Iterator[Provider]:
    """Local files, and memory."""
    yield Provider("file", _local_target, "a file or folder of this machine")
    yield Provider("mock", _mock_target, "a file in this process's memory, for tests")


@hookimpl
def luigi_executors() -> Iterator[Provider]:
    """In this process, and in child processes."""
    yield Provider("inline", _inline_executor, "one task at a time, in this process")
    yield Provider("processes", _process_executor, "several tasks at a time, in child processes")


@hookimpl
def luigi_state_stores() -> Iterator[Provider]:
    """Memory: the state ends with the process."""
    yield Provider("memory", MemoryStore, "nowhere: the state ends with the process")


@hookimpl
def luigi_notifiers() -> Iterator[Provider]:
    """The log."""
    yield Provider("log", LogNotifier, "a line in the log")
    yield Provider("email", _email_notifier, "an e-mail, by Luigi's rules")


@hookimpl
def luigi_freshness_policies() -> Iterator[Provider]:
    """What is there is fresh, unless a task asks for more."""
    from luigi.redo.policies.code import Code
    from luigi.redo.policies.exists import Exists
    from luigi.redo.policies.inputs import Inputs
    from luigi.redo.policies.max_age import MaxAge
    from luigi.redo.policies.parameters import Parameters

    yield Provider("exists", Exists, "what is there is fresh")
    yield Provider("inputs", Inputs, "stale when an input is newer than an output")
    yield Provider("code", Code, "stale when the task's class was written otherwise")
    yield Provider("parameters", Parameters, "stale when an insignificant parameter had another value")
    yield Provider("max_age", MaxAge, "stale after so long: max_age=1d")


@hookimpl
def luigi_triggers() -> Iterator[Provider]:
    """The calendar, and the clock."""
    from luigi.triggers.kinds import SECTION, CronSettings, IntervalSettings, cron, interval

    yield Provider("cron", cron, "at the times of a cron expression", CronSettings, SECTION)
    yield Provider("interval", interval, "every so often", IntervalSettings, SECTION)


@hookimpl
def luigi_commands() -> Iterator[Command]:
    """The kernel's own commands."""
    yield Command("run", "run a task, or a run named in the configuration", _main_of("run"), "run")
    yield Command("backfill", "run a task for each moment of a range", _main_of("running.backfill"), "run")
    yield Command("worker", "run what others submit, until told to leave", _main_of("running.worker"), "run")
    yield Command("plan", "say what a run would do, and why", _main_of("explaining.plan"), "explain")
    yield Command("graph", "show what a task requires, as a tree or a drawing", _main_of("explaining.graph"), "explain")
    yield Command("explain", "say why a task is not running, or has failed", _main_of("operating.explain"), "explain")
    yield Command("logs", "show what a task printed", _main_of("operating.logs"), "explain")
    yield Command("history", "show what ran, when, and how it ended", _main_of("operating.history"), "explain")
    yield Command("status", "show how a scheduler stands", _main_of("operating.status"), "operate")
    yield Command("tasks", "list a scheduler's tasks, or a module's", _main_of("operating.tasks"), "operate")
    yield Command("workers", "list a scheduler's workers", _main_of("operating.workers"), "operate")
    yield Command("submissions", "list what was submitted, and wait", _main_of("operating.submissions"), "operate")
    yield Command("resources", "show or set what tasks share", _main_of("operating.resources"), "operate")
    yield Command("retry", "have what failed tried again", _main_of("operating.retry"), "operate")
    yield Command("cancel", "have a task or a run ended", _main_of("operating.cancel"), "operate")
    yield Command("forgive", "have a failed task tried once more", _main_of("operating.forgive"), "operate")
    yield Command("reenable", "give a disabled task back", _main_of("operating.reenable"), "operate")
    yield Command("mark-done", "say that a task is done", _main_of("operating.mark_done"), "operate")
    yield Command("message", "send a text to a running task", _main_of("operating.message"), "operate")
    yield Command("pause", "hand out no more tasks", _main_of("operating.pause"), "operate")
    yield Command("unpause", "hand out tasks again", _main_of("operating.unpause"), "operate")
    yield Command("triggers", "list, hold and run what starts by itself", _main_of("operating.triggers"), "operate")
    yield Command("outputs", "list what a task makes, and what is missing", _main_of("outputs.outputs"), "outputs")
    yield Command("clean", "remove what tasks have made", _main_of("outputs.clean"), "outputs")
    yield Command("orphans", "list files that no task makes", _main_of("outputs.orphans"), "outputs")
    yield Command("lint", "find mistakes in a module's tasks", _main_of("linting.lint"), "explain")
    yield Command("config", "show, check and begin the configuration", _main_of("configuring.config"), "set up")
    yield Command("plugins", "list, show and check plugins", _main_of("plugins"), "set up")
    yield Command("new", "write the beginning of a plugin", _main_of("new"), "set up")
    yield Command("execute-task", "in the job of a batch system, run its task", _main_of("execute_task"), "run")
    yield Command("completion", "have a shell complete commands and tasks", _main_of("completing.command"), "set up")


@hookimpl
def luigi_is_complete(task: Task) -> bool:
    """Ask the task."""
    return task.complete()


@hookimpl
def luigi_run_task(task: Task, context: Context) -> Ran:
    """Run the task, as far as it goes."""
    return Ran(context.run())


def _main_of(module: str) -> Callable[[list[str]], int]:
    """The `main` of a module of `luigi.cli`, imported when it is called: of many commands one runs."""

    def main(argv: list[str]) -> int:
        from importlib import import_module

        return int(import_module(f"luigi.cli.{module}").main(argv))

    return main


def _email_notifier() -> Notifier:
    from luigi.notifying.email_notifier import EmailNotifier

    return EmailNotifier()


def _local_target(url: str, **kwargs: Any) -> Target:
    from luigi.local_target import LocalTarget
    from luigi.target_urls import without_scheme

    return LocalTarget(without_scheme(url), **kwargs)


def _mock_target(url: str, **kwargs: Any) -> Target:
    from luigi.mock import MockTarget
    from luigi.target_urls import without_scheme

    return MockTarget(without_scheme(url), **kwargs)


def _inline_executor(setup: ExecutorSetup) -> Executor:
    from luigi.executors.inline import inline_executor

    return inline_executor(setup)


def _process_executor(setup: ExecutorSetup) -> Executor:
    from luigi.executors.processes import process_executor

    return process_executor(setup)


class MemoryStore:
    """A state store that keeps nothing beyond the process: the machine's own memory is the state."""

    durable = False

    def claim(self) -> bool:
        """Nobody else can write here."""
        return True

    def load(self) -> Kept:
        """There is never anything to load."""
        from luigi.interfaces import Kept

        return Kept((), 0, ())

    def append(self, entries: Sequence[tuple[int, str]]) -> None:
        """Nothing is kept."""

    def save(self, parts: Iterable[str], upto: int) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        """Nothing is held."""


class LogNotifier:
    """Writes each notice to the log."""

    def notify(self, notice: Any) -> None:
        """A warning with the notice's subject and text, less what a failure said: that is in the log already."""
        import logging

        said = str(notice.facts.get("explanation", "")).rstrip()
        text = notice.text.rstrip().removesuffix(said).rstrip()
        logging.getLogger("luigi-interface").warning("%s: %s", notice.subject, text or notice.text)
