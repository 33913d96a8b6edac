"""Every hook of the kernel: when it is called, what an implementation may return, what happens if it raises.

A plugin is a module or object with functions marked `@luigi.hookimpl` and named as here. *Providers* offer something
by name; one that raises stops the start, naming plugin and hook. *Steps* are wrapped with
`@luigi.hookimpl(wrapper=True)`. *Moments* are only watched: each plugin is told in a thread of its own, in the order
they came, a little after they happened and all of them by the end of the run. One that raises is logged once with its
plugin's name and counted, and after a hundred times in a row it is told no more; one that hangs is not waited for. The
others are still told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pluggy

if TYPE_CHECKING:
    from luigi.plugin_manager import PluginManager
    from luigi.task import Task
    from luigi.worker.context import Context
    from luigi.worker.record import RunRecord

PROJECT = "luigi"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


KINDS: Final = (
    "authenticators",
    "commands",
    "config_parsers",
    "executors",
    "freshness_policies",
    "mailers",
    "metrics_collectors",
    "notifiers",
    "observers",
    "state_stores",
    "targets",
    "task_histories",
    "triggers",
)
"""What plugins offer by name: for each of these there is a hook `luigi_KIND`."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Something a plugin offers by name."""

    name: str
    """What configuration and users call it; for targets the URL's scheme."""
    factory: Callable[..., Any]
    """Makes one. What it is called with is said at the hook; where there are `settings`, they come last."""
    summary: str = ""
    """One line for a list of what there is."""
    settings: type | None = None
    """What can be configured: a frozen dataclass whose fields are the options (see `luigi.plugin_settings`), or a
    `luigi.Config`. The factory gets an instance."""
    section: str = ""
    """The configuration section of `settings`; unless given, the name. A `luigi.Config` knows its own."""
    extra: str = ""
    """The extra of luigi-kernel that brings what it needs; empty when it needs nothing more."""
    needs: Sequence[str] = ()
    """The modules that it cannot do without."""
    check: Callable[..., str | None] | None = None
    """A self-test for `kernel plugins check`, called with the settings, if any: says what works, raises what does not.
    It changes nothing anywhere, and sends nothing to anybody."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the `kernel` program."""

    name: str
    summary: str
    main: Callable[[list[str]], int]
    """Called with the arguments behind the command's name; gives the exit code."""
    group: str = "more"
    """Under what `kernel --help` lists it: run, explain, operate, outputs, set up, or more."""


SchedulerNow = Callable[[], Any]
"""Gives the scheduler of a server, as long as that leads."""


class Ran(NamedTuple):
    """How far a task ran."""

    waits_for: Sequence[Task] | None = None
    """None when its `run()` has ended; for a task with dynamic requirements, those it yielded and now waits for."""


class Hooks:
    """The specifications, in the order a run meets them."""

    # --- set-up ------------------------------------------------------------------------------------------------

    @hookspec
    def luigi_configure(self, config: Any, plugins: PluginManager) -> None:
        """Once, when all plugins are loaded; at once for one that is registered later.

        `config` is the parser of `luigi.configuration`. A plugin that raises stops the start.
        """

    # --- providers ---------------------------------------------------------------------------------------------

    @hookspec
    def luigi_targets(self) -> Iterable[Provider]:  # type: ignore[empty-body]
        """Targets by URL scheme. The factory is called with the whole URL and gives a Target; `luigi.open_target` asks.

        Example: `yield Provider("s3", S3Target, "an object in S3")`.
        """

    @hookspec
    def luigi_executors(self) -> Iterable[Provider]:  # type: ignore[empty-body]
        """Executors by name. The factory is called with an `ExecutorSetup` and gives an `interfaces.Executor`."""

    @hookspec
    def luigi_state_stores(self) -> Iterable[Provider]:  # type: ignore[empty-body]
        """Places for the scheduler's state by name. The factory takes nothing and gives an `interfaces.StateStore`."""

    @hookspec
    def luigi_notifiers(self) -> Iterable[Provider]:  # type: ignore[empty-body]
        """Ways to tell people by name. The factory takes its settings, if any, and gives a `telling.Notifier`.

        One that no `[notify.RULE]` section names is told of every failure as soon as all its settings have values.
        """

    @hookspec
    def luigi_mailers(self) -> Iterable[Provider]:  # type: ignore[empty-body]
        """Ways to send e-mail, by what `[email] method` calls them. The factory gives a `telling.Mailer`."""

    @hookspec
    def luigi_metrics_collectors(self) -> Iterable[Provider]:  # type: ignore[empty-body]
        """Metrics collectors, by what `[scheduler] metrics_collector` calls them. The factory gives a
        `telling.MetricsCollector`."""

    @hookspec
    def luigi_task_histories(self) -> Iterable[Provider]:  # type: ignore[empty-body]
        """Places for the history of tasks and runs, by what `[task_history] kind` calls them. The factory gives a
        `telling.TaskHistory`."""

    @hookspec
    def luigi_observers(self) -> Iterable[Provider]:  # type: ignore[empty-body]
        """Plugins that watch or wrap when `[core] observers` asks for them, by what it calls them.

        The factory gives a plugin: an object with implementations of steps and moments. It is made and registered with
        the other plugins, in every process that runs tasks.
        """

    @hookspec
    def luigi_config_parsers(self) -> Iterable[Provider]:  # type: ignore[empty-body]
        """Configuration formats, by what `LUIGI_CONFIG_PARSER` calls them and files end with. The factory takes the
        text of a file and its path, and gives sections, each a mapping of options to values.

        Plugins named in a configuration file come too late to read it: only installed ones are asked.
        """

    @hookspec
    def luigi_freshness_policies(self) -> Iterable[Provider]:  # type: ignore[empty-body]
        """Ways to tell that a complete task is stale, by what `freshness` of a class and `[freshness]` call them.

        The factory is called with the text behind the name, `1d` of `max_age=1d`, and gives a
        `redo.policy.FreshnessPolicy`: a new one for each run, and each plan of one.
        """

    @hookspec
    def luigi_triggers(self) -> Iterable[Provider]:  # type: ignore[empty-body]
        """Time-tables, by what `type` of a `[trigger.NAME]` section calls them.

        The factory is called with the section's time zone (a `tzinfo`) and the settings, a frozen dataclass that is
        read from the section itself; it gives a `timetable.TimeTable`. For an option that will not do it raises
        `task_sections.BadOption`.
        """

    @hookspec
    def luigi_authenticators(self) -> Iterable[Provider]:  # type: ignore[empty-body]
        """Ways for `kernel serve` to tell who calls, by what `[server] authenticators` calls them. The factory gives an
        `authentication.Authenticator`."""

    @hookspec
    def luigi_commands(self) -> Iterable[Command]:  # type: ignore[empty-body]
        """Commands of the `kernel` program."""

    @hookspec
    def luigi_routes(self, scheduler: SchedulerNow) -> Iterable[Any]:  # type: ignore[empty-body]
        """Once, when `kernel serve` starts: what its server answers besides its own, as `luigi.server.routes.Route`s.

        Each says which role may use it and whether it changes anything; the guard sees to both. `scheduler()` gives the
        server's scheduler (four verbs, and Luigi's names), and raises what becomes a 503 while another server leads.
        A plugin that raises, or whose route clashes with another, stops the start.
        """

    # --- steps -------------------------------------------------------------------------------------------------

    @hookspec(firstresult=True)
    def luigi_is_complete(self, task: Task) -> bool | None:
        """For each check of a task. The first answer that is not None counts; the kernel's is `task.complete()`."""

    @hookspec(firstresult=True)
    def luigi_run_task(self, task: Task, context: Context) -> Ran | None:
        """Around a task's `run()`, in whatever process. The kernel's answer, given last, is `Ran(context.run())`.

        A task with dynamic requirements runs in stretches, each from where it waited to its next wait or its end;
        the hook is called for each of them, so whatever a wrapper sets up is there while the task's code runs.

        To add something around every run, wrap it:

            @luigi.hookimpl(wrapper=True)
            def luigi_run_task(task, context):
                with timer(task):
                    return (yield)

        What it raises is a failure of the task.
        """

    # --- moments -----------------------------------------------------------------------------------------------

    @hookspec
    def luigi_run_started(self, run: RunRecord, at: float) -> None:
        """When the graph is known and the first task is about to be handed out.

        `at`, here and in the following: when it happened, in seconds since the epoch.
        """

    @hookspec
    def luigi_transition(
        self, task_id: str, family: str, before: str, after: str, why: str, by: str, at: float
    ) -> None:
        """When a task went from one status to another, in the process of the scheduler.

        `by` is the worker whose call it was, or the operator's name; empty where it was time.
        """

    @hookspec
    def luigi_task_event(self, task_id: str, family: str, event: str, detail: str, token: int, at: float) -> None:
        """When something happened to a task, in the process of the worker, whatever process the task runs in.

        `event` is one of `luigi.event.Event`: DEPENDENCY_DISCOVERED (`detail` is the dependency's id),
        DEPENDENCY_PRESENT, DEPENDENCY_MISSING, BROKEN_TASK (what was raised), START (handed to the executor; not told
        again when a suspended task goes on), PROCESSING_TIME (seconds), SUCCESS and FAILURE (what `on_success()` and
        `on_failure()` gave). Otherwise `detail` is empty. `token` tells the attempts at a task apart; it is 0 where
        there is none.
        """

    @hookspec
    def luigi_run_finished(self, run: RunRecord, at: float) -> None:
        """When the worker has nothing left to do, also after an interrupt."""
