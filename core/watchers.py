"""Those who watch a run's moments: each plugin is told by a courier of its own, so that none can hurt or slow a run.

A run that is watched tells some six things of every task, so this is written for speed: posting is one call, and what
an implementation wants of a moment's facts is picked when it is told.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from luigi.couriers import Courier

FIRST_CALL = 1.0
"""Seconds after which, at the end of the process, a plugin that has never come back from a call is not waited for."""

CAPACITY = 10_000
"""How many facts wait for a plugin that hangs; a quick one is waited for."""

MUTE_AFTER = 100
"""Failures in a row after which a plugin is told no more."""

Told = tuple[Callable[..., object], tuple[int, ...], tuple[Any, ...]]
"""What to call, which of the facts it wants, and the facts."""

logger = logging.getLogger("luigi.plugins")


class Watchers:
    """The couriers to the plugins of one manager that watch anything."""

    def __init__(self) -> None:
        self.failed: Counter[str] = Counter()
        """How often each plugin raised: plugin name → times."""
        self._couriers: dict[str, Courier[Told]] = {}

    def telling(self, implementations: Sequence[Any], names: Sequence[str]) -> Callable[..., None]:
        """What tells these implementations of one hook, in this order.

        It is called with the hook's facts, by position; `names` are theirs.
        """
        posts = [
            (self._courier(one.plugin_name).post, one.function, tuple(names.index(name) for name in one.argnames))
            for one in implementations
        ]
        if len(posts) == 1:
            post_one, function_of_one, wants_of_one = posts[0]
            return lambda *facts: post_one((function_of_one, wants_of_one, facts))

        def tell(*facts: Any) -> None:
            for post, function, wants in posts:
                post((function, wants, facts))

        return tell

    def flush(self) -> None:
        """Wait until every plugin has been told everything, but for those that hang; say what could not be told."""
        for name, courier in self._couriers.items():
            if courier.flush():
                courier.close()
            if courier.dropped:
                sentence = "plugin %s was not told of %d things: it raised too often, or could not keep up"
                logger.warning(sentence, name, courier.dropped)

    def _courier(self, plugin: str) -> Courier[Told]:
        if plugin not in self._couriers:

            def failed(error: BaseException, told: list[Told]) -> None:
                self._count_failure(plugin, told[0][0].__name__, error)

            self._couriers[plugin] = Courier(
                f"plugin {plugin}", _tell, failed, capacity=CAPACITY, first_call=FIRST_CALL, mute_after=MUTE_AFTER
            )
        return self._couriers[plugin]

    def _count_failure(self, plugin: str, hook: str, error: BaseException) -> None:
        if not self.failed[plugin]:
            logger.error("plugin %s: %s raised; it is told on, and logged no more", plugin, hook, exc_info=error)
        self.failed[plugin] += 1
        if self.failed[plugin] == MUTE_AFTER:
            logger.error("plugin %s raised %d times: it is told no more if it goes on so", plugin, MUTE_AFTER)


def _tell(told: list[Told]) -> None:
    ((function, wants, facts),) = told
    function(*[facts[place] for place in wants])
