"""Tasks as arguments of the server's calls."""

from __future__ import annotations

from typing import Any

from luigi.interfaces import RetryPolicy, TaskSpec
from luigi.parameter.visibility import ParameterVisibility

RETRY_FIELDS = ("retry_count", "disable_hard_timeout", "disable_window")
"""What Luigi's server knows of a retry policy; it keeps to its own settings for the rest."""


def of_task(spec: TaskSpec) -> dict[str, Any]:
    """What `add_task` is told of a task every time, since the server takes what is left out for the default."""
    shown = {name: int(ParameterVisibility.PUBLIC) for name in spec.params}
    return {
        "task_id": spec.task_id,
        "family": spec.family,
        "module": spec.module,
        "params": dict(spec.params),
        "param_visibilities": shown | {name: int(ParameterVisibility.HIDDEN) for name in spec.hidden},
        "priority": spec.priority,
        "resources": dict(spec.resources),
        "retry_policy_dict": None if spec.retry_policy is None else _policy(spec.retry_policy),
        "batchable": spec.batchable,
        "accepts_messages": spec.accepts_messages,
        "owners": list(spec.owners),
    }


def of_broken_task(spec: TaskSpec) -> dict[str, Any]:
    """What `announce_scheduling_failure` is told of a task whose check raised."""
    shown = ", ".join(f"{name}={value}" for name, value in spec.params.items() if name not in spec.hidden)
    return {
        "task_name": f"{spec.family}({shown})",
        "family": spec.family,
        "params": dict(spec.params),
        "param_visibilities": {name: int(ParameterVisibility.HIDDEN) for name in spec.hidden},
        "expl": spec.explanation,
        "owners": list(spec.owners),
    }


def _policy(policy: RetryPolicy) -> dict[str, Any]:
    return {name: getattr(policy, name) for name in RETRY_FIELDS}
