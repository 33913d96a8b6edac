"""`kernel workers`: who works for a scheduler, how much each runs, and when it was heard of last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

ABOUT = "Shows the workers that the scheduler knows: how much each runs and may run, and when it was heard of last."


def main(argv: list[str]) -> int:
    """Do what `argv` says. The exit code. Raises UsageError and KernelError."""
    from luigi.cli.operating.command import arguments, speaking
    from luigi.cli.operating.telling import tell, tell_json

    asked = arguments("workers", "", ABOUT, "kernel workers --json").parse_args(argv)
    with speaking(asked) as line:
        workers = list(line.pages("workers", "workers"))
    if asked.json:
        tell_json({"workers": workers})
    else:
        tell(_lines(workers))
    return 0


def _lines(workers: Sequence[dict[str, Any]]) -> Iterator[str]:
    from luigi.cli.operating.telling import table

    head = ("HOST", "USER", "RUNNING", "PENDING", "HEARD OF", "STANDING", "POOL", "WORKER")
    yield from table(head, [_row(worker) for worker in workers])
    if not workers:
        yield "no workers"


def _pool(told: Any) -> str:
    """Which tasks a pool's worker takes: modules, queues and labels; empty for the worker of a run."""
    if not isinstance(told, dict):
        return ""
    modules, *rest = [",".join(map(str, told.get(name) or ())) for name in ("modules", "queues", "labels")]
    return " ".join([modules or "any", *[f"{mark}{one}" for mark, one in zip("@#", rest, strict=True) if one]])


def _row(worker: dict[str, Any]) -> Sequence[Any]:
    from luigi.cli.operating.telling import ago
    from luigi.clock import SYSTEM

    info = worker["info"]
    return (
        info.get("host", ""),
        info.get("username", ""),
        len(worker["running"]),
        worker["pending"],
        ago(worker["active"], SYSTEM.now()),
        "works" if worker["enabled"] else "disabled",
        _pool(info.get("pool")),
        worker["worker_id"],
    )
