"""Tasks without outputs: they are never complete, and run at every run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from luigi.cli.linting.finding import Finding
from luigi.cli.linting.subject import Subject
from luigi.task import Task

NAME: Final = "missing-output"
SUMMARY: Final = "a task has neither outputs nor a complete() of its own"


def check(subject: Subject) -> Iterator[Finding]:
    """Classes that others are derived from may leave it to these."""
    for cls in subject.classes:
        if cls.output is Task.output and cls.complete is Task.complete and not cls.__subclasses__():
            sentence = f"{cls.get_task_family()} has no output(), so it is never complete"
            yield subject.finding(cls, NAME, sentence, "give it an output() or a complete(); or make it a WrapperTask")
