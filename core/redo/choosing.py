"""Which freshness policies a task has: its class says, or section [freshness] of the configuration, which wins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from luigi.configuration import get_config
from luigi.redo.asked import ATTRIBUTE, DEFAULT, SECTION, STORE, texts
from luigi.redo.policy import FreshnessPolicy
from luigi.task import Task

if TYPE_CHECKING:
    from luigi.plugin_manager import PluginManager


class Policy(NamedTuple):
    """A policy of a task."""

    name: str
    asked_as: str
    """With what stands behind its name: `max_age=1d`."""
    judge: FreshnessPolicy


class Choosing:
    """The policies of each class, made once."""

    def __init__(self, plugins: PluginManager) -> None:
        self._plugins = plugins
        self._made: dict[str, Policy] = {}
        self._of_class: dict[type[Task], Sequence[Policy]] = {}
        self._configured = dict(_configured())

    def of(self, task: Task) -> Sequence[Policy]:
        """The task's policies, none when it has only the default. Raises PluginError and ConfigurationError."""
        cls = type(task)
        found = self._of_class.get(cls)
        if found is None:
            wanted = [text for text in self._asked(task) if text != DEFAULT]
            found = self._of_class[cls] = [self._policy(text) for text in dict.fromkeys(wanted)]
        return found

    def _asked(self, task: Task) -> Sequence[str]:
        family = task.task_family
        if family in self._configured:
            return self._configured[family]
        for pattern, asked in self._configured.items():
            if fnmatchcase(family, pattern):
                return asked
        return texts(getattr(type(task), ATTRIBUTE, DEFAULT))

    def _policy(self, asked: str) -> Policy:
        if asked not in self._made:
            name, _, argument = (part.strip() for part in asked.partition("="))
            self._made[asked] = Policy(name, asked, self._plugins.make("freshness_policies", name, argument))
        return self._made[asked]


def _configured() -> Iterator[tuple[str, Sequence[str]]]:
    config = get_config()
    for option in config.own_options(SECTION):
        if option != STORE:
            yield option, texts(config.lookup(SECTION, option))
