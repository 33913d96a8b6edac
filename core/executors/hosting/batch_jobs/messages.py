"""Messages for a task that runs in a job: files beside its specification, put there at home, read by a thread there."""

from __future__ import annotations

import json
import os
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from luigi.executors.hosting.batch_jobs.private_files import write_private
from luigi.interfaces import Message

if TYPE_CHECKING:
    from luigi.worker.context import Reporter

FORMAT: Final = 1
PATTERN: Final = "message-*.json"
BETWEEN: Final = 0.5
"""Seconds between two looks for more."""


def name_of(number: int) -> str:
    """The name of the file of a task's message with this number."""
    return f"message-{number:06}.json"


def packed(message: Message) -> bytes:
    """The message as its file has it."""
    return json.dumps({"format": FORMAT, "name": message.name, "kwargs": dict(message.kwargs)}).encode()


def put(folder: Path, number: int, message: Message) -> None:
    """Have the job in whose folder this is find the message, whole. Raises OSError."""
    part = folder / f".{name_of(number)}"
    write_private(str(part), packed(message))
    os.rename(part, folder / name_of(number))


def deliver(folder: str, task_id: str, reporter: Reporter) -> None:
    """From now on, as long as this process lasts, give the task the messages that are put into the folder."""
    Thread(target=_watch, args=(Path(folder), task_id, reporter), name="luigi-messages", daemon=True).start()


def _watch(folder: Path, task_id: str, reporter: Reporter) -> None:
    taken: set[str] = set()
    while True:
        for path in sorted(folder.glob(PATTERN)):
            if path.name not in taken:
                taken.add(path.name)
                found = json.loads(path.read_bytes())
                reporter.deliver(task_id, Message(found["name"], found["kwargs"]))
        Event().wait(BETWEEN)
