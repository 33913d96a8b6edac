"""`kernel status`: how a scheduler stands: its tasks, the runs under way and how far they are, what failed last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from luigi.task_status import DISABLED, DONE, FAILED

if TYPE_CHECKING:
    from luigi.rpc.operating import OperatorLine

ABOUT = "Shows how many tasks have which status, the runs under way and how far they are, and what failed last."
CODES: Final = """\
exit codes: 0 nothing has failed; 1 there are failed or disabled tasks, or the scheduler cannot be asked; 2 the command
line cannot be read"""
FAILURES: Final = 5


def main(argv: list[str]) -> int:
    """Do what `argv` says. The exit code. Raises UsageError and KernelError."""
    from luigi.cli.operating.command import arguments, speaking
    from luigi.cli.operating.telling import tell, tell_json

    asked = arguments("status", "", ABOUT, "kernel status --scheduler-url http://localhost:8082/", CODES).parse_args(
        argv
    )
    with speaking(asked) as line:
        told = _told(line)
    if asked.json:
        tell_json(told)
    else:
        tell(_lines(told))
    return int(any(told["counts"].get(status) for status in (FAILED, DISABLED)))


def _told(line: OperatorLine) -> dict[str, Any]:
    counts = line.look("counts")
    return {
        "scheduler": line.address,
        "paused": counts["paused"],
        "counts": counts["counts"],
        "stopped": counts["stopped"],
        "workers": len(list(line.pages("workers", "workers"))),
        "runs": list(line.pages("runs", "live-runs")),
        "failures": line.look("errors", limit=FAILURES)["tasks"],
    }


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    from luigi.cli.operating.telling import counted, number_of

    workers, runs = number_of(told["workers"], "worker"), number_of(len(told["runs"]), "run")
    yield f"{told['scheduler']}: {workers}, {runs} under way"
    yield counted(told["counts"])
    waiting = told["stopped"]["UPSTREAM_FAILED"] + told["stopped"]["UPSTREAM_DISABLED"]
    if waiting:
        yield f"{number_of(waiting, 'task')} can only run once a failed or disabled one has: see kernel explain TASK"
    if told["paused"]:
        yield "paused: nothing is handed out until kernel unpause"
    yield from _runs(told["runs"])
    yield from _failures(told["failures"])


def _runs(runs: list[dict[str, Any]]) -> Iterator[str]:
    from luigi.cli.operating.telling import ago, table
    from luigi.clock import SYSTEM

    if runs:
        yield ""
    rows = [
        (
            ", ".join(run["roots"][:2]),
            run["counts"].get(DONE, 0),
            run["total"],
            run["counts"].get(FAILED, 0) + run["counts"].get(DISABLED, 0),
            ago(run["began"], SYSTEM.now()),
            run["worker_id"],
        )
        for run in runs
    ]
    yield from table(("RUN", "DONE", "OF", "FAILED", "BEGAN", "WORKER"), rows)


def _failures(failures: list[dict[str, Any]]) -> Iterator[str]:
    from luigi.cli.operating.telling import ago, last_line, table
    from luigi.clock import SYSTEM

    if failures:
        yield ""
    now = SYSTEM.now()
    rows = [
        (one["task_id"], one["status"], ago(one["updated"], now), last_line(one["explanation"])) for one in failures
    ]
    yield from table(("FAILED LAST", "STATUS", "WHEN", "WHY"), rows)
