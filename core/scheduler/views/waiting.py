"""How many tasks wait for a resource. They are looked at one by one, outside the scheduler's lock."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from luigi.task_status import PENDING

if TYPE_CHECKING:
    from luigi.scheduler.shell import Shell


def waiting(scheduler: Shell) -> Counter[str]:
    """Resource → how many PENDING tasks ask for some of it that wait for no other task."""
    pending = scheduler.look(lambda machine: [*machine.index.by_status[PENDING]])
    return Counter([name for task in pending if not task.unmet for name, amount in task.needs if amount])
