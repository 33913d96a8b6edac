"""The rules of `kernel lint`, each in a file of its own: NAME, SUMMARY, and `check(subject)`, which gives findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from luigi.cli.linting.finding import Finding
from luigi.cli.linting.rules import circles, missing_outputs, parameters, shared_outputs, unsafe_writes, unstable
from luigi.cli.linting.subject import Subject


class Rule(Protocol):
    """One rule."""

    NAME: str
    SUMMARY: str

    def check(self, subject: Subject) -> Iterator[Finding]:
        """What is wrong by it."""
        ...


RULES: Mapping[str, Rule] = {
    rule.NAME: rule for rule in (circles, shared_outputs, missing_outputs, parameters, unstable, unsafe_writes)
}
"""By name."""
