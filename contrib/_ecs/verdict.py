"""Whether a task of ECS that has stopped did what it should: ECS says only that it stopped, and the exit codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

BY_ITSELF: Final = frozenset({"EssentialContainerExited", None})
"""Why a task stops whose containers came to their end; old agents do not say."""
STOPPED_BY_ECS: Final = frozenset({0, 137, 143})
"""Exit codes of a container that is stopped because another one, which was essential, has ended."""


def succeeded(task: Mapping[str, Any], essential: Callable[[], Iterable[str]]) -> bool:
    """Whether all went well. `essential` names the containers that count; it is asked only where it matters."""
    if task.get("stopCode") not in BY_ITSELF:
        return False
    containers = task.get("containers", [])
    if all(one.get("exitCode") == 0 for one in containers):
        return bool(containers)
    if len(containers) == 1:
        return False
    names = set(essential())
    counting = [one for one in containers if one.get("name") in names]
    ended_well = any(one.get("exitCode") == 0 for one in counting)
    return ended_well and all(one.get("exitCode") in STOPPED_BY_ECS and not one.get("reason") for one in counting)


def told(task: Mapping[str, Any]) -> str:
    """Why it stopped, and how each container ended that did not end with 0."""
    said = [task.get("stoppedReason") or ""]
    for one in task.get("containers", []):
        if one.get("exitCode") != 0 and (one.get("exitCode") is not None or one.get("reason")):
            code = "without an exit code" if one.get("exitCode") is None else f"with {one['exitCode']}"
            said.append(
                f"container {one.get('name')} ended {code}" + (f": {one['reason']}" if one.get("reason") else "")
            )
    return "; ".join(part for part in said if part)
