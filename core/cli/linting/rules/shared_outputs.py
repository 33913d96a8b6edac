"""Two tasks with one output: the second is complete as soon as the first has run, and never runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from luigi.cli.linting.finding import Finding
from luigi.cli.linting.specimens import varied
from luigi.cli.linting.subject import Subject
from luigi.graph import is_external
from luigi.private_values import masked
from luigi.task import Task

NAME: Final = "shared-output"
SUMMARY: Final = "two tasks have one output"


def check(subject: Subject) -> Iterator[Finding]:
    """Tasks of two classes, in the graph; and tasks of one class, that differ in a parameter."""
    yield from _of_two_classes(subject)
    for cls, task in subject.specimens.items():
        if _makes(task) and cls.complete is Task.complete:
            yield from _of_one_class(subject, cls, task)


def _makes(task: Task) -> bool:
    """Whether it has a `run` of its own: others pass on what somebody else makes."""
    return not is_external(task) and type(task).run is not Task.run


def _outputs(subject: Subject, task: Task) -> dict[str, str]:
    """Those that the task names itself. Where a parameter is the name, whoever gives it sees to it."""
    given = {str(value) for value in task.param_kwargs.values()}
    return {one: name for one, name in (subject.outputs(task) or {}).items() if name not in given}


def _of_two_classes(subject: Subject) -> Iterator[Finding]:
    made_by: dict[str, Task] = {}
    told = set()
    for found in subject.nodes.values():
        for one, name in (_outputs(subject, found.task) if _makes(found.task) else {}).items():
            first = made_by.setdefault(one, found.task)
            families = frozenset((first.task_family, found.task.task_family))
            if len(families) == 2 and families not in told:
                told.add(families)
                yield from _told(subject, found.task, first, name)


def _told(subject: Subject, task: Task, other: Task, name: str) -> Iterator[Finding]:
    if type(task) not in subject.classes:
        task, other = other, task
    if type(task) in subject.classes:
        sentence = f"{task} and {other} both make {masked(other, masked(task, name))}"
        yield subject.finding(type(task), NAME, sentence, "have output() tell them apart", "output")


def _of_one_class(subject: Subject, cls: type[Task], task: Task) -> Iterator[Finding]:
    made = _outputs(subject, task)
    for parameter, declared in cls.get_params() if made else ():
        is_own = parameter in vars(cls) or "output" in vars(cls)
        if is_own and declared.significant and _is_same(subject, task, parameter, made):
            sentence = f"{cls.get_task_family()}: tasks that differ in {parameter} have the same output"
            hint = f"have output() name {parameter}, or declare it with significant=False"
            yield subject.finding(cls, NAME, sentence, hint, parameter)


def _is_same(subject: Subject, task: Task, parameter: str, made: dict[str, str]) -> bool:
    try:
        other = varied(task, parameter)
    except Exception:  # no other value, or one that the class refuses
        return False
    return other.task_id != task.task_id and _outputs(subject, other).keys() == made.keys()
