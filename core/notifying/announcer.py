"""From a piece of news to those who are to have it: by rule, each notifier in its own time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, partial
from typing import TYPE_CHECKING

from luigi.configuration import get_config
from luigi.errors import KernelError
from luigi.notifying.digest import Digest
from luigi.notifying.outlet import Outlet
from luigi.notifying.rules import EMAIL, Rule, Topic, rules
from luigi.plugin_settings import MissingSettings
from luigi.telling import Notice

if TYPE_CHECKING:
    from luigi.hookspecs import Provider
    from luigi.plugin_manager import PluginManager

DEADLINE = 15.0
"""Seconds that the end of a process waits for notices that are on their way, unless `[core] notify_deadline` says."""

LOG = "log"
"""The kernel's own notifier. Failures are the worker's to log, so it is told less than others."""

logger = logging.getLogger("luigi-interface")


class Route:
    """One rule, and the way to its notifier."""

    def __init__(self, rule: Rule, outlet: Outlet) -> None:
        self.rule = rule
        self.way = outlet.name, rule.digest_minutes
        """Nobody is told twice by one way, however many rules ask for it."""
        self._digest = Digest(rule.digest_minutes, outlet.post) if rule.digest_minutes else None
        self.post: Callable[[Notice], None] = outlet.post if self._digest is None else self._digest.add

    def end(self) -> None:
        """Send what was held back."""
        if self._digest is not None:
            self._digest.end()


class Announcer:
    """Tells the notifiers of one process or run, among `plugins`, what their rules say.

    `mailed` are the kinds that go by mail without a rule, as with Luigi. Raises ConfigurationError and PluginError
    for a `[notify.NAME]` section that cannot be followed. Notifiers are made when there is something to tell.
    """

    def __init__(self, plugins: PluginManager, mailed: Iterable[str]) -> None:
        self._plugins = plugins
        self._mailed = tuple(mailed)
        config = get_config()
        self._rules = rules(config)
        self._deadline: float = config.getfloat("core", "notify_deadline", DEADLINE)
        self._lock = threading.Lock()
        self._routes: list[Route] | None = None
        self._outlets: dict[str, Outlet] = {}
        for rule in self._rules.values():
            plugins.settings(plugins.provider("notifiers", rule.notifier))

    def announce(self, topic: Topic, word: Callable[[], Notice]) -> None:
        """Tell whoever wants to hear of it; `word` makes the notice when there is somebody. Never raises or waits."""
        wanting = {route.way: route for route in self._known_routes() if self._wants(route.rule, topic)}
        if not wanting:
            return
        try:
            notice = word()
        except Exception:  # a program's own parameters are written as texts here
            logger.exception("a notice of %s (%s) could not be worded", topic.kind, topic.family)
            return
        for route in wanting.values():
            route.post(notice)

    def _wants(self, rule: Rule, topic: Topic) -> bool:
        return rule.wants(topic) and (rule.notifier != EMAIL or bool(topic.owners or self._receiver))

    def flush(self) -> None:
        """Tell what is held back, and wait until all is told, but for notifiers that hang: see `Outlet`."""
        for route in self._routes or ():
            route.end()
        for outlet in self._outlets.values():
            outlet.flush()

    # --- who there is ------------------------------------------------------------------------------------------

    def _known_routes(self) -> list[Route]:
        with self._lock:
            if self._routes is None:
                self._routes = list(self._find_routes())
        return self._routes

    def _find_routes(self) -> Iterator[Route]:
        """Every rule with the way to its notifier; who cannot be had is left out, and the log says so."""
        try:
            offered = self._plugins.providers("notifiers")
        except KernelError as error:
            logger.error("nobody is told of anything: %s (%s)", error, error.hint)
            return
        named = {rule.notifier for rule in self._rules.values()}
        unwritten = [self._unwritten_rule(name) for name in offered if name not in named]
        for rule in (*self._rules.values(), *unwritten):
            outlet = self._outlet(offered[rule.notifier])
            if outlet is not None:
                yield Route(rule, outlet)

    def _unwritten_rule(self, notifier: str) -> Rule:
        if notifier == LOG:
            return Rule(notifier, kinds=("disabled", "late"))
        if notifier == EMAIL:
            return Rule(notifier, kinds=self._mailed)
        return Rule(notifier)

    def _outlet(self, provider: Provider) -> Outlet | None:
        name = provider.name
        if name not in self._outlets:
            try:
                settings = self._plugins.settings(provider)
            except MissingSettings:
                return None
            except KernelError as error:
                logger.error("notifier %s tells nobody: %s (%s)", name, error, error.hint)
                return None
            make = partial(provider.factory, *settings)
            self._outlets[name] = Outlet(name, make, self._plugins, self._deadline)
        return self._outlets[name]

    @cached_property
    def _receiver(self) -> str:
        from luigi.mailing.sections import email

        return str(email().receiver)
