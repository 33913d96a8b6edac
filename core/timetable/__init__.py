"""Times at which something is due again and again: by the calendar (`Cron`), by the clock (`Every`), or a plugin's way.

A time-table has no state: asked for a moment, it gives the first one after it. What it is about, and what has been done
of it, others know. Moments are aware datetimes. `latest` and `all_between` look back over any of them, `filled` writes
moments into texts.
"""

from __future__ import annotations

from luigi.timetable.cron import Cron
from luigi.timetable.every import Every
from luigi.timetable.looking_back import all_between, latest
from luigi.timetable.table import TimeTable
from luigi.timetable.templates import filled
from luigi.timetable.zones import zone_named

__all__ = ["Cron", "Every", "TimeTable", "all_between", "filled", "latest", "zone_named"]
