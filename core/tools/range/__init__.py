"""Range tasks: require every missing task of a recurring job between two moments, and so catch up by themselves.

    luigi --module all_reports RangeDaily --of AllReports --start 2015-01-01

The `…Base` tasks ask each task whether it is complete; the others ask the class once (`bulk_complete`) or list the
directories its outputs are in.
"""

from __future__ import annotations

from luigi.tools.range.base import RangeBase
from luigi.tools.range.daily import RangeDaily, RangeDailyBase
from luigi.tools.range.events import RangeEvent
from luigi.tools.range.hourly import RangeHourly, RangeHourlyBase
from luigi.tools.range.inference import infer_bulk_complete_from_fs, most_common
from luigi.tools.range.minutes import RangeByMinutes, RangeByMinutesBase
from luigi.tools.range.monthly import RangeMonthly

__all__ = [
    "RangeBase",
    "RangeByMinutes",
    "RangeByMinutesBase",
    "RangeDaily",
    "RangeDailyBase",
    "RangeEvent",
    "RangeHourly",
    "RangeHourlyBase",
    "RangeMonthly",
    "infer_bulk_complete_from_fs",
    "most_common",
]

# A scheduler is told a task's module, and another worker, which may be Luigi's, imports it: tell the public one.
for _task in (
    RangeBase,
    RangeByMinutes,
    RangeByMinutesBase,
    RangeDaily,
    RangeDailyBase,
    RangeHourly,
    RangeHourlyBase,
    RangeMonthly,
):
    _task.__module__ = __name__
del _task
