"""The first page: how many tasks are how far, and who works. It stands where Luigi's visualiser stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import falcon

from luigi.interfaces import Question
from luigi.scheduler import Scheduler
from luigi.server.guard.identity import Role
from luigi.server.office import Office
from luigi.server.pages import tables
from luigi.server.pages.html import Content, Html, element
from luigi.server.pages.layout import page, root
from luigi.server.pages.problem_page import shown
from luigi.server.routes import Route

PLACE: Final = "static/visualiser/index.html"
"""Where bookmarks of Luigi's users lead."""

SHOWN: Final = 100
"""Workers and families on the page at most."""


def routes(office: Office) -> list[Route]:
    """The first page, and what leads there."""
    overview = Overview(office)
    return [
        Route("GET", "/", Role.ANYONE, lead_there, summary="To the first page"),
        Route("HEAD", "/", Role.ANYONE, alive, summary="Whether the server lives, as Luigi's is asked"),
        Route("GET", f"/{PLACE}", Role.VIEWER, shown(overview.show), summary="The first page"),
    ]


def lead_there(request: falcon.Request, response: falcon.Response) -> None:
    """A relative redirect, which is right behind any proxy."""
    response.status = falcon.HTTP_302
    response.set_header("Location", PLACE)


def alive(request: falcon.Request, response: falcon.Response) -> None:
    """Luigi's health check."""
    response.status = falcon.HTTP_204


class Overview:
    """What is on the page."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def show(self, request: falcon.Request) -> Html:
        """How things stand now."""
        scheduler, now = self._office.standing.scheduler, self._office.clock.now()
        return page(
            request,
            "Overview",
            _paused(scheduler),
            _counts(scheduler),
            _families(scheduler),
            _workers(scheduler, now),
            _elsewhere(root(request)),
        )


def _paused(scheduler: Scheduler) -> Html | None:
    words = "Paused: nothing is handed out until an operator lets it go on."
    return element("p", words, class_="notice") if scheduler.view(Question("paused")) else None


def _counts(scheduler: Scheduler) -> Html:
    counts: dict[str, int] = scheduler.view(Question("counts"))
    if not counts:
        return element("p", "No task is known yet.", class_="faint")
    cards = [
        element("li", element("strong", number), tables.status(status)) for status, number in sorted(counts.items())
    ]
    return element("ul", cards, class_="cards")


def _families(scheduler: Scheduler) -> Html | None:
    families: dict[str, dict[str, int]] = scheduler.view(Question("families"))
    named = sorted([one for one in families.items() if one[0]], key=lambda one: -sum(one[1].values()))
    statuses = sorted({status for _, counts in named for status in counts})
    rows = [(family, *(counts.get(status) or None for status in statuses)) for family, counts in named]
    return _first("Families", ("Family", *statuses), rows, "") if rows else None


def _workers(scheduler: Scheduler, now: float) -> Html:
    rows = [
        (
            one["worker_id"] + ("" if one["enabled"] else " (takes nothing new)"),
            len(one["running"]),
            one["pending"],
            max(0, round(now - one["active"])),
        )
        for one in scheduler.view(Question("workers", options={"include_running": False}))
    ]
    return _first("Workers", ("Worker", "Running", "Pending", "Heard of, seconds ago"), rows, "No worker is known.")


def _first(caption: str, heads: Sequence[str], rows: Sequence[Sequence[Content]], empty: str) -> Html:
    """The first rows, as many as are shown."""
    if len(rows) > SHOWN:
        caption = f"{caption}: {SHOWN} of {len(rows)}"
    return tables.table(caption, heads, rows[:SHOWN], empty)


def _elsewhere(way: str) -> Html:
    links = (("API", "api/v1/openapi.json"), ("Metrics", "metrics"), ("Ready?", "readyz"))
    return element("p", [[element("a", words, href=way + path), " "] for words, path in links], class_="faint")
