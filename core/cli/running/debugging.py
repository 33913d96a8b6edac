"""`kernel run --pdb`: where a task raises, the debugger opens, in the frame that raised."""

from __future__ import annotations

import sys
from collections.abc import Generator
from typing import Any

from luigi import hookimpl
from luigi.task import Task


class Debugging:
    """The plugin. Tasks have to run in this process, one at a time: see `luigi.cli.running.flags`."""

    @hookimpl(wrapper=True)
    def luigi_run_task(self, task: Task) -> Generator[None, Any, Any]:
        """Open the debugger on what the task raises; when it is left the task fails as ever."""
        try:
            return (yield)
        except Exception as error:
            _examine(task, error)
            raise


def _examine(task: Task, error: Exception) -> None:
    import pdb  # noqa: T100  # it is what was asked for
    import traceback

    from luigi.private_values import masked_error

    said = masked_error(task, error, "".join(traceback.format_exception_only(error)).rstrip())
    print(f"{task} raised {said}\nq leaves the debugger, and the run goes on", file=sys.stderr)
    pdb.post_mortem(error.__traceback__)
