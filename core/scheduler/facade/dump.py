"""A scheduler's state as a file: the parts of a snapshot, one in a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from luigi.errors import KernelError
from luigi.scheduler.machine import Machine
from luigi.scheduler.restoring import restored
from luigi.scheduler.snapshot import snapshot_of


def lines_of(machine: Machine) -> Iterator[str]:
    """The machine's state as lines of JSON. It must not change until the last is taken."""
    return (f"{part}\n" for part in snapshot_of(machine))


def machine_from(lines: Iterable[str | bytes]) -> Machine:
    """The machine that such lines are of. Raises KernelError for anything else."""
    try:
        machine = restored(line if isinstance(line, str) else line.decode() for line in lines)
        if machine is None:
            raise KernelError("it is empty")
    except (KernelError, UnicodeDecodeError) as error:
        raise KernelError(
            f"this is not a scheduler's state that can be read here: {error}",
            hint="move the file away, and let the workers declare their tasks again",
        ) from error
    return machine


def state_of(machine: Machine) -> dict[str, Any]:
    """The machine's state as one value that JSON can have."""
    return {"parts": [json.loads(part) for part in snapshot_of(machine)]}


def machine_of(state: Mapping[str, Any]) -> Machine:
    """The machine that `state_of` gave the state of. Raises KernelError for anything else."""
    parts = state.get("parts")
    return machine_from(json.dumps(part) for part in (parts if isinstance(parts, list) else ()))
