"""A plan as one JSON document; docs/cli/plan.md says its keys."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from luigi.cli.explaining.planned import Plan, Planned

VERSION: Final = 1


def document(plan: Plan) -> str:
    """The plan, indented."""
    from luigi.cli.explaining.planned import COMPLETE, STANDINGS

    counts = plan.counts()
    facts = {
        "version": VERSION,
        "nothing_to_do": counts[COMPLETE] == counts.total(),
        "counts": {standing: counts[standing] for standing in STANDINGS},
        "families": {family: dict(counted) for family, counted in plan.families().items()},
        "roots": [task.task_id for task in plan.roots],
        "tasks": [_facts(planned) for planned in plan.tasks.values()],
    }
    return json.dumps(facts, indent=2)


def _facts(planned: Planned) -> dict[str, Any]:
    task, reason = planned.task, planned.reason
    return {
        "task_id": task.task_id,
        "family": task.task_family,
        "module": task.task_module,
        "params": task.to_str_params(),
        "name": str(task),
        "status": planned.standing,
        "why": planned.why,
        "again": None if reason is None else {"kind": reason.kind, "by": reason.by},
        "missing_outputs": list(planned.missing.outputs),
        "requires": list(planned.requires),
        "dynamic": planned.is_dynamic,
        "blocked_by": planned.blocked_by,
        "cause": planned.cause or None,
    }
