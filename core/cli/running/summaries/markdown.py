"""A summary as Markdown, for a merge request or a CI job's page: families in a table, and what went wrong below."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from luigi.cli.running.account import ENDS, FAILED, UNKNOWN, Account

MOST_TOLD = 20
"""Tasks that went wrong of which all is told; of the others how many."""


def text(account: Account) -> str:
    """The document."""
    return "\n".join(_document(account)) + "\n"


def _document(account: Account) -> Iterator[str]:
    went_well = account.status.startswith("SUCCESS") and not account.exit_code
    yield f"## {'✅' if went_well else '❌'} {account.status or 'the run did not begin'}"
    yield ""
    counts = ", ".join(f"{count:,} {end}" for end, count in account.counts().items())
    noun = "task" if len(account.lines) == 1 else "tasks"
    yield f"{len(account.lines):,} {noun} in {account.seconds:.1f} s{': ' if counts else ''}{counts}."
    if account.error:
        yield from ("", *_fenced(account.error))
    if account.lines:
        yield from _table(account)
    wrong = [line for line in account.lines if line.end in (FAILED, UNKNOWN)]
    for line in wrong[:MOST_TOLD]:
        yield from ("", f"### {line.end}: {_code(line.label)}", "", *_fenced(line.said))
    if wrong[MOST_TOLD:]:
        yield from ("", f"And {len(wrong) - MOST_TOLD:,} more went wrong.")


def _table(account: Account) -> Iterator[str]:
    ends = [end for end in ENDS if end in account.counts()]
    yield ""
    yield f"| family | {' | '.join(ends)} | seconds |"
    yield f"|---|{'---:|' * (len(ends) + 1)}"
    for family, lines in account.by_family().items():
        counts = Counter(line.end for line in lines)
        seconds = sum(line.seconds for line in lines)
        yield f"| {_code(family)} | {' | '.join(str(counts[end] or '') for end in ends)} | {seconds:.1f} |"


def _code(text: str) -> str:
    """`text` as code that ends where it ends, also within a table."""
    flat = " ".join(text.split()).replace("|", "\\|")
    ticks = "`" * (_longest_run(flat) + 1)
    return f"{ticks}{' ' if '`' in flat else ''}{flat}{' ' if '`' in flat else ''}{ticks}"


def _fenced(text: str) -> Sequence[str]:
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}text", *text.rstrip().splitlines(), fence


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
