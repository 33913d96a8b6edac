"""The task that the command line of a tool names, read as the command `luigi` reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from luigi.cmdline_parser import CmdlineParser
from luigi.task import Task


@contextmanager
def named_task(arguments: Sequence[str]) -> Iterator[Task]:
    """The task that `arguments` name; their flags for other classes hold inside the block.

    Raises SystemExit where `luigi` ends at once (help, no task, a flag that is none), KernelError for an unknown task,
    a module that cannot be imported, and missing or unreadable parameters.
    """
    with CmdlineParser.global_instance(arguments) as parser:
        yield parser.get_task_obj()
