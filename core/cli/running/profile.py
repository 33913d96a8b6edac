"""`kernel run --profile`: where the run's time went, as lines for people or a JSON document."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from luigi.cli.running.account import Account, Line

VERSION = 1
MOST_SHOWN = 15
"""Families that are shown; in the document there are all."""


def document(account: Account) -> dict[str, Any]:
    """What is in the JSON document: seconds of the whole command, by what on; and of `run()`, by family."""
    return {
        "version": VERSION,
        "run": account.run_id or None,
        "seconds": round(account.seconds, 6),
        "spent": {what: round(seconds, 6) for what, seconds in _spent(account)},
        "families": [_family(family, lines) for family, lines in _families(account)],
    }


def text(account: Account) -> str:
    """The JSON document."""
    return json.dumps(document(account), indent=2, ensure_ascii=False) + "\n"


def lines(account: Account) -> Iterator[str]:
    """The lines for people."""
    yield f"where {account.seconds:.1f} s went:"
    for what, seconds in _spent(account):
        share = seconds / account.seconds if account.seconds else 0.0
        yield f"  {what:<10} {seconds:>9.2f} s {share:>5.0%}"
    families = _families(account)
    if families:
        yield "in run(), by family; several tasks may run at a time:"
    width = max((len(family) for family, _ in families[:MOST_SHOWN]), default=0)
    for family, members in families[:MOST_SHOWN]:
        told = _family(family, members)
        slowest = f"slowest {told['slowest_seconds']:.2f} s: {_slowest(members).label}"
        yield f"  {family:<{width}} {told['seconds']:>9.2f} s  {told['tasks']:,} run, {slowest}"
    if families[MOST_SHOWN:]:
        yield f"  and {len(families) - MOST_SHOWN} more families"


def _spent(account: Account) -> list[tuple[str, float]]:
    """What is left over of the command's time is its start and end: modules, plugins, the summary."""
    known = list(account.spent.items())
    return [*known, ("other", max(0.0, account.seconds - sum(seconds for _, seconds in known)))]


def _families(account: Account) -> list[tuple[str, list[Line]]]:
    """Those of which something ran, by the time that took, longest first."""
    ran = {family: [line for line in members if line.tries] for family, members in account.by_family().items()}
    there = [(family, members) for family, members in ran.items() if members]
    return sorted(there, key=lambda one: -sum(line.seconds for line in one[1]))


def _family(family: str, members: Sequence[Line]) -> dict[str, Any]:
    slowest = _slowest(members)
    return {
        "family": family,
        "tasks": len(members),
        "attempts": sum(line.tries for line in members),
        "seconds": round(sum(line.seconds for line in members), 6),
        "slowest": slowest.task_id,
        "slowest_seconds": round(slowest.seconds, 6),
    }


def _slowest(members: Sequence[Line]) -> Line:
    return max(members, key=lambda line: line.seconds)
