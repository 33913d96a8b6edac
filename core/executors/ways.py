"""What differs between a supervisor at home and one on a machine that tasks only pass through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from luigi.executors.forking import CAN_FORK
from luigi.executors.parcels import unpack_wanted
from luigi.executors.starting import Start, start_method, starter

if TYPE_CHECKING:
    from luigi.executors.child_main import Equipment
    from luigi.executors.frames import Refused
    from luigi.interfaces import Job


class Ways(NamedTuple):
    """How a supervisor goes about tasks."""

    start: Start
    """Starts children."""
    unpack: Callable[[bytes], Sequence[Any]] = unpack_wanted
    """Makes of new requirements, as a child packs them, what outcomes tell of."""
    forks_for: Callable[[Job, Refused], bool] = lambda job, refused: CAN_FORK
    """Whether a job that a child has refused is run in a fresh fork, which has the task already."""
    prints_here: bool = True
    """Whether output, where it is taken, also goes to where it went before."""


def ways_at_home(equipment: Equipment, method: str) -> Ways:
    """`method`: how `[processes]` says that children are started."""
    return Ways(starter(equipment, start_method(method)))
