"""How many tasks there are of which kind, and whether the scheduler is paused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from luigi.scheduler.upstream import UPSTREAM_DISABLED, UPSTREAM_FAILED, waiting_for

if TYPE_CHECKING:
    from luigi.scheduler.machine import Machine


def by_status(machine: Machine, subject: str, now: float, options: Mapping[str, Any]) -> dict[str, int]:
    """Status → how many tasks have it, where any has."""
    return {status: len(tasks) for status, tasks in machine.index.by_status.items() if tasks}


def by_family(machine: Machine, subject: str, now: float, options: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """Family → status → how many of its tasks have it, where any has. Those known by their ids alone are under ""."""
    return {
        family: {status: number for status, number in counts.items() if number}
        for family, counts in sorted(machine.index.families.items())
        if any(counts.values())
    }


def stopped(machine: Machine, subject: str, now: float, options: Mapping[str, Any]) -> dict[str, int]:
    """How many PENDING tasks wait for a failed or a disabled one. The other states are not counted: many have them."""
    return {state: len(waiting_for(state, machine.index.by_status)) for state in (UPSTREAM_FAILED, UPSTREAM_DISABLED)}


def paused(machine: Machine, subject: str, now: float, options: Mapping[str, Any]) -> bool:
    """Whether nothing is handed out."""
    return machine.paused
