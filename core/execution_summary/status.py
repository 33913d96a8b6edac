"""How a run went, in one word: LuigiStatusCode."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from luigi.execution_summary.groups import Groups


class LuigiStatusCode(enum.Enum):
    """How a run went. The value is a face and the reason for it, as they stand in the summary."""

    SUCCESS = (":)", "there were no failed tasks or missing dependencies")
    SUCCESS_WITH_RETRY = (":)", "there were failed tasks but they all succeeded in a retry")
    FAILED = (":(", "there were failed tasks")
    FAILED_AND_SCHEDULING_FAILED = (":(", "there were failed tasks and tasks whose scheduling failed")
    SCHEDULING_FAILED = (":(", "there were tasks whose scheduling failed")
    NOT_RUN = (":|", "there were tasks that were not granted run permission by the scheduler")
    MISSING_EXT = (":|", "there were missing external dependencies")


def status_of(groups: Groups) -> LuigiStatusCode:
    """The status of a run. As in Luigi, a failure that a retry made good hides all else that may be wrong."""
    if groups["failed"]:
        if groups["scheduling_error"]:
            return LuigiStatusCode.FAILED_AND_SCHEDULING_FAILED
        return LuigiStatusCode.FAILED
    if groups["ever_failed"]:
        return LuigiStatusCode.SUCCESS_WITH_RETRY
    if groups["scheduling_error"]:
        return LuigiStatusCode.SCHEDULING_FAILED
    if groups["not_run"]:
        return LuigiStatusCode.NOT_RUN
    if groups["still_pending_ext"]:
        return LuigiStatusCode.MISSING_EXT
    return LuigiStatusCode.SUCCESS
