"""What a run, or a plan of one, does again: found with its plugins, and with the checks that its walk makes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from luigi.defaults import luigi_is_complete
from luigi.redo.asked import policies_are_wanted
from luigi.redo.choosing import Choosing
from luigi.redo.finding import find
from luigi.redo.fingerprints import fingerprints
from luigi.redo.forcing import Forcing
from luigi.redo.noting import Fingerprinting
from luigi.redo.redo import Redo
from luigi.worker.checks.checking import Checking
from luigi.worker.refusals import refuse_what_is_no_task

if TYPE_CHECKING:
    from luigi.plugin_manager import PluginManager
    from luigi.task import Task


class OfRun(NamedTuple):
    """What is done again, and who remembers what was done; None when no task has a policy."""

    redo: Redo
    observer: Fingerprinting | None = None


def of_run(roots: Sequence[Task], forcing: Forcing | None, plugins: PluginManager) -> OfRun:
    """What of all that `roots` need is done again. Where nothing can be, nothing is walked.

    Raises as `luigi.redo.finding.find` does, TaskException for a root that is no task, and ConfigurationError.
    """
    wanted = policies_are_wanted()
    if not wanted and not forcing:
        return OfRun(Redo())
    for root in roots:
        refuse_what_is_no_task(root)
    choosing = Choosing(plugins) if wanted else None
    kept = fingerprints()
    checking = Checking(plugins.step("luigi_is_complete", luigi_is_complete))
    with closing(kept), closing(checking):
        redo = find(roots, forcing or Forcing(), choosing, kept, checking.is_complete, checking.look_ahead)
    return OfRun(redo, None if choosing is None else Fingerprinting(redo, choosing, kept))
