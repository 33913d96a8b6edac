"""Log records as JSON: one object a line, for programs that collect logs."""

from __future__ import annotations

import datetime
import json
import logging
from collections.abc import Mapping
from typing import Any

from luigi.running_now import running_now

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """Writes time, level, logger and message, then what is known of task_id, family, attempt and run.

    A traceback is in `exception`; what a program passes as `extra` is under `extra`. Line breaks are escaped, so a
    record is a line, whatever it says.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record, as a line without its end."""
        said: dict[str, Any] = {
            "time": _time(record.created),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_whose(),
        }
        if record.exc_info:
            said["exception"] = self._trace(record)
        if record.stack_info:
            said["stack"] = record.stack_info
        extra = {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if extra:
            said["extra"] = extra
        return json.dumps(said, default=str)

    def _trace(self, record: logging.LogRecord) -> str:
        """Without private values of the running task and those in the trace: frames quote lines, and errors values."""
        text = self.formatException(record.exc_info)  # type: ignore[arg-type]  # there is some
        running = running_now.get()
        if running is None:
            return text
        from luigi.private_values import masked_error

        return masked_error(running[0], record.exc_info[1] if record.exc_info else None, text)


def _time(seconds: float) -> str:
    """In UTC, to the microsecond, as RFC 3339 has it."""
    at = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _whose() -> Mapping[str, Any]:
    running = running_now.get()
    if running is None:
        return {}
    task, token, run = running
    return {"task_id": task.task_id, "family": task.task_family, "attempt": token, "run": run}
