"""What every `[trigger.NAME]` section can say, whatever its type; what else it says are parameters of the task."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from luigi.errors import did_you_mean
from luigi.plugin_settings import setting
from luigi.scheduler.triggers import OVERLAPS, QUEUE, SKIP
from luigi.task_sections import BadOption

CATCH_UPS: Final = ("none", "last", "all")
"""Which of the firings that no server was there for are made up for."""

NOTHING: Final = timedelta(0)


@dataclass(frozen=True)
class TriggerSettings:
    """The options of a `[trigger.NAME]` section that all types have. Raises BadOption for those that will not do."""

    type: str = setting(help="what says when it is due: cron, interval, or what a plugin offers")
    task: str = setting(help="the task's family, or module:Family")
    module: str = setting("", help="the module that defines it, as workers import it")
    timezone: str = setting("UTC", help="whose clocks the time-table goes by, and templates are filled in by")
    params: dict = field(  # type: ignore[type-arg]  # of whatever values
        default_factory=dict, metadata={"help": "the task's parameters, with templates"}
    )
    queue: str = setting("", help="the queue of the pools that may run it")
    labels: tuple[str, ...] = setting((), help="what a pool's worker must have for it")
    priority: float = setting(0.0, help="the task's priority")
    overlap: str = setting(SKIP, help="while the last one goes on: skip, queue or replace")
    catch_up: str = setting("last", help="what is made up for when no server was there: none, last or all")
    catch_up_most: int = setting(100, help="how many are made up for at most, with all")
    jitter: timedelta = field(
        default=NOTHING, metadata={"help": "up to so much later, by its name: not all begin at once"}
    )
    enabled: bool = setting(True, help="whether it counts")

    def __post_init__(self) -> None:
        _one_of("overlap", self.overlap, OVERLAPS)
        _one_of("catch_up", self.catch_up, CATCH_UPS)
        if self.catch_up == "all" and self.overlap != QUEUE:
            sentence = f"catch_up = all with overlap = {self.overlap} makes up for one at most"
            raise BadOption("catch_up", sentence, "say overlap = queue, or catch_up = last")
        if self.catch_up_most < 1:
            raise BadOption("catch_up_most", f"catch_up_most = {self.catch_up_most} is below 1")
        if self.jitter < NOTHING:
            raise BadOption("jitter", f"jitter = {self.jitter} is negative")
        if not self.module_name or not self.family:
            raise BadOption("task", f"task = {self.task} does not say where it is defined", "task = module:Family")

    @property
    def module_name(self) -> str:
        """The module that workers import."""
        return self.module or self.task.rpartition(":")[0]

    @property
    def family(self) -> str:
        """The task's family."""
        return self.task.rpartition(":")[2]


def _one_of(option: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        hint = did_you_mean(value, known) or f"there are: {', '.join(known)}"
        raise BadOption(option, f"{option}: no {value}", hint)
