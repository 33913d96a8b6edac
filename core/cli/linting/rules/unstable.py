"""Tasks that say something else each time: what they require, or where their outputs are, has to stay the same."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from luigi.cli.linting.finding import Finding
from luigi.cli.linting.subject import Subject
from luigi.task import Task

NAME: Final = "unstable"
SUMMARY: Final = "requires() or output() depends on the time or on chance"
METHODS: Final = ("requires", "output")
CLOCKS: Final = ("now", "utcnow", "today", "time", "time_ns", "uuid1", "uuid4", "urandom")
"""What the names of such functions end with, behind the name of a module or class."""

MODULES: Final = {"datetime", "date", "time", "uuid", "os", "random", "secrets"}


def check(subject: Subject) -> Iterator[Finding]:
    """What is seen in the source, and otherwise what two calls answer."""
    for cls in subject.classes:
        for method in METHODS:
            call = _call(subject, cls, method)
            if call is not None:
                sentence = f"{cls.get_task_family()}.{method}() calls {ast.unparse(call.func)}()"
                hint = "make it a parameter: the next call, or another process, gets another answer"
                yield subject.finding(cls, NAME, sentence, hint, method, call.lineno)
            elif cls in subject.specimens and _differs(subject, subject.specimens[cls], method):
                sentence = f"{cls.get_task_family()}.{method}() gives something else at the second call"
                yield subject.finding(cls, NAME, sentence, "let it depend on parameters only", method)


def _call(subject: Subject, cls: type[Task], method: str) -> ast.Call | None:
    """A call in the method that answers by time or chance."""
    body = subject.sources.method(cls, method)
    for node in ast.walk(body) if body is not None else ():
        if isinstance(node, ast.Call) and _is_unstable(ast.unparse(node.func).split(".")):
            return node
    return None


def _is_unstable(name: list[str]) -> bool:
    """Whether a function of that dotted name is one."""
    if len(name) == 1:
        return name[0] in ("uuid1", "uuid4", "urandom")
    return name[-2] in ("random", "secrets") or (name[-2] in MODULES and name[-1] in CLOCKS)


def _differs(subject: Subject, task: Task, method: str) -> bool:
    first, second = (_answer(subject, task, method) for _ in range(2))
    return first is not None and second is not None and first != second


def _answer(subject: Subject, task: Task, method: str) -> list[str] | None:
    if method == "output":
        made = subject.outputs(task)
        return None if made is None else list(made.values())
    required = subject.called(task, method)
    return None if required is None else [getattr(one, "task_id", repr(type(one))) for one in required]
