"""What a task definition says of its containers: which are essential, and where they print to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class Containers:
    """The containers of a definition."""

    def __init__(self, definition: Mapping[str, Any]) -> None:
        self._containers: Sequence[Mapping[str, Any]] = definition["containerDefinitions"]

    @property
    def essential(self) -> set[str]:
        """The names of those whose end is the task's: all that do not say otherwise."""
        return {one["name"] for one in self._containers if one.get("essential", True)}

    def streams(self, task_arn: str) -> dict[str, tuple[str, str]]:
        """Group and stream in CloudWatch of each container of a task that prints there."""
        task_id = task_arn.rpartition("/")[2]
        places = {one["name"]: one.get("logConfiguration", {}).get("options", {}) for one in self._containers}
        return {
            name: (place["awslogs-group"], f"{place['awslogs-stream-prefix']}/{name}/{task_id}")
            for name, place in places.items()
            if "awslogs-group" in place and "awslogs-stream-prefix" in place
        }
