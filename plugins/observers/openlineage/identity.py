"""Which OpenLineage run is which: ids that every process of a run derives from the run's id, so that none is sent."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

PROJECT = "https://pypi.org/project/luigi-kernel"
_OURS = uuid5(NAMESPACE_URL, PROJECT)


def of_run(run_id: str) -> str:
    """The id of a whole run."""
    return _uuid("run", run_id)


def of_attempt(run_id: str, task_id: str, token: int) -> str:
    """The id of the attempt that began with the assignment `token`."""
    return _uuid("attempt", run_id, task_id, str(token))


def _uuid(*parts: str) -> str:
    return str(uuid5(_OURS, "\0".join(parts).encode(errors="backslashreplace").decode()))
