"""Those who watch a run's moments: each plugin is told by a courier of its own, so that none can hurt or slow a run.

A run that is watched tells some six things of every task, so this is written for speed: posting is one call, and what
an implementation wants of a moment's facts is picked when it is told.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from luigi.couriers import Courier

FIRST_CALL = 1.0
"""Seconds after which, at the end of the process, a plugin that has never come back from a call is not waited for."""

CAPACITY = 20_000
"""How many facts wait for a plugin that hangs; a quick one is waited for."""

MUTE_AFTER = 100
"""Failures in a row after which a plugin is told no more."""

Facts = tuple[Any, ...]

Told = tuple[Callable[[Facts], object], Facts]
"""What to call with the facts, and they."""

Post = tuple[Callable[[Told], None], Callable[[Facts], object]]
"""The way to a plugin, and what to call there."""

logger = logging.getLogger("luigi.plugins")


class Telling:
    """What tells plugins of one moment: called with the moment's facts, by position.

    Where that is often, ask first whether anybody `hears` it: to put facts together that nobody takes in would cost a
    small task more than anything else.
    """

    __slots__ = ("_posts", "deaf", "missed", "plugins")

    def __init__(self, posts: Sequence[Post], plugins: frozenset[str]) -> None:
        self._posts = posts
        self.plugins = plugins
        self.deaf = False
        """Whether none of the plugins takes anything in now."""
        self.missed = 0
        """How often nobody was told, because all were deaf."""

    def hears(self) -> bool:
        """Whether anybody takes in what is told now; otherwise it is counted as missed."""
        if self.deaf:
            self.missed += 1
        return not self.deaf

    def __call__(self, *facts: Any) -> None:
        for post, call in self._posts:
            post((call, facts))


class Watchers:
    """The couriers to the plugins of one manager that watch anything."""

    def __init__(self) -> None:
        self.failed: Counter[str] = Counter()
        """How often each plugin raised: plugin name → times."""
        self._couriers: dict[str, Courier[Told]] = {}
        self._tellings: list[Telling] = []

    def telling(self, implementations: Sequence[Any], names: Sequence[str]) -> Telling:
        """What tells these implementations of one hook, in this order; `names` are the hook's facts."""
        posts = [(self._courier(one.plugin_name).post, taking(one, names)) for one in implementations]
        made = Telling(posts, frozenset(one.plugin_name for one in implementations))
        self._tellings.append(made)
        self._note_deafness()
        return made

    def _note_deafness(self) -> None:
        for telling in self._tellings:
            telling.deaf = all(self._couriers[plugin].deaf for plugin in telling.plugins)

    def flush(self) -> None:
        """Wait until every plugin has been told everything, but for those that hang; say what could not be told."""
        for name, courier in self._couriers.items():
            if courier.flush():
                courier.close()
            missed = courier.dropped + sum(telling.missed for telling in self._tellings if name in telling.plugins)
            if missed:
                sentence = "plugin %s was not told of %d things: it raised too often, or could not keep up"
                logger.warning(sentence, name, missed)

    def _courier(self, plugin: str) -> Courier[Told]:
        if plugin not in self._couriers:

            def failed(error: BaseException, told: list[Told]) -> None:
                self._count_failure(plugin, told[0][0].__name__, error)

            self._couriers[plugin] = Courier(
                f"plugin {plugin}",
                _tell,
                failed,
                capacity=CAPACITY,
                first_call=FIRST_CALL,
                mute_after=MUTE_AFTER,
                on_change=self._note_deafness,
            )
        return self._couriers[plugin]

    def _count_failure(self, plugin: str, hook: str, error: BaseException) -> None:
        if not self.failed[plugin]:
            logger.error("plugin %s: %s raised; it is told on, and logged no more", plugin, hook, exc_info=error)
        self.failed[plugin] += 1
        if self.failed[plugin] == MUTE_AFTER:
            logger.error("plugin %s raised %d times: it is told no more if it goes on so", plugin, MUTE_AFTER)


def taking(implementation: Any, names: Sequence[str]) -> Callable[[Facts], object]:
    """What calls an implementation with those of a hook's facts, called `names`, that it takes."""
    function = implementation.function
    places = [names.index(name) for name in implementation.argnames]
    call: Callable[[Facts], object]
    if len(places) > 1:
        pick = itemgetter(*places)
        call = lambda facts: function(*pick(facts))  # noqa: E731 - one of three ways, chosen once
    elif places:
        (place,) = places
        call = lambda facts: function(facts[place])  # noqa: E731
    else:
        call = lambda facts: function()  # noqa: E731
    call.__name__ = function.__name__
    return call


def _tell(told: list[Told]) -> None:
    ((call, facts),) = told
    call(facts)
