"""Whether this server leads: then it has the scheduler, and everybody may ask it; otherwise another server does.

One server writes to a state store at a time. Which one is the store's business (`StateStore.claim`); a server that
stands by asks again and again, and takes the state in when it is its turn: see `leading`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from typing import TYPE_CHECKING, Protocol

from luigi.clock import SYSTEM, Clock
from luigi.scheduler import Scheduler

if TYPE_CHECKING:
    from luigi.plugin_manager import PluginManager
    from luigi.server.config import ServerSettings

Attach = Callable[[Scheduler], AbstractContextManager[object]]
"""Has something hear of a scheduler, as long as what it gives lasts."""


class Standing(Protocol):
    """What the server needs of it."""

    @property
    def scheduler(self) -> Scheduler:
        """The scheduler. Raises `problems.Problem` (503, with Retry-After) while another server leads, or none yet."""
        ...

    @property
    def leads(self) -> bool:
        """Whether there is a scheduler here."""
        ...

    @property
    def trouble(self) -> str:
        """What is wrong with the place for the state, as a sentence; empty when nothing is."""
        ...

    def attach(self, attach: Attach) -> None:
        """Have something more hear of every scheduler there is here. To be called before `start`."""
        ...

    def start(self) -> None:
        """Try to lead, and go on trying and looking after the scheduler until `close`.

        Raises StoreError for a state that cannot be used here.
        """
        ...

    def close(self) -> None:
        """Keep the state and let another server lead. To be called when no call is under way any more."""
        ...


class Alone:
    """The standing of a server whose scheduler somebody else has made, and keeps: it always leads."""

    leads = True
    trouble = ""

    def __init__(self, scheduler: Scheduler) -> None:
        self.scheduler = scheduler
        self._attached = ExitStack()

    def attach(self, attach: Attach) -> None:
        """Have something more hear of the scheduler, until `close`."""
        self._attached.enter_context(attach(self.scheduler))

    def start(self) -> None:
        """There is nothing to try for."""

    def close(self) -> None:
        """What others made, others close; but nothing of the server's hears of it any more."""
        self._attached.close()


def standing_of(settings: ServerSettings, plugins: PluginManager, clock: Clock = SYSTEM) -> Standing:
    """The standing of a server that keeps its state where `[server] state_store` says.

    Raises PluginError and ConfigurationError when there is no such store, or its settings are wrong.
    """
    from luigi.server.leading import Candidate

    provider = plugins.provider("state_stores", settings.state_store)
    make = partial(provider.factory, *plugins.settings(provider))
    return Candidate(make, clock=clock, interval=settings.tick_interval, attach=[partial(_observed, plugins)])


def _observed(plugins: PluginManager, scheduler: Scheduler) -> AbstractContextManager[object]:
    """Have those whom configuration and plugins name hear of it; in the end they are told what they have not been."""
    from luigi.observers import observers

    return observers(plugins, scheduler.config, history=scheduler.history).attached(scheduler)
