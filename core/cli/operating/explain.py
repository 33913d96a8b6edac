"""`kernel explain`: why a task is not running, or how it came to be what it is; the same as the page says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from luigi.task_status import DISABLED, FAILED, UNKNOWN

ABOUT = """\
Says why a task is not running, step by step down to what one can do something about; or how it came to be done, failed
or disabled.
"""
CODES: Final = """\
exit codes: 0 it is done, runs, or will run by itself; 1 it or what it waits for has failed, is disabled or unknown, or
the scheduler cannot be asked; 2 the command line cannot be read"""
STUCK: Final = frozenset({FAILED, DISABLED, UNKNOWN})


def main(argv: list[str]) -> int:
    """Do what `argv` says. The exit code. Raises UsageError and KernelError."""
    from luigi.cli.named_task import parted
    from luigi.cli.operating.command import TASK, arguments, speaking
    from luigi.cli.operating.naming import OfScheduler, task_of
    from luigi.cli.operating.telling import tell, tell_json

    own = arguments("explain", "TASK", f"{ABOUT}{TASK}", "kernel explain Load_2013_07_04", CODES)
    asked, rest = parted(argv, own)
    with speaking(asked) as line:
        task_id = task_of(rest, OfScheduler(line), own.prog)
        task = line.look("tasks", task_id)
        steps = line.look("tasks", task_id, "explanation")["steps"]
    if asked.json:
        tell_json({"task_id": task_id, "name": task["name"], "status": task["status"], "steps": steps})
    else:
        tell(_lines(task, steps))
    return int(any(step["status"] in STUCK for step in steps))


def _lines(task: Mapping[str, Any], steps: Sequence[Mapping[str, str]]) -> Iterator[str]:
    from luigi.cli.operating.telling import counted, shown

    yield f"{shown(task['name'])}: {counted({task['status']: 1}).partition(' ')[2]}"
    for step in steps:
        yield f"  {shown(step['sentence'])}"
        if step["advice"]:
            yield f"    {shown(step['advice'])}"
    failed = [step["task_id"] for step in steps if step["status"] == FAILED]
    if failed:
        yield f"  What it printed: kernel logs {failed[-1]}"
