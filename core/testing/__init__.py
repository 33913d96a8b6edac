"""For tests of programs and plugins: a clock to turn by hand, `run_task`, receivers and files in memory, faults on
purpose, and contract suites for implementations.

`luigi.testing.contracts` has the suites; `http_sink` and `udp_sink` are servers that keep what they are sent,
`http_server` one that answers by a function; `ports` finds ports for others. With pytest there are fixtures by the
names `luigi_clock`, `luigi_config`, `luigi_classes`, `luigi_files`, `luigi_recorder`, `luigi_faults`,
`luigi_http_sink` and `luigi_udp_sink`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from luigi.mock import MockFileSystem, MockTarget
    from luigi.testing.clock import FakeClock
    from luigi.testing.fakes import MemoryCollector, MemoryHistory, MemoryMailer, MemoryNotifier, Recorder
    from luigi.testing.faults import Faults, InjectedFault
    from luigi.testing.network import UnreliableNetwork
    from luigi.testing.run import NotRun, run_here, run_task
    from luigi.testing.state_stores import MemoryStateStore, UnreliableStore
    from luigi.testing.unreliable import Unreliable

__all__ = [
    "FakeClock",
    "Faults",
    "InjectedFault",
    "MemoryCollector",
    "MemoryHistory",
    "MemoryMailer",
    "MemoryNotifier",
    "MemoryStateStore",
    "MockFileSystem",
    "MockTarget",
    "NotRun",
    "Recorder",
    "Unreliable",
    "UnreliableNetwork",
    "UnreliableStore",
    "run_here",
    "run_task",
]

_HOLDING = {
    "luigi.mock": ("MockFileSystem", "MockTarget"),
    "luigi.testing.clock": ("FakeClock",),
    "luigi.testing.fakes": ("MemoryCollector", "MemoryHistory", "MemoryMailer", "MemoryNotifier", "Recorder"),
    "luigi.testing.faults": ("Faults", "InjectedFault"),
    "luigi.testing.network": ("UnreliableNetwork",),
    "luigi.testing.run": ("NotRun", "run_here", "run_task"),
    "luigi.testing.state_stores": ("MemoryStateStore", "UnreliableStore"),
    "luigi.testing.unreliable": ("Unreliable",),
}


def __getattr__(name: str) -> Any:
    """What a test names is imported when it does: pytest loads this module in every project."""
    for module, names in _HOLDING.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
