"""Parameters whose values do not travel: commands, processes and servers pass them on as texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import luigi.parameter
from luigi.cli.linting.finding import Finding
from luigi.cli.linting.subject import Subject
from luigi.parameter import Parameter
from luigi.parameter.base import _no_value

NAME: Final = "parameter"
SUMMARY: Final = "a parameter's default cannot be written as a text and read back"


def check(subject: Subject) -> Iterator[Finding]:
    """Defaults that their own type cannot write, or reads back as something else; of who declares them."""
    for cls in subject.classes:
        for name, parameter in cls.get_params():
            is_own = name in vars(cls) and parameter._default is not _no_value
            problem = _problem(parameter) if is_own else ""
            if problem:
                shown = parameter.shown(repr(parameter._default))
                sentence = f"{cls.get_task_family()}.{name}: its default {shown} {problem}"
                yield subject.finding(cls, NAME, sentence, _hint(parameter), name)


def _problem(parameter: Parameter[Any]) -> str:
    try:
        value = parameter.normalize(parameter._default)
        back = parameter.normalize(parameter.parse(parameter.serialize(value)))
    except Exception as error:  # a type of one's own may raise anything
        return f"is nothing that a {type(parameter).__name__} can write and read: {type(error).__name__}"
    return "" if back == value else f"is read back as {parameter.shown(repr(back))}"


def _hint(parameter: Parameter[Any]) -> str:
    kind = type(parameter).__name__
    if parameter._default is not None:
        return f"give it a default that a {kind} reads"
    if hasattr(luigi.parameter, f"Optional{kind}"):
        return f"take Optional{kind}"
    return "declare it by an annotation with `| None`"
