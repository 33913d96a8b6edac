"""A job as it is described to Kubernetes."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from luigi.clock import SYSTEM

LONGEST: Final = 63
"""Characters of a job's name: its pods bear it in a label."""


def unique_name(name: str) -> str:
    """The name, as far as one may be like that, with the time and what makes it one of a kind."""
    now = datetime.fromtimestamp(SYSTEM.now(), UTC)
    ending = f"-{now:%Y%m%d%H%M%S}-{uuid.uuid4().hex[:16]}"
    allowed = re.sub("[^a-z0-9]+", "-", name.casefold()).strip("-")[: LONGEST - len(ending)].rstrip("-")
    return (allowed or "luigi") + ending


def job_named(
    name: str,
    pod: Mapping[str, Any],
    *,
    labels: Mapping[str, object],
    tries: int,
    active_deadline_seconds: int | None,
) -> dict[str, Any]:
    """A job of one pod, tried that many times more than once; `pod` is its specification."""
    given = {key: str(value) for key, value in labels.items()}
    spec: dict[str, Any] = {
        "backoffLimit": tries,
        "template": {"metadata": {"name": name, "labels": given}, "spec": dict(pod)},
    }
    if active_deadline_seconds is not None:
        spec["activeDeadlineSeconds"] = active_deadline_seconds
    marks = {"spawned_by": "luigi", "luigi_task_id": uuid.uuid4().hex, **given}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name, "labels": marks}, "spec": spec}
