"""A summary as JUnit's XML, which CI servers show: a suite for each family, a case for each task."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from luigi.cli.running.account import BLOCKED, DISABLED, ELSEWHERE, FAILED, MISSING, NOT_RUN, UNKNOWN, Account, Line
from luigi.markup import clean

_SKIPPED = (MISSING, ELSEWHERE, BLOCKED, NOT_RUN, DISABLED)


def text(account: Account) -> str:
    """The document."""
    return "\n".join(_document(account)) + "\n"


def _document(account: Account) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="kernel run" {_numbers(account.lines, bool(account.error))} time="{account.seconds:.3f}">'
    if account.error:
        yield '<testsuite name="kernel run" tests="1" failures="0" errors="1" skipped="0">'
        yield f'<testcase classname="kernel" name="run"><error message="{clean(account.error)}"/></testcase>'
        yield "</testsuite>"
    for family, lines in account.by_family().items():
        seconds = sum(line.seconds for line in lines)
        yield f'<testsuite name="{clean(family)}" {_numbers(lines)} time="{seconds:.3f}">'
        for line in lines:
            yield _case(line)
        yield "</testsuite>"
    yield "</testsuites>"


def _numbers(lines: Sequence[Line], never_began: bool = False) -> str:
    ends = Counter(line.end for line in lines)
    skipped = sum(ends[end] for end in _SKIPPED)
    tests, errors = len(lines) + never_began, ends[UNKNOWN] + never_began
    return f'tests="{tests}" failures="{ends[FAILED]}" errors="{errors}" skipped="{skipped}"'


def _case(line: Line) -> str:
    head = f'<testcase classname="{clean(line.family)}" name="{clean(line.label)}" time="{line.seconds:.3f}"'
    if line.end == FAILED:
        return f"{head}>{_told('failure', line)}</testcase>"
    if line.end == UNKNOWN:
        return f"{head}>{_told('error', line)}</testcase>"
    if line.end in _SKIPPED:
        return f'{head}><skipped message="{clean(line.said or line.end)}"/></testcase>'
    return f"{head}/>"


def _told(tag: str, line: Line) -> str:
    """What was raised as the message, all there is as the text."""
    last = (line.said.strip().splitlines() or [line.end])[-1]
    return f'<{tag} message="{clean(last)}">{clean(line.said)}</{tag}>'
