"""The events of a task's life, by Luigi's names. `Task.event_handler` subscribes to them.

A handler belongs to the task class it was registered on and is called for that class and everything below it.
"""

from __future__ import annotations


class Event:
    """Names of the events the kernel triggers. A program may add its own: any string is an event."""

    DEPENDENCY_DISCOVERED = "event.core.dependency.discovered"  # handler(task, dependency): the walk saw an edge
    DEPENDENCY_MISSING = "event.core.dependency.missing"  # handler(task): not complete when the walk checked it
    DEPENDENCY_PRESENT = "event.core.dependency.present"  # handler(task): complete already
    BROKEN_TASK = "event.core.task.broken"  # handler(task, exception): complete() or requires() raised
    START = "event.core.start"  # handler(task): run() is about to be called
    PROGRESS = "event.core.progress"  # for programs: the kernel does not trigger it
    FAILURE = "event.core.failure"  # handler(task, exception): run() raised
    SUCCESS = "event.core.success"  # handler(task): run() returned
    PROCESSING_TIME = "event.core.processing_time"  # handler(task, seconds)
    TIMEOUT = "event.core.timeout"  # handler(task, error_message): killed after its worker_timeout
    PROCESS_FAILURE = "event.core.process_failure"  # handler(task, error_message): its process died
