"""What a page says of one run of the history."""

from __future__ import annotations

from typing import Final

from luigi.history_reading import PastRun
from luigi.server.pages import tables
from luigi.server.pages.html import Content, Html, element
from luigi.server.pages.times import moment

ROOTS: Final = 100
"""Of the tasks that it was asked for."""


def facts(way: str, run: PastRun) -> Html:
    """All there is to say of a run but its attempts. `way` leads to the server's first page."""
    return tables.facts(
        (
            ("Status", tables.status(run.status or ("" if run.ended else "RUNNING"))),
            ("Began", moment(run.began)),
            ("Ended", moment(run.ended)),
            ("Took", tables.took(run.began, run.ended)),
            ("User", run.user),
            ("Host", run.host),
            ("Command", element("code", run.command) if run.command else None),
            ("Version", tables.code(run.code_version)),
            ("Worker", tables.code(run.worker)),
            ("Asked for", _roots(way, run)),
            ("Attempts", ", ".join(f"{count} {status}" for status, count in run.attempts.items())),
        )
    )


def _roots(way: str, run: PastRun) -> list[Content]:
    shown: list[Content] = [
        element("div", tables.link(way, "history/by_task_id", tables.code(one), one)) for one in run.roots[:ROOTS]
    ]
    more = len(run.roots) - ROOTS
    return [*shown, element("div", f"and {more} more")] if more > 0 else shown
