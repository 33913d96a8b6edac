"""What a time-table is: whatever gives the first moment after another."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class TimeTable(Protocol):
    """When something is due."""

    def after(self, moment: datetime) -> datetime | None:
        """The first time that it is due later than `moment`, both aware; None when it never is again.

        The same for the same moment, whenever and wherever it is asked.
        """
        ...
