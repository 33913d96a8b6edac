"""A summary as one JSON document. `docs/cli/run.md` says what each key means."""

from __future__ import annotations

import datetime
import json
from typing import Any

from luigi.cli.running.account import Account, Line

VERSION = 1


def text(account: Account) -> str:
    """The document."""
    return json.dumps(document(account), indent=2, ensure_ascii=False) + "\n"


def document(account: Account) -> dict[str, Any]:
    """What is in it."""
    return {
        "version": VERSION,
        "run": account.run_id or None,
        "status": account.status or None,
        "exit_code": account.exit_code,
        "error": account.error or None,
        "began": datetime.datetime.fromtimestamp(account.began, datetime.UTC).isoformat(),
        "seconds": round(account.seconds, 6),
        "roots": list(account.roots),
        "counts": {_key(end): count for end, count in account.counts().items()},
        "spent": {what: round(seconds, 6) for what, seconds in account.spent.items()},
        "tasks": [_task(line) for line in account.lines],
    }


def _key(end: str) -> str:
    return end.replace(" ", "_")


def _task(line: Line) -> dict[str, Any]:
    return {
        "id": line.task_id,
        "family": line.family,
        "parameters": dict(line.parameters),
        "status": _key(line.end),
        "attempts": line.tries,
        "seconds": round(line.seconds, 6),
        "explanation": line.said or None,
    }
