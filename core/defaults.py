"""The essential plugin: what the kernel needs to run a graph alone, through the same hooks as everybody's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
def luigi_commands() -> Iterator[Command]:
    """The kernel's own commands."""
    from luigi.cli import new, plugins, run

    yield Command("run", "run a task, or a run named in the configuration", run.main)
    yield Command("plugins", "list, show and check plugins", plugins.main)
    yield Command("new", "write the beginning of a plugin", new.main)


@hookimpl
def luigi_is_complete(task: Task) -> bool:
    """Ask the task."""
    return task.complete()


@hookimpl
def luigi_run_task(task: Task, context: Context) -> Ran:
    """Run the task, as far as it goes."""
    return Ran(context.run())


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
